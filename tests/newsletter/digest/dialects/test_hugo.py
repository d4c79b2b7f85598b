"""Hugo's shortcodes become Markdown, and never show in an email; what is unknown is named."""

from pathlib import Path

import pytest

from newsletter.digest.author_text import CONTAINER_CLOSING, CONTAINER_OPENING, CONTAINER_TITLE
from newsletter.digest.dialects.dialect import Lifted
from newsletter.digest.dialects.hugo.shortcodes import lift_shortcodes
from newsletter.digest.inline_words import plain
from newsletter.digest.model import Digest
from newsletter.digest.phrases import spoken
from tests.newsletter.digest.dialects.lifting import in_english, page
from tests.newsletter.digest.writing import HEAD, read

MARKS = str.maketrans({CONTAINER_OPENING: "[[", CONTAINER_TITLE: "|", CONTAINER_CLOSING: "]]"})


def _words(digest: Digest) -> list[str]:
    return [spoken(plain(token)) for token in digest.intro if token.type == "inline"]


def _lifted(body: str, folder: Path) -> Lifted:
    return in_english(lift_shortcodes(body, page(folder, body)))


def _shown(body: str, folder: Path) -> str:
    """Return what a body becomes, with marks to see, empty lines at one and ends of lines cut."""
    lines: list[str] = []
    for line in _lifted(body, folder).text.translate(MARKS).split("\n"):
        if line.strip() or (lines and lines[-1]):
            lines.append(line.rstrip())
    return "\n".join(lines).strip("\n")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('One {{< zz "x >}}" >}} two.', ["One two."]),
        ("{{% zz %}}\nInner *text*.\n{{% /zz %}}", ["Inner text."]),
        ("{{< zz\n  src=`a >}} b`\n>}}\n\nText.", ["See it online", "Text."]),
        ("{{< zz />}}Text.", ["Text."]),
        ("{{< a >}}One {{< b >}}two{{< /b >}} three.{{< /a >}}", ["One two three."]),
        ("{{< /zz >}}Text.", ["Text."]),
        ("Two braces {{< are not closed", ["Two braces {{< are not closed"]),
        ("Show `{{< zz >}}` in code.", ["Show {{< zz >}} in code."]),
        ("Show `{{</* zz */>}}` in code.", ["Show {{< zz >}} in code."]),
        ("Show {{</* zz a=“b” */>}} in words.", ["Show {{< zz a=“b” >}} in words."]),
        ('{{< zz title="A *title*" >}}', ["A *title*"]),
    ],
)
def test_an_unknown_shortcode_goes_and_its_words_stay(
    tmp_path: Path, body: str, words: list[str]
) -> None:
    assert _words(read(tmp_path, HEAD + body + "\n")) == words


def test_each_kind_of_shortcode_is_named_once_with_its_first_line(tmp_path: Path) -> None:
    digest = read(
        tmp_path, HEAD + "{{< a >}}\n\nText {{< b\nx=1 >}} and {{< a >}}.\n\n## {{% c %}}Story\n"
    )

    found = [(one.code, one.line, one.message.split("”")[0]) for one in digest.findings]
    assert found == [
        ("shortcode", 4, "The shortcode “a"),
        ("shortcode", 6, "The shortcode “b"),
        ("shortcode", 9, "The shortcode “c"),
    ]
    assert "2 times: lines 4, 7" in digest.findings[0].message
    assert digest.stories[0].title_text == "Story"
    assert digest.stories[0].line == 9


