"""What kind of file somebody brings: its encoding and its hash, or why it is no CSV."""

import codecs
import hashlib
from dataclasses import dataclass
from pathlib import Path

from subscribers.errors import FileRefused

# Enough to know a file by, and little enough to look at twice.
_SAMPLE = 65_536
_PIECE = 1 << 20
# Ten million people and more; what is larger is no list of people, or can be split.
LARGEST = 2 << 30
LONGEST_LINE = 16 << 20
_WORKBOOKS = (b"PK\x03\x04", b"\x1f\x8b", b"%PDF", b"\xd0\xcf\x11\xe0")
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x1a"))


@dataclass(frozen=True, slots=True)
class Surveyed:
    """A file that may be a CSV: how to decode it, its bytes, and the SHA-256 of them."""

    encoding: str
    size: int
    sha256: str


def survey(path: Path) -> Surveyed:
    """Read a file once from end to end.

    UTF-8 with or without a mark and UTF-16 are known; everything else is taken for Latin-1 as
    Windows writes it. One wrong byte, or a last letter cut in half, makes no other file of one in
    UTF-8: what cannot be read is U+FFFD. Raises FileRefused for what is not there, empty, binary or a workbook, of more
    than 2 GB, or with a line of more than 16 MB, which would all have to be held in memory.
    """
    try:
        if path.is_dir():
            raise FileRefused(f"{path}: is a folder", "name the CSV file in it")
        with path.open("rb") as file:
            start = file.read(_SAMPLE)
            wide = _wide(start, path)
            digest = hashlib.sha256(start)
            utf8 = _Utf8(start)
            size = line = len(start)
            while piece := file.read(_PIECE):
                digest.update(piece)
                utf8.take(piece)
                size += len(piece)
                line = 0 if b"\n" in piece or b"\r" in piece else line + len(piece)
                _within(path, size, line)
    except FileNotFoundError:
        raise FileRefused(f"{path}: there is no such file", "check the spelling") from None
    except OSError as error:
        raise FileRefused(f"{path}: cannot be read ({error.strerror})") from None
    is_utf8 = start.startswith(codecs.BOM_UTF8) or utf8.is_well_formed()
    encoding = wide or ("utf-8-sig" if is_utf8 or _mostly_utf8(path) else "cp1252")
    return Surveyed(encoding, size, digest.hexdigest())


def _mostly_utf8(path: Path) -> bool:
    """Say whether more letters beyond ASCII are well-formed UTF-8 than not; Latin-1's hardly are."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    broken = whole = 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            text = decoder.decode(piece)
            lost = text.count("\ufffd")
            broken += lost
            whole += len(text) - len(text.encode("ascii", "ignore")) - lost
    return whole > broken


def _within(path: Path, size: int, line: int) -> None:
    if size > LARGEST:
        raise FileRefused(
            f"{path}: is larger than {LARGEST >> 30} GB", "split it: each part needs the head line"
        )
    if line > LONGEST_LINE:
        raise FileRefused(
            f"{path}: has a line of more than {LONGEST_LINE >> 20} MB", "export it again as CSV"
        )


def _wide(start: bytes, path: Path) -> str:
    """Return the UTF-16 in which a file is written, or ""; raises FileRefused for no text."""
    if not start.strip():
        raise FileRefused(f"{path}: is empty", "export it again")
    if start.startswith(_WORKBOOKS):
        raise FileRefused(f"{path}: is an archive or a workbook", "save it as CSV")
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    pairs = len(start) // 2
    zeros = start[0::2].count(0), start[1::2].count(0)
    # Without a mark: letters of the West have a zero for their other byte.
    if pairs and max(zeros) > pairs * 0.6 and min(zeros) < pairs * 0.1:
        return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
    controls = len(start) - len(start.translate(None, _CONTROLS))
    if controls > 2 + len(start) * 0.03:
        raise FileRefused(f"{path}: is a binary file", "save it as CSV in UTF-8")
    return ""


class _Utf8:
    """Whether pieces make well-formed UTF-8 together."""

    def __init__(self, start: bytes) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._fine = True
        self.take(start)

    def take(self, piece: bytes, *, final: bool = False) -> None:
        if self._fine:
            try:
                self._decoder.decode(piece, final)
            except UnicodeDecodeError:
                self._fine = False

    def is_well_formed(self) -> bool:
        self.take(b"", final=True)
        return self._fine
