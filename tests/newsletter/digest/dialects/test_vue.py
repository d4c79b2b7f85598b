"""A post for VuePress or VitePress becomes plain Markdown, and lives where they put it."""

from pathlib import Path

import pytest

from newsletter.digest.containers import closing
from newsletter.digest.dialects.dialect import Lifted
from newsletter.digest.dialects.recognition import recognise
from newsletter.digest.reader import read_post
from tests.limits import HALF, SOON, soon
from tests.newsletter.digest.dialects.lifting import lift, opening, told, write_site

HEAD = "---\ntitle: Lamps\nseason: {name: winter}\n---\n"
SITE = {
    ".vitepress/config.mts": "export default defineConfig({sitemap: {hostname: 'https://lamp.example'}})\n",
    "code/lamp.py": "# #region on\nlight = True\n# #endregion on\nlight = False\n",
    "posts/part.md": "A *part*.\n",
}
ONLINE = "[See it online](<https://lamp.example/posts/a.html>)"


def run(folder: Path, text: str) -> Lifted:
    """Lift a body as the post of a VitePress site."""
    write_site(folder, SITE | {"posts/a.md": HEAD + text})
    return lift(folder / "posts/a.md")


def lines(lifted: Lifted) -> list[str]:
    """Return the lines that hold anything."""
    return [line for line in lifted.text.split("\n") if line.strip()]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("::: tip\nx\n:::", [opening("tip"), "x", closing()]),
        ("::: danger STOP *now*\nx\n:::", [opening("danger", "STOP *now*"), "x", closing()]),
        ("::: details More {open}\nx\n:::", [opening("details", "More"), "x", closing()]),
        (":::: info\n::: warning\nx\n:::\n::::", [opening("info"), opening("warning"), "x", closing(), closing()]),
        ("::: v-pre\n`{{ x }}`\n:::", ["`{{ x }}`"]),
        ("::: code-group\n```js [a.js]\nx\n```\n:::", ["```js [a.js]", "x", "```"]),
        ("::: code-group-item npm\nx\n:::", ["**npm**", "x"]),
        ("::: tabs\n\n@tab Linux\nx\n:::", ["**Linux**", "x"]),
        ("# {{ $frontmatter.title }} <Badge type='tip' text='new' />", ["# Lamps **new**"]),
        ("{{ $page.frontmatter.season.name }} {{ $page.title }} {{ 'x' }}", ["winter Lamps x"]),
        ("<script setup>\nimport img from './a.png'\nconst a = {b: 1}\n</script>\n\n<img :src='img' alt='A' @click='go'>", ['<img src="./a.png" alt="A">']),
        ("<style scoped>\na > b {c: d}\n</style>\nx", ["x"]),
        ("In {braces} and `{{ code }}`", ["In {braces} and `{{ code }}`"]),
        ("<<< @/code/lamp.py{2 py}[Lamp]", ["```py [Lamp]", "# #region on", "light = True", "# #endregion on", "light = False", "```"]),
        ("<<< ../code/lamp.py#on", ["```py", "light = True", "```"]),
        ("<!--@include: ./part.md-->", ["A *part*."]),
        ("[[toc]](a) x", ["[[toc]](a) x"]),
    ],
)  # fmt: skip
def test_what_vue_adds_becomes_markdown(tmp_path: Path, written: str, shown: list[str]) -> None:
    lifted = run(tmp_path, written)

    assert lines(lifted) == shown
    assert lifted.findings == ()