def test_shortcodes_in_a_block_of_code_are_shown_as_written(tmp_path: Path) -> None:
    digest = read(
        tmp_path, HEAD + "```\n{{< a >}}\n{{</* b */>}}\n```\n\n~~~~\n```\n{{% c %}}\n~~~~\n"
    )

    assert [token.content for token in digest.intro] == [
        "{{< a >}}\n{{< b >}}\n",
        "```\n{{% c %}}\n",
    ]
    assert digest.findings == ()


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ('{{< figure src="a b.png" >}}', "![](a%20b.png)"),
        (
            '{{< figure src="a.png" alt="A [b]" width="300" >}}',
            '![A &#91;b\\]](a.png){width="300"}',
        ),
        (
            '{{< figure src="a.png" title="T" caption="*c* [d](/e)" attr="Ada" attrlink="/a" >}}',
            "[[figure|**T** *c* [d](/e) [Ada](/a)\n![](a.png)\n]]",
        ),
        ('{{< figure src="a.png" link="/x" >}}', "[![](a.png)](/x)"),
        ("{{< img a.png Words >}}", "![Words](a.png)"),
        (
            '{{< imgproc a.png Resize "300x" >}}Below{{< /imgproc >}}',
            "[[figure|Below\n![Resize](a.png)\n]]",
        ),
        ('A {{< figure src="a.png" caption="c" >}} b', "A ![](a.png) c b"),
        (
            '{{< gallery >}}\n{{< figure src="a.png" >}}\n{{< figure src="b.png" >}}\n{{< /gallery >}}',
            "![](a.png)\n\n![](b.png)",
        ),
    ],
)
def test_figures_are_pictures_with_their_captions(tmp_path: Path, body: str, shown: str) -> None:
    assert _shown(body, tmp_path) == shown


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("{{< alert >}}A{{< /alert >}}", "[[note|Note\nA\n]]"),
        ("{{% notice tip %}}\nA\n\nB\n{{% /notice %}}", "[[tip|Tip\nA\n\nB\n]]"),
        ('{{% notice warning "Mind" %}}\nA\n{{% /notice %}}', "[[warning|Warning: Mind\nA\n]]"),
        (
            '{{% alert title="Mind" color="danger" %}}A{{% /alert %}}',
            "[[caution|Caution: Mind\nA\n]]",
        ),
        ('{{< alert "circle-info" >}}A{{< /alert >}}', "[[note|Info\nA\n]]"),
        ("{{< hint danger >}}\nA\n{{< /hint >}}", "[[caution|Danger\nA\n]]"),
        ('{{< callout context="tip" title="T" >}}A{{< /callout >}}', "[[tip|Tip: T\nA\n]]"),
        ("{{< warning >}}A{{< /warning >}}", "[[warning|Warning\nA\n]]"),
        ('{{< note title="N" >}}A{{< /note >}}', "[[note|Note: N\nA\n]]"),
        ('{{< alert text="A *b*" >}}', "[[note|Note\nA *b*\n]]"),
        ('{{< notice note "Two words" >}}', "[[note|Note\nTwo words\n]]"),
        ("- a\n\n  {{< alert >}}\n  b\n  {{< /alert >}}\n", "- a\n\n  [[note|Note\n  b\n  ]]"),
        ("- {{< alert >}}b{{< /alert >}}", "- [[note|Note\n  b\n  ]]"),
        ("> {{< alert >}}b{{< /alert >}}", "> [[note|Note\n> b\n> ]]\n>"),
        ("| a {{< alert >}}b{{< /alert >}} |", "| a **Note:** b |"),
        ("Words {{< alert >}}\nb\n{{< /alert >}} more", "Words\n[[note|Note\nb\n]]\n\n more"),
        ('{{% details "S" %}}A{{% /details %}}', "[[details|S\nA\n]]"),
        ('{{< expand title="S" >}}\nA\n{{< /expand >}}', "[[details|S\nA\n]]"),
        (
            '{{< quote author="Ada" >}}\nA\n\nB\n{{< /quote >}}\nC',
            ">\n> A\n>\n> B\n>\n— Ada\n\nC",
        ),
        ("{{< columns >}}\nA\n<--->\nB\n{{< /columns >}}", "A\n\nB"),
        (
            '{{< card title="T" link="/x" >}}A{{< /card >}}',
            "**[T](/x)**\n\nA",
        ),
    ],
)
def test_boxes_folds_and_quotes_are_blocks_around_their_words(
    tmp_path: Path, body: str, shown: str
) -> None:
    assert _shown(body, tmp_path) == shown


