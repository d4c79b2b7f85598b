"""What a dialect hands back knows its place in the file."""

from newsletter.digest.dialects.dialect import Lifted


def test_a_line_is_its_own_where_a_dialect_adds_none() -> None:
    assert Lifted("a\nb\n").line(2) == 2


def test_lines_that_an_include_brought_count_as_the_line_of_its_tag() -> None:
    lifted = Lifted("a\nb\nb\nc", lines=(1, 2, 2, 3))

    assert [lifted.line(number) for number in (0, 1, 2, 3, 4, 9)] == [1, 1, 2, 2, 3, 3]
