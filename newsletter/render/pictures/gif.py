"""The blocks of a GIF, so that one can be kept frame for frame without what was said in it."""

COMMENT, CONTROL, APPLICATION = 0xFE, 0xF9, 0xFF
# The only applications' blocks that are about how it plays.
LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


def without_words(data: bytes) -> bytes:
    """Return a GIF89a without comments, metadata and whatever stands behind its end.

    Every frame stays byte for byte. Raises ValueError for bytes that are no whole GIF.
    """
    if data[:3] != b"GIF" or len(data) < 13:
        raise ValueError("no GIF")
    at = 13 + _colours(data[10])
    kept = [data[:at]]
    while True:
        start, mark = at, _byte(data, at)
        if mark == 0x3B:
            return b"".join([*kept, b";"])
        if mark == 0x2C:
            # The frame's place (9 bytes), its own colours, one byte for LZW, its data.
            at += 10
            at = _end_of_data(data, at + _colours(_byte(data, at - 1)) + 1)
            kept.append(data[start:at])
        elif mark == 0x21:
            label = _byte(data, at + 1)
            at = _end_of_data(data, at + 2)
            if label == CONTROL or (label == APPLICATION and data[start + 3 : start + 14] in LOOPS):
                kept.append(data[start:at])
        else:
            raise ValueError("a GIF with an unknown block")


def _colours(flags: int) -> int:
    """Return how many bytes of colours follow a descriptor with these flags."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _end_of_data(data: bytes, at: int) -> int:
    while size := _byte(data, at):
        at += size + 1
    return at + 1


def _byte(data: bytes, at: int) -> int:
    if at >= len(data):
        raise ValueError("a GIF that ends too early")
    return data[at]
