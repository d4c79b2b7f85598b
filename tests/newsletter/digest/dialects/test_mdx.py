"""A post in MDX becomes plain Markdown: modules go, expressions are read, components are known."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.digest.containers import closing
from newsletter.digest.dialects.dialect import Lifted
from newsletter.digest.embeds import embed
from newsletter.digest.phrases import spoken
from newsletter.digest.reader import read_post
from tests.limits import HALF, SOON, soon
from tests.newsletter.digest.dialects.lifting import lift, opening, told, write_site

HEAD = "---\ntitle: Harbour news\nissue: 7\n---\n"
SITE = {
    "docusaurus.config.js": "module.exports = {url: 'https://port.example', baseUrl: '/'};\n",
    "blog/_tides.mdx": "---\ntitle: Tides\n---\nHigh at *six*.\n\n- low at noon\n",
}
ONLINE = "[See it online](<https://port.example/blog/a>)"


def run(folder: Path, text: str) -> Lifted:
    """Lift a body as the post of a Docusaurus site."""
    write_site(folder, SITE | {"blog/a.mdx": HEAD + text})
    return lift(folder / "blog/a.mdx")


def lines(lifted: Lifted) -> list[str]:
    """Return the lines that hold anything."""
    return [line for line in lifted.text.split("\n") if line.strip()]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("import A from './a';\nimport {b,\n  c} from 'b'\nimport 'd.css'\n\nWords", ["Words"]),
        ("export const x = {\n  a: 1,\n};\nexport default ({children}) => <b>{children}</b>;\n\nWords", ["Words"]),
        ("import duties rose again.", ["import duties rose again."]),
        ("Words\nimport A from 'a'", ["Words", "import A from 'a'"]),
        ("```js\nimport A from 'a'\n\n{x}\n```", ["```js", "import A from 'a'", "{x}", "```"]),
        ("{/* note */}One{/* two\nlines */} two", ["One two"]),
        ("{'It\\'s'}{\" \"}{`a {b}`} {42} {frontMatter.issue}", ["It's a \\{b\\} 42 7"]),
        ("export const port = 'Esbjerg'\n\nFrom {port}.", ["From Esbjerg."]),
        ("## Quay {#quay}", ["## Quay {#quay}"]),
        ("A \\{brace\\} and \\<tag>", ["A \\{brace\\} and \\<tag>"]),
        ("Vec<String> and a < b, <T>, 1 <2", ["Vec\\<String> and a < b, \\<T>, 1 <2"]),
        ("<https://a.example> <!-- gone -->", ["<https://a.example> <!-- gone -->"]),
    ],
)  # fmt: skip
def test_modules_go_and_plain_expressions_show(
    tmp_path: Path, written: str, shown: list[str]
) -> None:
    lifted = run(tmp_path, written)

    assert lines(lifted) == shown
    assert lifted.findings == ()


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (
            '<Tabs>\n  <TabItem value="a" label="Mac OS">\n    - one\n      - two\n  </TabItem>\n</Tabs>',
            ["**Mac OS**", "- one", "  - two"],
        ),
        (
            '<Tabs><TabItem label="A">One *two*</TabItem><TabItem label="B">Three</TabItem></Tabs>',
            ["**A**", "One *two*", "**B**", "Three"],
        ),
        (
            "<details>\n  <summary>More <b>tide</b></summary>\n\n  Water.\n</details>",
            [opening("details", "More tide"), "Water.", closing()],
        ),
        ("<details><summary>More</summary>Water.</details>", [opening("details", "More"), "Water.", closing()]),
        (
            '<Admonition type="danger" title="Gale">\n  Stay in.\n</Admonition>',
            [opening("danger", "Gale"), "Stay in.", closing()],
        ),
        ("<Aside>Beside</Aside>", [opening("note"), "Beside", closing()]),
        ("See <Link to='/tides'>the *tides*</Link>.", ["See [the *tides*](/tides)."]),
        ("<Link to='/tides'>\n  <img src='a.png' />\n</Link>", ['<img src="a.png">', "[/tides](/tides)"]),
        ("import hero from './h b.png'\n\n<img src={hero} alt='H' style={{width: 3}} />", ['<img src="./h b.png" alt="H">']),
        ("<Image\n  src={require('./a.png').default}\n  alt='A'\n/>", ["![A](./a.png)"]),
        ("<ThemedImage alt='A' sources={{light: useBaseUrl('/l.png'), dark: '/d.png'}} />", ["![A](/l.png)"]),
        ("<Figure src='a.png' caption='A quay' />", [opening("figure", "A quay"), "![](a.png)", closing()]),
        ("<YouTube id='dQw4w9WgXcQ' title='A film' />", [spoken(embed("https://youtu.be/dQw4w9WgXcQ", "A film").markdown)]),
        ("<CodeBlock language='js'>\n{`let a = {b};`}\n</CodeBlock>", ["```js", "let a = {b};", "```"]),
        ("<div className='x'>\n  **bold** words\n</div>", ["**bold** words"]),
        ("<p>one</p><p>two</p>", ["one", "two"]),
        ("<table><tr><td><div>a</div></td></tr></table>", ["<table><tr><td><div>a</div></td></tr></table>"]),
        ("<>\nin a fragment\n</>", ["in a fragment"]),
        ("<Highlight color='red'>red</Highlight> <kbd>x</kbd><br/>", ["red <kbd>x</kbd><br>"]),
        ("<a\n  href={'https://a.example'}\n  onClick={() => go({a: 1})}>a</a>", ['<a href="https://a.example">a</a>']),
        ("import T from './_tides.mdx'\n\n<T />", ["High at *six*.", "- low at noon"]),
        (":::note[A *title*]\nx\n:::", [opening("note", "A *title*"), "x", closing()]),
        (":::tip Old title\n\n::::danger\nx\n::::\n:::", [opening("tip", "Old title"), opening("danger"), "x", closing(), closing()]),
        ("- item\n\n  :::info\n  x\n  :::", ["- item", f"  {opening('info')}", "  x", f"  {closing()}"]),
    ],
)  # fmt: skip
def test_components_and_boxes_become_markdown(
    tmp_path: Path, written: str, shown: list[str]
) -> None:
    lifted = run(tmp_path, written)

    assert lines(lifted) == shown
    assert lifted.findings == ()


@pytest.mark.parametrize(
    ("written", "shown", "named"),
    [
        ("<Odd />", [ONLINE], "Odd"),
        ("A <Odd /> b", ["A  b"], "Odd"),
        ("<Odd title='Low water'>\n  Inner *words*\n</Odd>", ["**Low water**", "Inner *words*"], "Odd"),
        ("<Odd title='Read' href='https://a.example' />", ["[Read](https://a.example)"], "Odd"),
        ("{tides.map(t => <b>{t}</b>)}", [ONLINE], "{tides.map(t => <b>{t}</b>)}"),
        ("At {tide()} o'clock", ["At  o'clock"], "{tide()}"),
        ("<img src={tide.png} alt='A' />", ['<img alt="A">'], "src={tide.png}"),
        (":::odd\nx\n:::", ["x"], ":::odd"),
        ("<SignupForm />\n\nx", ["x"], "SignupForm"),
        ("import S from '../../../secret.md'\n\n<S />", [ONLINE], "S"),
    ],
)  # fmt: skip
def test_what_is_not_known_is_named_and_its_words_stay(
    tmp_path: Path, written: str, shown: list[str], named: str
) -> None:
    write_site(tmp_path.parent, {"secret.md": "keep out"})
    lifted = run(tmp_path, written)

    assert lines(lifted) == shown
    assert [name for name, _ in told(lifted)] == [named]


def test_lines_keep_their_numbers(tmp_path: Path) -> None:
    text = "import {\n  a,\n} from 'a';\n\n<Tabs><TabItem label='x'>One</TabItem></Tabs>\n\n<Odd\n  a='1'\n/>\n\n## Last\n\nx\n"
    write_site(tmp_path, SITE | {"blog/a.mdx": HEAD + text})

    digest = read_post(tmp_path / "blog/a.mdx")

    assert [(one.code, one.line) for one in digest.findings] == [("shortcode", 11)]
    assert [story.line for story in digest.stories] == [15]


def test_indented_words_between_tags_are_no_code(tmp_path: Path) -> None:
    write_site(tmp_path, {"a.mdx": HEAD + "<Odd>\n\n        Deep *words*\n\n</Odd>\n"})

    digest = read_post(tmp_path / "a.mdx")

    assert [one.type for one in digest.intro] == ["paragraph_open", "inline", "paragraph_close"]


@pytest.mark.parametrize(
    "hostile",
    [
        "{" * 100_000,
        "{a " * 60_000,
        "{'" * 60_000,
        "{`" * 60_000,
        "<A " * 60_000,
        "<A b={" * 30_000,
        "<A b='" * 30_000,
        "<A>" * 60_000,
        "<A>\n" * 40_000 + "</A>",
        "<A" + " b" * 100_000 + ">",
        "<A" + " " * 200_000 + "x",
        "<p>" * 60_000,
        "<details>" * 20_000 + "<summary>" * 5_000,
        "</A>" * 50_000,
        "import {\n\n" * 20_000,
        "import a from 'a'\n" * 12_000,
        "export const a = [\n\n" * 10_000,
        "import " + " " * 200_000 + "x",
        ":::a\n" * 40_000,
        "::::::a[" * 20_000,
        ":::a" + "[" * 100_000,
        "<CodeBlock>{`" * 15_000,
        "<Link to='a'>" * 15_000,
    ],
    ids=lambda text: text[:12].strip() or "blank",
)
def test_no_post_takes_long_to_lift(tmp_path: Path, hostile: str) -> None:
    """Rule T12: nothing hangs for more than two seconds."""
    write_site(tmp_path, SITE | {"blog/a.mdx": (HEAD + hostile)[:HALF]})

    with soon(SOON / 2):
        lift(tmp_path / "blog/a.mdx")


PIECES = st.sampled_from(
    [
        *("import a from './a.png'\n", "export const b = 'c'\n", "\n", "\n\n", "  ", "> ", "- "),
        *(
            "<Tabs>",
            "</Tabs>",
            "<TabItem label='x'>",
            "<Odd ",
            "/>",
            ">",
            "a={",
            "}",
            "{",
            "'",
            "`",
        ),
        *(
            ":::note\n",
            ":::\n",
            "::::tip[x]\n",
            "<>",
            "</>",
            "<p>",
            "</p>",
            "<br/>",
            "{a}",
            "{'b'}",
        ),
        *(
            "```\n",
            "<!-- ",
            "-->",
            "\\",
            "words ",
            "## H {#h}\n",
            "<img src={a} />",
            "<a href='x'>",
        ),
    ]
)


@settings(max_examples=80, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
@soon()
def test_nothing_breaks_the_lifting(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """Rule T12: the reader is fuzzed."""
    lifted = run(tmp_path_factory.mktemp("m"), f"{text}\n\nlast words\n")

    assert not {"\ue018", "\ue019"} & set(lifted.text)
    assert len(lifted.lines or lifted.text.split("\n")) == lifted.text.count("\n") + 1