def test_tabs_stand_one_below_the_other_under_their_names(tmp_path: Path) -> None:
    body = (
        '{{< tabs >}}\n    {{< tab "One" >}}\n    A\n\n        code\n    {{< /tab >}}\n'
        '    {{< tab header="Two" lang="sh" >}}\n    ls\n      a\n    {{< /tab >}}\n{{< /tabs >}}'
    )

    assert _shown(body, tmp_path) == "**One**\n\nA\n\n    code\n\n**Two**\n\n```sh\nls\n  a\n```"


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("{{< highlight go >}}\na `b\n\n  c\n{{< /highlight >}}", "```go\na `b\n\n  c\n```"),
        ('{{< highlight go "linenos=table" >}}a{{< /highlight >}}', "```go\na\n```"),
        ("{{< highlight md >}}\n```\na\n```\n{{< /highlight >}}", "````md\n```\na\n```\n````"),
        ("A {{< highlight sh >}}ls -l{{< /highlight >}} b", "A `ls -l` b"),
        ("{{< mermaid >}}\na --> b\n{{< /mermaid >}}", "```mermaid\na --> b\n```"),
    ],
)
def test_code_between_tags_is_a_block_of_code(tmp_path: Path, body: str, shown: str) -> None:
    assert _shown(body, tmp_path) == shown


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (
            "{{< youtube abc_-1 >}}",
            "[Watch the video: youtube.com](<https://www.youtube.com/watch?v=abc_-1>)",
        ),
        (
            '{{< youtube id="a" title="T" >}}',
            "[Watch the video: T](<https://www.youtube.com/watch?v=a>)",
        ),
        ("{{< vimeo 12 >}}", "[Watch the video: vimeo.com](<https://vimeo.com/12>)"),
        (
            '{{< tweet user="A" id="1" >}}',
            "[Read the post: @A (x.com)](<https://x.com/A/status/1>)",
        ),
        ("{{< x 1 >}}", "[Read the post](<https://x.com/i/status/1>)"),
        ("{{< instagram a >}}", "[See it online: instagram.com](<https://www.instagram.com/p/a/>)"),
        (
            "{{< gist a 1 b.go >}}",
            "[See it online: gist.github.com](<https://gist.github.com/a/1>)",
        ),
        ('{{< video src="/a b.mp4" >}}', "[Watch the video: a b.mp4](</a%20b.mp4>)"),
        ('{{< audio src="javascript:x" >}}', "*See it online*"),
        ("{{< youtube >}}", "*See it online*"),
    ],
)
def test_what_other_sites_host_is_a_link(tmp_path: Path, body: str, shown: str) -> None:
    assert _shown(body, tmp_path) == shown


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ('A {{< button href="/x" >}}{{< icon a >}} Go{{< /button >}}.', "A [Go](/x)."),
        ('{{< button relref="/x" text="Go" />}}', "[Go](/x)"),
        ("A {{< badge new >}} {{< feature-label name=b >}}", "A **new** **b**"),
        (
            "{{< kbd Ctrl C >}} {{< mark >}}a{{< /mark >}}{{< br >}}b",
            "`Ctrl + C` <mark>a</mark><br>b",
        ),
        ("A {{< icon x >}}b", "A b"),
        ('{{< qr text="https://a.example/" />}}', "[https://a.example/](https://a.example/)"),
        ("{{< lead >}}\nA *b*\n{{< /lead >}}", "A *b*"),
        ("{{% comment %}}\nA\n{{% /comment %}}\nB", "\nB".strip()),
        ("{{< raw >}}<b>a</b>\n<i>b</i>{{< /raw >}}", "<b>a</b>\n<i>b</i>"),
    ],
)
def test_words_in_tags_are_words(tmp_path: Path, body: str, shown: str) -> None:
    assert _shown(body, tmp_path) == shown


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("Text\n{.lead}\n\nMore", "Text\n\nMore"),
        ("> A\n> {.b #c}\n", "> A"),
        ('| a |\n|---|\n| b |\n{class="x" .y}', "| a |\n|---|\n| b |"),
        ("Text\n{not attributes}", "Text\n{not attributes}"),
        ("```\nText\n{.lead}\n```", "```\nText\n{.lead}\n```"),
        ("{{< math >}}\nx^2\n{{< /math >}}", "```math\nx^2\n```"),
        ("A {{< katex >}}x^2{{< /katex >}} b {{< katex >}}", "A $`x^2`$ b"),
    ],
)
def test_attributes_of_blocks_go_and_formulas_stay(tmp_path: Path, body: str, shown: str) -> None:
    assert _shown(body, tmp_path) == shown


