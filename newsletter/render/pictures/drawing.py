"""An SVG drawn as a PNG, without network or files, in a process that may take only so long.

The library (extra `svg`) reads any file that an `<image>` names, ends its whole process for a
drawing that is too large, and knows no limit for filters: so what leads outside is taken out
first, the size is ours, and it runs in a process of its own (`rasterise.py`).
"""

import re
import subprocess
import sys
import zlib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree

from newsletter.render.pictures.sized import MOST_PIXELS, Remark, Unshowable, huge

MOST_SOURCE = 2_000_000
SECONDS = 5
SVG = "{http://www.w3.org/2000/svg}"
# Nothing of these is needed for a picture that stands still.
_DROPPED = {"script", "foreignObject", "iframe", "audio", "video"}
_INSIDE = re.compile(r"#|data:image/(png|jpeg|gif|webp);base64,", re.IGNORECASE)
_LENGTH = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?|\.[0-9]+)\s*(px|pt|pc|mm|cm|in|em|rem|ex)?\s*")
_PIXELS = {"px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
_PIXELS |= {"em": 16.0, "rem": 16.0, "ex": 8.0}


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawn SVG; `width` is how wide its author wants it, in CSS pixels."""

    png: bytes
    width: int
    remark: Remark | None = None


def is_drawing(data: bytes) -> bool:
    """Return whether the bytes are an SVG, packed (.svgz) or not."""
    head = (
        _unpacked(data)[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
        if data[:2] == b"\x1f\x8b"
        else (data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n"))
    )
    return head.startswith(b"<") and b"<svg" in head.lower()


def drawn(data: bytes, width: int) -> Drawing:
    """Return an SVG as a PNG `width` pixels wide; raises Unshowable (`picture-svg`, `-huge`)."""
    if find_spec("resvg_py") is None:
        raise _refused(
            "mail programs show no SVG",
            "install broadsheet[svg], which draws it, or export it as PNG, twice as wide as shown",
        )
    root = _safe(_unpacked(data))
    wanted = _sized(root, width)
    has_words = root.find(f".//{SVG}text") is not None
    try:
        done = subprocess.run(  # noqa: S603 (our own program, no shell, no argument of an author's)
            [sys.executable, "-I", str(Path(__file__).with_name("rasterise.py"))]
            + (["--fonts"] if has_words else []),
            input=ElementTree.tostring(root),
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _refused(f"it takes longer than {SECONDS} seconds to draw") from None
    if done.returncode or not done.stdout:
        why = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2][:120]
        raise _refused(f"it cannot be drawn ({why or 'the drawing program died'})")
    remark = Remark(
        "picture-drawn",
        "is an SVG and was drawn as a picture, its words in fonts of this machine",
        "look at it, or turn its words into outlines",
    )
    return Drawing(done.stdout, wanted, remark if has_words else None)


def _unpacked(data: bytes) -> bytes:
    if data[:2] != b"\x1f\x8b":
        return data
    try:
        return zlib.decompressobj(wbits=31).decompress(data, MOST_SOURCE + 1)
    except zlib.error:
        return b""


def _safe(data: bytes) -> ElementTree.Element:
    """Return the parsed drawing, with nothing left in it that could lead outside of it."""
    if len(data) > MOST_SOURCE:
        raise _refused(f"it has more than {MOST_SOURCE // 1_000_000} MB")
    if b"<!ENTITY" in data:
        raise _refused("it defines entities")
    try:
        root = ElementTree.fromstring(data)  # noqa: S314 (without entities; expat counts the rest)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise _refused(f"it cannot be read ({error})") from None
    for parent in list(root.iter()):
        for child in list(parent):
            if _name(child.tag) in _DROPPED:
                parent.remove(child)
        for attribute, value in list(parent.attrib.items()):
            if _name(attribute) == "href" and not _INSIDE.match(value):
                del parent.attrib[attribute]
    return root


def _sized(root: ElementTree.Element, width: int) -> int:
    """Set the size it is drawn at; return the width that its author wants, in CSS pixels."""
    box = [float(part) for part in re.findall(r"-?[0-9]*\.?[0-9]+", root.get("viewBox", ""))]
    wide, high = _length(root.get("width")), _length(root.get("height"))
    if len(box) != 4:
        box = [0.0, 0.0, wide or 300.0, high or 150.0]
        root.set("viewBox", " ".join(map(str, box)))
    if not (box[2] > 0 and box[3] > 0):
        raise _refused("it has no size")
    ratio = (high / wide) if wide and high else box[3] / box[2]
    height = max(1, round(width * ratio))
    if width * height > MOST_PIXELS:
        raise huge(width * height)
    root.set("width", str(width))
    root.set("height", str(height))
    # Without a width of its own it fills its column, on the web and here.
    return round(wide) if wide and wide >= 1 else width


def _length(written: str | None) -> float | None:
    found = _LENGTH.fullmatch(written or "")
    return float(found[1]) * _PIXELS[found[2] or "px"] if found else None


def _name(qualified: object) -> str:
    return str(qualified).rpartition("}")[2]


def _refused(why: str, mend: str = "export it as PNG, twice as wide as shown") -> Unshowable:
    return Unshowable("picture-svg", why, mend)