@pytest.mark.parametrize(
    ("written", "shown", "named"),
    [
        ("{{ 1 + 1 }}", [ONLINE], "{{ 1 + 1 }}"),
        ("At {{ now() }} sharp", ["At  sharp"], "{{ now() }}"),
        ("<Odd :a='b' />", [ONLINE], "Odd"),
        ("[[toc]]\n\nx", ["x"], "[[toc]]"),
        ("<<< @/../../secret.txt", [ONLINE], "<<< @/../../secret.txt"),
        ("<<< ./nothing.js#a", [ONLINE], "<<< ./nothing.js"),
        ("::: odd A title\nx\n:::", ["**A title**", "x"], ":::odd"),
    ],
)
def test_what_is_not_known_is_named(
    tmp_path: Path, written: str, shown: list[str], named: str
) -> None:
    lifted = run(tmp_path, written)

    assert lines(lifted) == shown
    assert [name for name, _ in told(lifted)] == [named]


@pytest.mark.parametrize(
    ("config", "name", "more", "url"),
    [
        (".vitepress/config.ts", "a.md", "", "https://lamp.example/x/a.html"),
        (".vitepress/config/index.js", "a/index.md", "", "https://lamp.example/x/a/"),
        (".vuepress/config.js", "a/README.md", "", "https://lamp.example/x/a/"),
        (".vuepress/config.js", "a b.md", "", "https://lamp.example/x/a%20b.html"),
        (".vuepress/config.js", "a.md", "permalink: /2026/b/", "https://lamp.example/x/2026/b/"),
        (".vitepress/config.ts#cleanUrls: true", "a.md", "", "https://lamp.example/x/a"),
        (".vitepress/config.ts#srcDir: 'src'", "src/a.md", "", "https://lamp.example/x/a.html"),
    ],
)
def test_a_post_lives_where_its_source_lies(
    tmp_path: Path, config: str, name: str, more: str, url: str
) -> None:
    file, _, setting = config.partition("#")
    source = (
        f"export default {{base: '/x/', sitemap: {{hostname: 'https://lamp.example'}}, {setting}}}"
    )
    write_site(tmp_path, {file: source, name: f"---\ntitle: A\n{more}\n---\nx"})

    assert read_post(tmp_path / name).url == url


def test_links_and_pictures_lead_where_the_build_leads_them(tmp_path: Path) -> None:
    body = "[a](./b.md#x) [b](./b) [c](/posts/b.html) [d](/x.pdf) ![p](/p.png) ![q](q.png)\n"
    write_site(
        tmp_path,
        SITE
        | {"posts/a.md": HEAD + body, "posts/b.md": HEAD, "public/p.png": "p", "posts/q.png": "q"},
    )

    digest = read_post(tmp_path / "posts/a.md")

    base = "https://lamp.example/"
    links = [one.attrs["href"] for one in digest.intro[1].children or () if one.type == "link_open"]
    assert links == [
        f"{base}posts/b.html#x",
        f"{base}posts/b.html",
        f"{base}posts/b.html",
        f"{base}x.pdf",
    ]
    assert [(one.url, one.path is not None) for one in digest.images.values()] == [
        (f"{base}p.png", True),
        (None, True),
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("::: tip\nx\n:::\n", "vuepress"),
        (":::tip\nx\n:::\n", "plain"),
        ("::: {.tip}\nx\n:::\n", "plain"),
        ("The `::: tip` box\n", "plain"),
    ],
)
def test_a_box_with_a_blank_tells_the_dialect(tmp_path: Path, text: str, name: str) -> None:
    assert recognise(tmp_path / "a.md", text).dialect.name == name


@pytest.mark.parametrize(
    "hostile",
    ["{{ a " * 40_000, "{{ $page.a }}" * 15_000, "<<< @/a\n" * 25_000, "<script>\n" * 20_000, "::: tabs\n" + "@tab " * 40_000, "[[toc]]\n" * 25_000, "::: a [" * 20_000],
    ids=lambda text: text[:8].strip(),
)  # fmt: skip
def test_no_post_takes_long_to_lift(tmp_path: Path, hostile: str) -> None:
    """Rule T12: nothing hangs for more than two seconds."""
    write_site(tmp_path, SITE | {"posts/a.md": (HEAD + hostile)[:HALF]})

    with soon(SOON / 2):
        lift(tmp_path / "posts/a.md")
