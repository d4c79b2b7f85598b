"""Any picture made fit for mail: the one way in, and what is refused before it is decoded."""

import io
import struct
import warnings
import zlib
from functools import lru_cache

from PIL import Image, ImageOps

from newsletter.render.pictures.drawing import drawn, is_drawing
from newsletter.render.pictures.ground import Grounds
from newsletter.render.pictures.moving import is_moving, moving
from newsletter.render.pictures.sized import (
    MOST_BYTES,
    MOST_PIXELS,
    Remark,
    Sized,
    Unshowable,
    huge,
    packed,
)
from newsletter.render.pictures.still import shrunk

# Pillow would hand some other formats to programs of this machine (EPS to Ghostscript).
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "AVIF", "TIFF", "BMP", "ICO")
# A clean file is left as it is up to this many times the wanted width: shrinking a drawing of
# few colours adds colours, and bytes.
NEAR = 1.25
_KEPT = ("PNG", "JPEG", "GIF")
_MODES = ("1", "L", "LA", "P", "RGB")
# What Pillow tells of a file that is about its pixels; anything else is metadata.
# fmt: off
_TECHNICAL = {
    "adobe", "adobe_transform", "aspect", "background", "chromaticity",
    "dpi", "duration", "extension", "gamma", "interlace",
    "jfif", "jfif_density", "jfif_unit", "jfif_version", "loop",
    "progression", "progressive", "srgb", "version",
}
# fmt: on
# What a decoder raises on bytes that are none of its format.
# fmt: off
_BROKEN = (
    EOFError, IndexError, KeyError, OSError, OverflowError, RuntimeError,
    SyntaxError, TypeError, ValueError, ZeroDivisionError, struct.error, zlib.error,
)
# fmt: on


@lru_cache(maxsize=64)
def mail_sized(data: bytes, width: int, grounds: Grounds = Grounds()) -> Sized:  # noqa: B008 (frozen)
    """Return the picture at most `width` pixels wide, upright, without metadata, ≤ 200 KB.

    A PNG, JPEG or GIF comes back. What moves becomes a GIF, or a still with a remark; an SVG is
    drawn where the extra `svg` is installed. A picture with a clear ground that could not be
    read on both `grounds` gets the one it needs. Raises Unshowable: `picture-svg`,
    `picture-unreadable`, `picture-huge` (over 25 million pixels; nothing is decoded).
    """
    if is_drawing(data):
        drawing = drawn(data, width)
        sized = _read(drawing.png, width, grounds)
        return packed(sized.data, "PNG" if sized.extension == "png" else "JPEG",
                      (sized.width, sized.height), drawing.width, drawing.remark)  # fmt: skip
    return _read(data, width, grounds)


def _read(data: bytes, width: int, grounds: Grounds) -> Sized:
    try:
        with warnings.catch_warnings():
            # Our own limit is the lower one, and it is an error; other warnings are of no use here.
            warnings.simplefilter("ignore")
            return _sized(data, width, grounds)
    except (Image.DecompressionBombError, MemoryError):
        raise huge(4 * MOST_PIXELS) from None
    except _BROKEN as error:
        raise Unshowable(
            "picture-unreadable",
            f"it cannot be read ({_plain(error)})",
            "save it anew as PNG or JPEG",
        ) from None


def _sized(data: bytes, width: int, grounds: Grounds) -> Sized:
    with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise huge(opened.width * opened.height)
        kind = opened.format or ""
        remark = None
        if is_moving(opened):
            found = moving(opened, data, width)
            if found is not None:
                return found
            opened.seek(0)
            remark = Remark(
                "picture-still",
                f"moves, and {MOST_BYTES // 1000} KB are too few for that: it is shown as a still",
                "make it shorter or smaller",
            )
        upright = ImageOps.exif_transpose(opened)
        may_stay = remark is None and kind in _KEPT and _clean(opened, upright)
        if may_stay and _fits(data, upright, width):
            return packed(data, kind, upright.size, upright.width)
        upright.load()
        return shrunk(upright, width, grounds, drawn=kind in ("PNG", "GIF"), remark=remark)


def _clean(opened: Image.Image, upright: Image.Image) -> bool:
    """Return whether a file holds nothing but pixels, in a form that every inbox reads.

    Metadata tells where a photograph was taken, and by whom: such a file is written anew.
    """
    plain = opened.mode in _MODES and not opened.has_transparency_data
    return plain and upright.size == opened.size and set(opened.info) <= _TECHNICAL


def _fits(data: bytes, picture: Image.Image, width: int) -> bool:
    small = len(data) <= MOST_BYTES // 4
    return len(data) <= MOST_BYTES and picture.width <= width * (2 if small else NEAR)


def _plain(error: Exception) -> str:
    """Return what a decoder says, without the address of the object it was reading."""
    said = " ".join(str(error).split("<", 1)[0].split())
    return said or type(error).__name__
