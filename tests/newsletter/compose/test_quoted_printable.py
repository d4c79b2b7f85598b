"""RFC 2045 §6.7, in pieces."""

from hypothesis import given
from hypothesis import strategies as st

from newsletter.compose.quoted_printable import encode
from tests.newsletter import mime_reader
from tests.newsletter.compose.mails import canonical, lines


@given(st.lists(lines.map(lambda text: text.replace("\ue000", "")), max_size=4))
def test_pieces_encoded_apart_follow_each_other(pieces: list[str]) -> None:
    joined = b"".join(encode(piece, is_open=True) for piece in pieces)
    # A lone CR behind one piece and an LF before the next are two ends of lines.
    wanted = "".join(map(canonical, pieces))
    assert canonical(mime_reader.quoted_printable(joined.decode("ascii"))) == wanted


def test_a_lone_surrogate_is_no_reason_to_stop() -> None:
    assert encode("a\ud800b") == b"a?b"