def test_what_belongs_to_the_site_goes_with_a_word_about_it(tmp_path: Path) -> None:
    lifted = _lifted("{{< toc >}}\n\nA {{< toc >}}\n", tmp_path)

    assert lifted.text.split() == ["A"]
    assert [(one.code, one.line) for one in lifted.findings] == [("site-only", 1)]


@pytest.mark.parametrize(
    ("path", "shown"),
    [("who", "Ada"), ("deep.er", "2"), ("sub.title", "S"), ("nothing", "*See it online*")],
)
def test_a_parameter_is_looked_up_in_the_front_matter(
    tmp_path: Path, path: str, shown: str
) -> None:
    head = "---\ntitle: T\nWho: Ada\ndeep: {er: 2}\nparams: {sub: {title: S}}\n---\n"
    body = f"{{{{< param {path} >}}}}"

    lifted = lift_shortcodes(body, page(tmp_path, head + body))
    assert in_english(lifted).text.strip() == shown


def test_every_line_knows_where_it_comes_from(tmp_path: Path) -> None:
    body = (
        "one\n{{< alert >}}three{{< /alert >}}\n{{< figure\n  src=a.png >}}\n\nsix\n"
        "{{< highlight go >}}\neight\n\nten\n{{< /highlight >}}\ntwelve\n"
    )
    places = {"one": 1, "three": 2, "![](a.png)": 3, "six": 6, "eight": 8, "ten": 10, "twelve": 12}

    lifted = _lifted(body, tmp_path)

    lines = lifted.text.split("\n")
    assert len(lines) == len(lifted.lines)
    assert {line: lifted.lines[at] for at, line in enumerate(lines) if line in places} == places


def test_a_gallery_shows_the_pictures_that_its_pattern_names(tmp_path: Path) -> None:
    for name in ("i/b.png", "i/a.JPG", "i/c.txt", "d.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"png")
    head = "---\ntitle: T\nresources:\n- src: i/b*\n  title: Bees\n---\n"
    body = '{{< gallery match="i/*" sortOrder="desc" >}}'

    lifted = lift_shortcodes(body, page(tmp_path, head + body))

    assert lifted.text.split("\n\n")[:2] == ["![Bees](i/b.png)", "![](i/a.JPG)\n"]


def test_a_gallery_of_pictures_that_are_not_there_is_named(tmp_path: Path) -> None:
    lifted = _lifted('{{< gallery match="x/*" >}}', tmp_path)

    assert lifted.text.strip() == "*See it online*"
    assert [(one.code, one.line) for one in lifted.findings] == [("picture-missing", 1)]
    assert "x/*" in lifted.findings[0].message


@pytest.mark.parametrize(
    ("head", "files", "body", "cover"),
    [
        ("resources:\n- name: hero\n  src: a.png", [], "", "a.png"),
        ("resources:\n- name: Cover image\n  src: '*.png'", ["b.png", "a.jpg"], "", "b.png"),
        ("resources:\n- src: '**.{png,jpg}'\n  title: 'No :counter'", ["b.png"], "", None),
        ("image: x.png\nresources:\n- name: hero\n  src: a.png", ["cover.png"], "", "x.png"),
        ("", ["featured-image.jpg"], "", "featured-image.jpg"),
        ("", ["cover.png", "features.png", "cover.txt"], "", "cover.png"),
        ("", ["cover.png"], "![x](cover.png)", None),
    ],
)
def test_a_bundles_cover_is_told_by_its_resources_or_its_name(
    tmp_path: Path, head: str, files: list[str], body: str, cover: str | None
) -> None:
    for name in files:
        (tmp_path / name).write_bytes(b"png")
    head = f"---\ntitle: T\nlastmod: 2026-11-05\n{head}\n---\n"

    digest = read(tmp_path, f"{head}{body}\n")

    assert (digest.cover.src if digest.cover else None) == cover
