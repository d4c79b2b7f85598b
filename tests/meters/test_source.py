"""The meters' own reading of a post: what counts as a word, a link, a picture, code, machinery."""

from pathlib import Path

import pytest

from tests.meters.source import Source, read_source


def source(folder: Path, body: str, generator: str = "plain", head: str = "") -> Source:
    path = folder / "post.md"
    path.write_text(f"{head}\n{body}\n", encoding="utf-8")
    return read_source(path, generator)


def flow(read: Source) -> str:
    return " ".join(word.text for word in read.flow)


@pytest.mark.parametrize(
    ("generator", "body", "words"),
    [
        (
            "plain",
            "**Bold**ly _said_, `code.x()` and 2\\. that's it",
            "boldly said code x and 2 that s it",
        ),
        ("plain", "1. one\n2. two\n\n- [x] three", "one two three"),
        ("plain", "| a | b |\n|--|:-:|\n| c | d |", "a b c d"),
        ("plain", "a &amp; b&nbsp;c <br>d <!-- no\nno --> e<script>no()</script>", "a b c d e"),
        ("plain", "ends here.[^1] Next.\n\n[^1]: Aside.", "ends here next"),
        ("plain", "日本 and more", "日 本 and more"),
        ("plain", "pray :pray: at 12:30:45", "pray at 12 30 45"),
        ("hugo", "a {{< box x=1 >}}b{{< /box >}} {{% c %}} d", "a b d"),
        (
            "jekyll",
            "a {% include b.md %}{{ page.x }} d {% comment %}no{% endcomment %}\n{: .k}",
            "a d",
        ),
        ("jekyll", "{% assign x = 'y' %}{{ x }} z", "y z"),
        ("eleventy", "[a]({{ '/b/' | url }}) c", "a c"),
        ("quarto", "::: {.callout-note}\na [b]{.underline} ![](c.png){width=3}\n:::", "a b"),
        ("quarto", "```{=html}\n<p class='no'>a</p>\n```", "a"),
        ("mdx", 'import X from "y";\n\n<X no={{a: "b"}}>a</X> {/* no */}', "a"),
        ("mdx", "A \\<B\\> c", "a b c"),
        ("vuepress", "::: tip Said\na\n:::\n[[toc]]", "said a"),
        ("zola", "a {{ no(id=1) }} {% q() %}b{% end %}", "a b"),
    ],
)
def test_the_words_are_those_a_reader_sees(
    tmp_path: Path, generator: str, body: str, words: str
) -> None:
    assert flow(source(tmp_path, body, generator)) == words


def test_every_way_to_write_a_link_is_one(tmp_path: Path) -> None:
    read = source(
        tmp_path,
        "[a](https://a.example/x_(y) 'T') [b][ref] [ref] <https://c.example> https://d.example/.\n"
        '<a href="https://e.example?a=1&amp;b=2">e</a> [f]( https://f.example)\n'
        "`https://no.example` \\[no](no) <iframe src='https://g.example'></iframe> [no]\n\n"
        "[ref]: https://b.example\n[unused]: https://no.example/unused\n",
    )
    assert [link.url for link in read.links] == [
        "https://a.example/x_(y)",
        "https://f.example",
        "no",
        "https://c.example",
        "https://e.example?a=1&b=2",
        "https://g.example",
        "https://b.example",
        "https://b.example",
        "https://d.example/",
    ]


def test_pictures_have_their_words_and_their_lines(tmp_path: Path) -> None:
    read = source(
        tmp_path,
        'a\n\n![One *grey* gull](a.png) [![Two](b.png "T")](c)\n<img src="d.png" alt="Three">',
        head="---\ntitle: T\nimage: cover.png\n---",
    )
    assert [(one.src, one.words, one.line) for one in read.pictures] == [
        ("a.png", "One *grey* gull", 7),
        ("b.png", "Two", 7),
        ("d.png", "Three", 8),
        ("cover.png", "", 1),
    ]


def test_code_keeps_its_lines_and_loses_its_fence(tmp_path: Path) -> None:
    read = source(
        tmp_path,
        "- a\n\n  ```py\n  if x:\n      y = '{{ z }}'\n  ```\n\n> ~~~\n> [no](link)\n> ~~~",
    )
    assert [(code.text, code.line) for code in read.codes] == [
        ("if x:\n    y = '{{ z }}'", 4),
        ("[no](link)", 9),
    ]
    assert read.links == []
    assert flow(read) == "a if x y z no link"


def test_the_title_stands_once_before_the_words(tmp_path: Path) -> None:
    head = "---\ntitle: The Same\n---"
    assert flow(source(tmp_path, "# The Same\n\na", head=head)) == "the same a"
    assert flow(source(tmp_path, "# Another\n\na", head=head)) == "the same another a"
    assert flow(source(tmp_path, "# Only This\n\na")) == "only this a"


def test_words_of_front_matter_may_be_shown_and_notes_stand_aside(tmp_path: Path) -> None:
    read = source(
        tmp_path,
        "a[^n]\n\n[^n]: Note *words*.\n    More.\n\nb",
        head="+++\ntitle = 'T'\nauthors = ['Ines']\n[extra]\nteam = 'Quay'\n+++",
    )
    assert [word.text for word in read.aside] == ["note", "words", "more"]
    assert flow(read) == "t a b"
    assert read.head_words >= {"t", "ines", "quay"}
