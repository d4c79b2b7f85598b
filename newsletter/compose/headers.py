"""Header fields as bytes: what a person typed never adds, breaks or hides a field.

RFC 5322 §2.2 and §3.6, RFC 2047 for words that are not ASCII, RULES H-1…H-6. Not folded by
`email`: its folding hides a long List-Unsubscribe in an encoded word (H-1), and it has had
injections of its own (H-5).
"""

import re
from base64 import b64encode
from collections.abc import Sequence
from functools import lru_cache

import idna

from newsletter.errors import Unmailable
from newsletter.slots import HOLE

WIDTH = 76
MAX_LINE = 998
LONGEST_TOKEN = 128
TOKEN = f"[A-Za-z0-9_-]{{1,{LONGEST_TOKEN}}}+"
_TOKEN = re.compile(TOKEN)
_OF_TOKENS = re.compile("[A-Za-z0-9_-]*")
_NAME = re.compile(r"[!-9;-~]+")
_PRINTABLE = re.compile(r"[ -~]*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}"
_LABEL = r"[A-Za-z0-9]++(?>(?:-++[A-Za-z0-9]++)*)"
_ANY_LOCAL = r"(?:[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]|[^\x00-\x7f]){1,64}"
_ADDRESS = re.compile(rf"({_LOCAL})@([^@\s<>\"]+)")
_BEYOND = re.compile(rf"({_ANY_LOCAL})@([^@\s<>\"]+)")
_DOMAIN = re.compile(rf"(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})*")
# Plain words and an address that are no longer than so many fit the line of any field.
ROOM = WIDTH - len("Reply-To: ")
# An address that needs nothing done, as a pattern that others may be made of.
SIMPLE_ADDRESS = rf"{_LOCAL}@{_LABEL}(?>(?:\.{_LABEL})*)"
_SIMPLE = re.compile(
    rf"(?=.{{1,{ROOM}}}$)[A-Za-z0-9'-]++(?>(?: [A-Za-z0-9'-]++)*) <{SIMPLE_ADDRESS}>"
)
_PHRASED = re.compile(r"\s*\"?([^\"<>]*?)\"?\s*(<[!-;=?-~]*>)\s*")
_Q_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")


def clean(text: str) -> str:
    """Return one line without control characters; runs of white space become one space (H-3)."""
    return " ".join(_CONTROL.sub(" ", text).split())


@lru_cache(maxsize=4096)
def domain(name: str) -> str:
    """Return a domain's A-labels (H-4); raises Unmailable for what is no domain."""
    if not name.isascii():
        try:
            name = idna.encode(name, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            name = ""
    if not _DOMAIN.fullmatch(name):
        raise Unmailable("the address has no proper domain")
    return name


def address(written: str, *, smtputf8: bool = False) -> str:
    """Return an address as it goes on the wire: ASCII, its domain in A-labels.

    Raises Unmailable for anything else, also for a local part beyond ASCII unless `smtputf8` is
    on all the way (H-4), and for more than 254 bytes (RFC 5321 §4.5.3.1).
    """
    found = _ADDRESS.fullmatch(written)
    if found is None and smtputf8 and written.isprintable():
        found = _BEYOND.fullmatch(written)
    if found is None:
        local = written.rpartition("@")[0]
        why = "has letters beyond ASCII before its @" if not local.isascii() else "is none"
        raise Unmailable(f"the address {why}")
    wire = f"{found[1]}@{domain(found[2])}"
    if len(wire.encode()) > 254:
        raise Unmailable("the address is longer than 254 characters")
    return wire


def is_simple(written: str, name: str) -> bool:
    """Return whether an address and its name need nothing done to stand in any field."""
    return _SIMPLE.fullmatch(f"{name} <{written}>") is not None


def mailbox(field: str, written: str, name: str, *, smtputf8: bool = False) -> bytes:
    """Return the line(s) of a field that holds one address and its name, with CRLF."""
    # Most need nothing done, and this is the dearest line of most messages.
    if is_simple(written, name):
        return f"{field}: {name} <{written}>\r\n".encode("ascii")
    wire = address(written, smtputf8=smtputf8)
    name = clean(name)
    if not name:
        return f"{field}: {wire}\r\n".encode()
    phrase = _phrase(field, name)
    last = (
        len(phrase) - phrase.rfind("\r\n") - 2 if "\r\n" in phrase else len(field) + 2 + len(phrase)
    )
    gap = " " if last + len(wire) + 3 <= WIDTH else "\r\n "
    return f"{field}: {phrase}{gap}<{wire}>\r\n".encode()


def text(field: str, value: str) -> bytes:
    """Return the line(s) of an unstructured field such as Subject, with CRLF."""
    value = clean(value)
    room = WIDTH - len(field) - 2
    words = value.split(" ")
    if _PRINTABLE.fullmatch(value) and "=?" not in value and max(map(len, words)) <= room:
        return _folded(field, value)
    return f"{field}: {_encoded(value, room)}\r\n".encode("ascii")


def ready(field: str, value: str) -> bytes:
    """Return the line(s) of a field whose value is written as the standard wants it, with CRLF.

    Folded at spaces only, so that a URL stays whole (H-1). A phrase before `<…>` that is not
    ASCII becomes encoded words (H-2). Raises Unmailable for a name or value that is no field.
    """
    if not _NAME.fullmatch(field):
        raise Unmailable("a header has an impossible name")
    if len(field) + len(value) < WIDTH - 2 and _PRINTABLE.fullmatch(value):
        return f"{field}: {value.strip()}\r\n".encode("ascii")
    if _CONTROL.search(value):
        raise Unmailable(f"the header {field} holds a control character")
    if not value.isascii():
        found = _PHRASED.fullmatch(value)
        if found is None:
            return text(field, value)
        value = f"{_phrase(field, clean(found[1]))} {found[2]}".replace("\r\n", "")
    folded = _folded(field, value.strip())
    if len(folded) > MAX_LINE and max(map(len, folded.split(b"\r\n"))) > MAX_LINE:
        raise Unmailable(f"the header {field} is longer than a line may be")
    return folded


def is_token(value: str) -> bool:
    """Return whether a value may stand in a Message-ID or in the hole of a header."""
    return _TOKEN.fullmatch(value) is not None


def are_tokens(values: Sequence[str]) -> bool:
    """Return whether `is_token` is true of each, by one look at the letters of all."""
    return (
        all(values)
        and max(map(len, values), default=0) <= LONGEST_TOKEN
        and _OF_TOKENS.fullmatch("".join(values)) is not None
    )


def token(value: str) -> bytes:
    """Return what stands in a Message-ID or in the hole of a header; raises Unmailable."""
    if not is_token(value):
        raise Unmailable("the token of a delivery is no part of a header")
    return value.encode("ascii")


def unfolded(field: str, value: str) -> str:
    """Return the value of a field as `ready` writes it, on one line; raises Unmailable.

    A hole in it, which may stand among the letters of a URL, is left for a `token`.
    """
    if not HOLE.search(value):
        return ready(field, value)[len(field) + 1 :].decode("ascii").replace("\r\n", "").strip()
    # Not folded when it is filled either: how long the line becomes is not known before.
    longest = HOLE.sub("x" * LONGEST_TOKEN, value)
    if not _NAME.fullmatch(field) or not _PRINTABLE.fullmatch(longest):
        raise Unmailable(f"the header {field} holds more than plain letters beside its holes")
    if len(field) + len(longest) + 2 > MAX_LINE:
        raise Unmailable(f"the header {field} is longer than a line may be")
    return value


@lru_cache(maxsize=1024)
def _phrase(field: str, name: str) -> str:
    room = WIDTH - len(field) - 2
    if _PRINTABLE.fullmatch(name) and "=?" not in name and len(name) < room - 1:
        if _ATOMS.fullmatch(name):
            return name
        return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return _encoded(name, room)


def _folded(field: str, value: str) -> bytes:
    lines, line = [], f"{field}:"
    for number, word in enumerate(value.split(" ")):
        # Not before the first word: a first line without a value confuses old readers.
        if number and word and len(line) + 1 + len(word) > WIDTH:
            lines.append(line)
            line = ""
        line += f" {word}"
    return "\r\n".join([*lines, line]).encode("ascii") + b"\r\n"


def _encoded(value: str, room: int) -> str:
    """Return the value as encoded words of at most 75 characters, none cutting a character.

    Q or B, whichever is shorter: filters dislike base64 that hides plain letters.
    """
    data = value.encode("utf-8")
    quoted = sum(1 if byte in _Q_PLAIN or byte == 32 else 3 for byte in data)
    write = _q if quoted <= len(data) * 4 // 3 else _b
    words: list[str] = []
    chunk = ""
    limit = room
    for character in value:
        if len(write(chunk + character)) > limit:
            words.append(write(chunk))
            chunk, limit = "", WIDTH - 1
        chunk += character
    words.append(write(chunk))
    return "\r\n ".join(words)


def _q(chunk: str) -> str:
    coded = "".join(
        "_" if byte == 32 else chr(byte) if byte in _Q_PLAIN else f"={byte:02X}"
        for byte in chunk.encode("utf-8")
    )
    return f"=?utf-8?q?{coded}?="


def _b(chunk: str) -> str:
    return f"=?utf-8?b?{b64encode(chunk.encode('utf-8')).decode('ascii')}?="
