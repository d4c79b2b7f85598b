"""Raw HTML in a post becomes what Markdown would have made of the same words."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it.token import Token

from newsletter.digest.markdown import parse
from newsletter.digest.phrases import spoken
from newsletter.digest.raw_html.scanner import Tag, scan
from tests.limits import soon
from tests.newsletter.digest.writing import HEAD, codes, read


def shape(source: str) -> str:
    """Return the tokens of a source as nested names with their words: `p(a strong(b))`."""
    return tidied(spoken(_nested(parse(source)[0])))


def tidied(written: str) -> str:
    return re.sub(r"\s*([()])\s*", r"\1", " ".join(written.split()))


def _nested(tokens: list[Token]) -> str:
    written = ""
    for token in tokens:
        if token.type == "inline":
            written += _nested(token.children or [])
        elif token.nesting > 0:
            name = token.info if token.type == "container_open" else token.tag
            kind = token.type.removeprefix("container_").removesuffix("_open")
            name = kind if kind in ("title", "caption") else name
            href = f"[{token.attrs['href']}]" if "href" in token.attrs else ""
            written += f" {name}{href}("
        elif token.nesting < 0:
            written += ")"
        elif token.type == "image":
            written += f" img[{token.attrs['src']}|{token.content}]"
        elif token.type in ("softbreak", "hardbreak"):
            written += " / "
        elif token.type in ("fence", "code_block", "code_inline"):
            written += f" code[{token.info}]({token.content})"
        else:
            written += token.content or f" {token.tag}"
    return written.strip()


@pytest.mark.parametrize(
    ("html", "same"),
    [
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("<div>a\n<div>b</div>c</div>", "a\n\nb\n\nc"),
        ("<ul><li>a<li>b<ul><li>c</ul></ul>", "- a\n- b\n  - c"),
        ("<ol start=3><li><p>a</p></li><li><p>b</p></li></ol>", "3. a\n\n4. b"),
        ("<dl><dt>a</dt><dd>b</dd><dt>c<dd>d</dl>", "a\n: b\n\nc\n: d"),
        ("<blockquote>a<p>b</blockquote>", "> a\n>\n> b"),
        ("<h3>a <em>b</em></h3>", "### a *b*"),
        ("<p>a <b>b</b> <i>c</i> <strike>d</strike></p>", "a **b** *c* ~~d~~"),
        ("<p>a<br>b</p>", "a  \nb"),
        ("<p>a<br><br/>b</p>", "a\n\nb"),
        ("<hr>", "---"),
        ("<p><a href='https://x.example/?a&amp;b'>a</a></p>", "[a](https://x.example/?a&b)"),
        ("<p><a href=u><img src=a.png alt=A></a></p>", "[![A](a.png)](u)"),
        ("<center><img src='a.png' alt='A'></center>", "![A](a.png)"),
        ("<picture><source srcset=a.webp><img src=a.png alt=A></picture>", "![A](a.png)"),
        ("<img src=data:x data-src=a.png alt=A>", "![A](a.png)"),
        ("<pre><code class='language-js'>a &lt; b\n\n  c</code></pre>", "```js\na < b\n\n  c\n```"),
        ("<table><tr><th>a<th>b<tr><td>c<td>d</table>", "|a|b|\n|-|-|\n|c|d|"),
        ("<table><thead><tr><th>a</thead><tbody><tr><td>b</table>", "|a|\n|-|\n|b|"),
        ("a <b>b</b> c", "a **b** c"),
        ("a <!-- b --> c", "a  c"),
        ("a\n\n<!-- b\n\nc -->\n\nd", "a\n\nd"),
        ("- <p>a</p>\n- b", "- a\n\n- b"),
        ("<div>\n\n*a*\n\n## b\n\n</div>", "*a*\n\n## b"),
        ("<section>\n<p>a</p>\n\n**b**\n\n</section>\nc", "a\n\n**b**\n\nc"),
        ("<span>a</span> <font color=red>b</font>", "a b"),
        ("<p>a &copy; &amp;lt;</p>", "a © \\&lt;"),
    ],
)
def test_html_is_read_as_the_markdown_that_says_the_same(html: str, same: str) -> None:
    assert shape(html) == shape(same)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<details><summary>a <b>b</b></summary>c</details>", "details( title(a strong(b)) p(c))"),
        (
            "<details>\n<summary>a</summary>\n\n- b\n\n</details>\nc",
            "details( title(a) ul( li( p(b)))) p(c)",
        ),
        ("<details>a</details>", "details( title(Details) p(a))"),
        ("<aside>a</aside>", "aside( p(a))"),
        (
            "<figure><img src=a><img src=b><figcaption>c</figcaption></figure>",
            "figure( p( img[a|] img[b|]) caption(c))",
        ),
        (
            "<figure>\n\n![A](a)\n\n<figcaption>\n\nb [c](d)\n\n</figcaption>\n</figure>",
            "figure( p( img[a|A]) caption(b  a[d](c)))",
        ),
        (
            "<table><caption>a</caption><tr><td>b</table>",
            "figure( table( tbody( tr( td(b)))) caption(a))",
        ),
        ("<table><tr><td>a<ul><li>b</ul></table>", "table( tbody( tr( td( p(a) ul( li( p(b)))))))"),
        ("<table><tr><td><p>a</p><p>b</p></table>", "table( tbody( tr( td(a / b))))"),
        ("<h1 align=center>\n\na\n\n</h1>\n\nb", "h1(a) p(b)"),
        (
            "H<sub>2</sub>O <kbd>a</kbd> <mark>b</mark> <abbr title=t>c</abbr>",
            "p(H sub(2)O  kbd(a)  mark(b)  abbr(c)(t))",
        ),
        ("<a href=u>\n\n![A](a)\n\n</a>\n\nb", "p( a[u]( img[a|A])) p(b)"),
    ],
)
def test_html_that_markdown_has_no_words_for_keeps_its_meaning(html: str, expected: str) -> None:
    assert shape(html) == tidied(expected)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<b>a <i>b</b> c</i>", "p( strong(a  em(b)) em( c))"),
        ("*a <b>b* c</b>", "p( em(a  strong(b)) c)"),
        ("<div>a\n\n> b</div>\n\nc", "p(a) blockquote( p(b)) p(c)"),
        ("> <div>a\n\nb</div>", "blockquote( p(a)) p(b)"),
        ("</div></p></ul>a", "p(a)"),
        ("<li>a</li>", "p(a)"),
        ("<td>a</td>", "p(a)"),
        ("<summary>a</summary>", "p(a)"),
        ("<b>a\n\nb", "p( strong(a)) p(b)"),
        ("<a href=u>a <a href=v>b</a>", "p( a[u](a ) a[v](b))"),
        ("[a <a href=v>b</a>](u)", "p( a[u](a b))"),
        ("<a href=u>https://x.example</a>", "p( a[u](https://x.example))"),
        ("## a <div>b</div> <p>c", "h2(a  / b  / c)"),
        ("<p>a <pre>b</pre> c", "p(a) code[](b\n) p(c)"),
        ("a <p>b", "p(a) p(b)"),
        ("<x-y>a</x-y> <a name=b></a>c", "p(a c)"),
    ],
)
def test_html_that_is_not_in_order_is_put_in_order(html: str, expected: str) -> None:
    assert shape(html) == tidied(expected)


@pytest.mark.parametrize(
    ("html", "expected", "code"),
    [
        (
            '<iframe src="https://www.youtube.com/embed/abcdefghijk" title="A *b*"></iframe>',
            "p( a[https://www.youtube.com/watch?v=abcdefghijk]("
            " img[https://img.youtube.com/vi/abcdefghijk/hqdefault.jpg|] / Watch the video: A *b*))",
            "embed",
        ),
        (
            "<iframe src=https://maps.example/x></iframe>",
            "p( a[https://maps.example/x](See it online: maps.example))",
            "embed",
        ),
        ("<iframe srcdoc='<b>a</b>'></iframe>", "p( a[#](See it online))", "embed"),
        (
            "<video poster=p.jpg controls><source src=a.mp4>Your browser is old.</video>",
            "p( a[a.mp4]( img[p.jpg|] / Watch the video: a.mp4))",
            "embed",
        ),
        (
            "<audio src='https://x.example/a.mp3' title=T></audio>",
            "p( a[https://x.example/a.mp3](Listen: T))",
            "embed",
        ),
        ("<object data=a.pdf></object>", "p( a[a.pdf](Open: a.pdf))", "embed"),
        ("<embed src=a.pdf title=T>", "p( a[a.pdf](T))", "embed"),
        (
            "<script src=https://gist.github.com/u/1a.js></script>",
            "p( a[https://gist.github.com/u/1a](See it online: gist.github.com))",
            "embed",
        ),
        ("<script>document.write(1)\n\nx</script>", "p( a[#](See it online))", "script"),
        ("a <script>b()</script> c", "p(a  c)", "script"),
    ],
)
def test_what_runs_in_no_mail_is_a_link_with_words_and_is_named(
    html: str, expected: str, code: str
) -> None:
    tokens, env = parse(html)
    assert tidied(spoken(_nested(tokens))) == tidied(expected)
    assert [one.code for one in env["left_out"]] == [code]


@pytest.mark.parametrize(
    "html",
    [
        "<style>a{}</style>",
        "<blockquote>a</blockquote>\n<script async src=//platform.twitter.com/widgets.js></script>",
        '<script type="application/ld+json">{}</script>',
        "<svg width=16><path/></svg>a",
        "<template>a</template>",
        "<input type=checkbox checked> a",
    ],
)
def test_what_nobody_misses_goes_without_a_word(html: str) -> None:
    tokens, env = parse(html)
    assert env["left_out"] == []
    assert "{" not in _nested(tokens)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<svg><title>A ring</title><text>Hi</text></svg>", "p(A ring Hi)"),
        ("<map><area href='https://a.example' alt='The north'></map>", "p(a[https://a.example](The north))"),
        ("<map><area href='https://a.example/x'></map>", "p(a[https://a.example/x](a.example))"),
    ],
)  # fmt: skip
def test_words_in_drawings_and_places_on_maps_are_kept(html: str, expected: str) -> None:
    assert shape(html) == expected


def test_what_was_left_out_is_told_with_its_lines(tmp_path: Path) -> None:
    frame = "<iframe src=https://maps.example/x></iframe>"
    digest = read(tmp_path, f"{HEAD}a\n\n{frame}\n\n<p>\nb\n{frame}")
    (finding,) = [one for one in digest.findings if one.code == "embed"]
    assert finding.line == 6
    assert "(2 times: lines 6, 10)" in finding.message


def test_a_story_may_have_a_heading_in_html_and_its_picture_too(tmp_path: Path) -> None:
    digest = read(tmp_path, HEAD + "<h2 id=x>A</h2>\n<p align=center>\n<img src=a.png>\n</p>\n")
    (story,) = digest.stories
    assert (story.title_text, story.anchor, story.line) == ("A", "x", 4)
    assert story.image is not None


def test_a_note_may_hold_its_link_in_html(tmp_path: Path) -> None:
    digest = read(tmp_path, HEAD + "## A\n\na[^1]\n\n[^1]: <a href='https://x.example'>X</a>\n")
    (source,) = digest.stories[0].sources
    assert (source.label, source.url) == ("X", "https://x.example")


def test_links_in_preformatted_text_are_kept_below_it() -> None:
    assert shape("<pre>a <a href=u>b</a></pre>") == tidied("code[](a b) p(a[u](b))")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "<A HREF=x Title='a \"b\"' checked a=1 A=2>",
            {"href": "x", "title": 'a "b"', "checked": "", "a": "1"},
        ),
        ("<a b = 'c>d' e/>", {"b": "c>d", "e": ""}),
        ("<a b=&quot;>", {"b": '"'}),
    ],
)
def test_attributes_are_read_as_browsers_read_them(source: str, expected: dict[str, str]) -> None:
    (tag,) = scan(source)
    assert isinstance(tag, Tag)
    assert tag.attributes == expected


PIECES = st.sampled_from(
    [
        *("<div>", "</div>", "<p>", "</p>", "<ul>", "<li>", "</ul>", "<table>", "<tr>", "<td>"),
        *("</table>", "<b>", "</b>", "<i>", "</i>", "<a href=u>", "</a>", "<pre>", "</pre>"),
        *("<details>", "<summary>", "</details>", "<figure>", "<figcaption>", "</figure>"),
        *("<script>", "</script>", "<svg>", "</svg>", "<!--", "-->", "<", ">", "'", '"', "&lt;"),
        *("<iframe src=x>", "</iframe>", "<img src=x>", "<br>", "<h2>", "</h2>", "<input>"),
        *("a", "*", "**", "`", "[", "](u)", "\n", "\n\n", "- ", "> ", "    ", "## ", "|a|\n|-|\n"),
        *("[^1]", "\n[^1]: ", "^[", "]", "~~", "<video>", "<th>", "<dl>", "<dt>", "<dd>"),
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=30))
@soon()
def test_whatever_is_written_no_raw_html_is_left_and_all_is_closed_in_order(
    pieces: list[str],
) -> None:
    tokens, _ = parse("".join(pieces))
    _assert_balanced(tokens)
    for token in tokens:
        _assert_balanced(token.children or [])


def _assert_balanced(tokens: list[Token]) -> None:
    opened: list[str] = []
    for token in tokens:
        assert token.type not in ("html_block", "html_inline")
        if token.nesting > 0:
            opened.append(token.type.removesuffix("_open"))
        elif token.nesting < 0:
            assert opened.pop() == token.type.removesuffix("_close")
    assert not opened


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "<a ",
            "<!",
            "<?",
            "<!--",
            "<a '",
            '<a b="',
            "<div>",
            "<b>",
            "<b><i>",
            "</b>",
            "<ul><li>",
        ),
        *("<table><tr><td>", "<details>\n\n", "<script>\n\n", "<iframe src=x>", "<a href=u>a"),
        *("<pre>", "&amp;", "<br><br>", "<dl><dt>a<dd>b", "<figure>", "<svg><svg>", "<td>"),
    ],
)
def test_no_raw_html_takes_more_than_two_seconds(piece: str) -> None:
    run = "<div>\n" + piece * (28_000 // len(piece))
    with soon():
        parse(f"{run}\n\n" * 2)


def test_codes_of_everything_left_out_are_findings(tmp_path: Path) -> None:
    html = "<embed src=a.pdf>\n\n<script>a()</script>\n"
    found = codes(read(tmp_path, HEAD + html))
    assert found[:2] == ["embed", "script"]
