"""Values from a tag, written as Markdown, show as they are and cannot break out."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.digest.dialects.written import code, code_span, link, picture, words
from newsletter.digest.inline_words import plain
from newsletter.digest.markdown import parse

HOSTILE = st.lists(
    st.sampled_from([*"ab \\`*_{}[]()<>|~^$!#&\"'.:/=-", "\n", "<b>", "](", "{{", "&amp;"]),
    max_size=20,
).map("".join)
CODE = st.lists(st.sampled_from(["a", "`", "```", "\n", " ", "~"]), max_size=12).map("".join)


@example(text="\\(x^2\\) \\[x^2\\]")
@given(text=HOSTILE)
def test_words_show_as_they_are(text: str) -> None:
    (_, inline, _) = parse(f"x{words(text)}x")[0]

    assert {child.type for child in inline.children or ()} == {"text"}
    typed = plain(inline).translate({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"'})
    typed = typed.replace("…", "...").replace("\u2014", "---").replace("\u2013", "--")
    assert typed == f"x{' '.join(text.split())}x"


@example(src="", text="][^")
@example(src="", text="==")
@given(src=HOSTILE, text=HOSTILE)
def test_a_picture_is_one_whatever_its_values_are(src: str, text: str) -> None:
    (_, inline, _) = parse("x" + picture(f"a{src}", text, text))[0]

    assert [child.type for child in inline.children or ()] == ["text", "image"]


@given(url=HOSTILE)
def test_a_link_is_one_whatever_its_address_is(url: str) -> None:
    (_, inline, _) = parse("x" + link("words", f"/{url}"))[0]

    types = [child.type for child in inline.children or ()]
    assert types == ["text", "link_open", "text", "link_close"]


@pytest.mark.parametrize("url", ["javascript:alert(1)", " JAVASCRIPT:x", "data:text/html,x", ""])
def test_an_address_that_no_mail_may_lead_to_leaves_the_words(url: str) -> None:
    assert link("words", url) == "words"


@given(text=CODE)
def test_code_is_code_whatever_stands_in_it(text: str) -> None:
    (fence,) = parse(code(f"a\n{text}\nb"))[0]
    (_, inline, _) = parse(f"x{code_span(f'a{text}b')}")[0]

    assert fence.content == f"a\n{text}\nb\n"
    assert [child.type for child in inline.children or ()] == ["text", "code_inline"]


@pytest.mark.parametrize(
    ("width", "written"),
    [("300", '{width="300"}'), ("300px", '{width="300"}'), ("50%", '{width="50%"}'), ("x", "")],
)
def test_a_pictures_width_is_kept_where_it_is_one(width: str, written: str) -> None:
    assert picture("a b.png", width=width) == f"![](a%20b.png){written}"
