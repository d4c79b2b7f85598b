"""Quoted-printable (RFC 2045 §6.7) that can be cut into pieces and joined again.

Every piece begins in column 0 and an open one ends there too, after a soft break: pieces that
were encoded apart may follow each other in any number and order. No line begins with `.` or
`From `, so nothing needs dot-stuffing (RFC 5321 §4.5.2) and no mailbox format alters a line.
"""

import re

WIDTH = 76
SOFT = b"=\r\n"
_UNSAFE = re.compile(rb"[^ -<>-~\t]")
# A value of these needs no encoding in any place, and leaves room for the soft break behind it.
PLAIN = re.compile(r"[A-Za-z0-9_-]{1,75}")
# An open piece of these is itself on one line, as most names are.
_EASY = re.compile(r"(?!\.|From )[ -<>-~]{1,75}")


def encode(text: str, *, is_open: bool = False) -> bytes:
    """Encode text to lines of at most 76 bytes; every kind of line end becomes CRLF.

    An open piece ends with a soft break unless it ends with a line's end or is empty. A lone
    surrogate becomes `?`.
    """
    if is_open and _EASY.fullmatch(text):
        return text.encode("ascii") + SOFT
    lines = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").split(b"\n")
    last = lines.pop()
    encoded = [b"".join((_line(line), b"\r\n")) for line in lines]
    if last:
        encoded.append(_line(last, is_open=is_open))
    return b"".join(encoded)


def _line(line: bytes, *, is_open: bool = False) -> bytes:
    rest = _UNSAFE.sub(lambda match: b"=%02X" % match[0][0], line)
    if not is_open and rest.endswith((b" ", b"\t")):
        rest = b"%b=%02X" % (rest[:-1], rest[-1])
    width = WIDTH - 1 if is_open else WIDTH
    lines = []
    rest = _guarded(rest)
    while len(rest) > width:
        cut = WIDTH - 1
        # An escape such as =C3 stays whole.
        escape = rest.find(b"=", cut - 2, cut)
        if escape >= 0:
            cut = escape
        lines.append(rest[:cut] + SOFT)
        rest = _guarded(rest[cut:])
    lines.append(rest + SOFT if is_open else rest)
    return b"".join(lines)


def _guarded(line: bytes) -> bytes:
    if line.startswith(b"."):
        return b"=2E" + line[1:]
    if line.startswith(b"From "):
        return b"=46" + line[1:]
    return line
