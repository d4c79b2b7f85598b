"""How a token is spelt: numbers as bytes, bytes as letters that a URL may hold."""

import base64
import binascii
from collections.abc import Sequence

from newsletter.errors import LinkInvalid

_LAST = [bytes((low,)) for low in range(0x80)]
_MORE = [bytes((low | 0x80,)) for low in range(0x80)]
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_TO_URL = bytes.maketrans(b"+/", b"-_")


def spelt(data: bytes) -> str:
    """Return bytes in URL-safe base64 without padding (RFC 4648 §5)."""
    return binascii.b2a_base64(data, newline=False).translate(_TO_URL).rstrip(b"=").decode()


def all_spelt(many: Sequence[bytes]) -> list[str]:
    """Return what `spelt` makes of each; of many that are equally long, in one go."""
    lengths = set(map(len, many))
    if len(lengths) != 1:
        return [spelt(one) for one in many]
    (length,) = lengths
    # Filled up to whole groups of three, whose letters are then left out again.
    text = spelt((b"\0" * (-length % 3)).join([*many, b""]))
    step, wanted = -(-length // 3) * 4, -(-length * 4 // 3)
    return [text[at : at + wanted] for at in range(0, len(text), step)]


def unspelt(token: str) -> bytes:
    """Undo `spelt`; raises LinkInvalid for what it never made."""
    try:
        data = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        raise LinkInvalid("the link is not one of ours") from None
    # Base64 ignores the last bits of a group: only the one spelling we wrote is ours.
    if spelt(data) != token:
        raise LinkInvalid("the link is not one of ours")
    return data


def loosely_unspelt(token: str) -> bytes:
    """Undo `spelt`, and look less closely: another spelling of the same bytes is let through."""
    try:
        return binascii.a2b_base64(token.encode("ascii").translate(_URL_SAFE) + b"==")
    except (ValueError, binascii.Error):
        raise LinkInvalid("the link is not one of ours") from None


def varint(number: int) -> bytes:
    """Return a number in groups of seven bits, the lowest first (LEB128)."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def varints(numbers: Sequence[int], *, before: bytes = b"", behind: bytes = b"") -> list[bytes]:
    """Return the varint of each, between bytes that all share; neighbours share more than those."""
    firsts = [before + one for one in _MORE]
    rests = {rest: varint(rest) + behind for rest in {one >> 7 for one in numbers}}
    return [
        firsts[one & 0x7F] + rests[one >> 7] if one > 0x7F else before + _LAST[one] + behind
        for one in numbers
    ]


def read_varints(data: bytes) -> list[int]:
    """Return the numbers of varints behind each other."""
    numbers, number, shift = [], 0, 0
    for byte in data:
        number |= (byte & 0x7F) << shift
        if byte & 0x80:
            shift += 7
        else:
            numbers.append(number)
            number, shift = 0, 0
    return numbers
