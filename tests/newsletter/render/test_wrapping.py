"""Lines of plain text."""

from hypothesis import given
from hypothesis import strategies as st

from newsletter.render.wrapping import width, wrap


def test_wide_letters_take_two_columns_and_accents_none() -> None:
    assert width("abc") == 3
    assert width("漢字") == 4
    assert width("e\u0301") == 1
    assert width("🎉") == 2


def test_lines_hang_below_the_first_word() -> None:
    assert wrap("one two three", 9, "10. ") == ["10. one", "    two", "    three"]


def test_a_word_that_is_too_long_stands_alone_and_whole() -> None:
    assert wrap("see https://a.example/very/long now", 12) == [
        "see",
        "https://a.example/very/long",
        "now",
    ]


def test_scripts_without_blanks_break_anywhere_but_around_their_marks() -> None:
    assert wrap("東京の図書館は、公開した。「待つ」", 8) == [
        "東京の図",
        "書館は、",
        "公開し",
        "た。「待",
        "つ」",
    ]
    assert wrap("東京の「待つ」", 8) == ["東京の", "「待つ」"]


def test_a_no_break_space_holds_a_mark_to_its_word() -> None:
    assert wrap("one two\u00a0[12]", 9) == ["one", "two [12]"]


def test_no_line_begins_with_what_looks_like_a_quote_or_a_list() -> None:
    assert wrap("aaa bbb > 0 and c", 8) == ["aaa", "bbb > 0", "and c"]
    assert wrap("aaa bbb - ccc", 8) == ["aaa", "bbb -", "ccc"]


def test_a_newline_is_kept() -> None:
    assert wrap("one\ntwo", 20, "- ") == ["- one", "  two"]


@given(st.text(alphabet="ab é\u6f22\u3002\uff08 \u00a0\u00ad\n>-", max_size=80))
def test_no_word_is_lost_and_no_line_ends_in_a_blank(text: str) -> None:
    lines = wrap(text, 10)

    kept = "".join(lines).replace(" ", "")
    assert kept == "".join(text.replace("\u00ad", "").split())
    assert not any(line.endswith(" ") for line in lines)
