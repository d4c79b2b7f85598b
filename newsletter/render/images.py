"""Pictures made fit for mail: the only place that imports Pillow."""

import io
import warnings
from dataclasses import dataclass, field
from functools import lru_cache

from PIL import Image, ImageOps, UnidentifiedImageError

MOST_PIXELS = 25_000_000
MOST_BYTES = 200_000
MOST_MOVING = 1_000_000
# A clean file is left as it is up to this many times the wanted width: shrinking a drawing of
# few colours adds colours, and bytes.
NEAR = 1.25
_TYPES = {"PNG": ("image/png", "png"), "JPEG": ("image/jpeg", "jpg"), "GIF": ("image/gif", "gif")}
# What Pillow tells of a file that is about its pixels; anything else is metadata.
# fmt: off
_TECHNICAL = {
    "adobe", "adobe_transform", "aspect", "background", "chromaticity",
    "dpi", "duration", "extension", "gamma", "icc_profile",
    "interlace", "jfif", "jfif_density", "jfif_unit", "jfif_version",
    "loop", "progression", "progressive", "srgb", "transparency",
    "version",
}
# fmt: on


class Unshowable(Exception):
    """A picture that no inbox should get; `code` names the finding, `mend` says what helps."""

    def __init__(self, code: str, message: str, mend: str) -> None:
        super().__init__(message)
        self.code = code
        self.mend = mend


@dataclass(frozen=True, slots=True)
class Sized:
    """A picture fit for mail, its sizes in pixels; `original` is the width it came with."""

    data: bytes = field(repr=False)
    media_type: str
    extension: str
    width: int
    height: int
    original: int


@lru_cache(maxsize=64)
def mail_sized(data: bytes, width: int) -> Sized:
    """Return the picture at most `width` pixels wide, upright, without metadata, ≤ 200 KB.

    A PNG, JPEG or GIF comes back; whatever else Pillow reads becomes the smaller of PNG and
    JPEG. An animated GIF is kept as it is. Raises Unshowable: `picture-svg`, `picture-unreadable`,
    `picture-huge` (over 25 million pixels; nothing is decoded).
    """
    if b"<svg" in data[:1024].lower():
        raise Unshowable(
            "picture-svg", "mail programs show no SVG", "export it as PNG, twice as wide as shown"
        )
    try:
        with warnings.catch_warnings():
            # Our own limit is the lower one, and it is an error.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return _sized(data, width)
    except (Image.DecompressionBombError, MemoryError):
        raise _huge("more than a hundred million") from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise Unshowable(
            "picture-unreadable", f"it cannot be read ({error})", "save it anew as PNG or JPEG"
        ) from None


def _sized(data: bytes, width: int) -> Sized:
    with Image.open(io.BytesIO(data)) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise _huge(f"{opened.width * opened.height:,}")
        kind = opened.format or ""
        moving = getattr(opened, "is_animated", False)
        if kind == "GIF" and moving and len(data) <= MOST_MOVING:
            return _packed(data, "GIF", opened.size, opened.width)
        upright = ImageOps.exif_transpose(opened)
        # Metadata tells where a photograph was taken, and by whom: such a file is written anew.
        clean = upright.size == opened.size and set(opened.info) <= _TECHNICAL
        if kind in _TYPES and clean and not moving and _fits(data, upright, width):
            return _packed(data, kind, upright.size, upright.width)
        upright.load()
        return _shrunk(upright, min(width, upright.width), drawn=kind in ("PNG", "GIF"))


def _fits(data: bytes, picture: Image.Image, width: int) -> bool:
    small = len(data) <= MOST_BYTES // 4
    return len(data) <= MOST_BYTES and picture.width <= width * (2 if small else NEAR)


def _shrunk(picture: Image.Image, width: int, *, drawn: bool) -> Sized:
    original = picture.width
    clear = picture.has_transparency_data
    picture = picture.convert("RGBA" if clear else "RGB")
    # Pillow writes a comment that it has read into the next JPEG.
    picture.info.clear()
    while True:
        height = max(1, round(picture.height * width / picture.width))
        small = picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3)
        kind, data = min(_encodings(small, drawn or clear, clear), key=lambda pair: len(pair[1]))
        if len(data) <= MOST_BYTES or width < 64:
            return _packed(data, kind, small.size, original)
        width = width * 4 // 5


def _encodings(picture: Image.Image, drawn: bool, clear: bool) -> list[tuple[str, bytes]]:
    found = []
    if drawn:
        # Photographs saved as PNG grow small as JPEG below; drawings stay sharp in 256 colours.
        method = Image.Quantize.FASTOCTREE if clear else Image.Quantize.MEDIANCUT
        few = picture.quantize(256, method=method, dither=Image.Dither.NONE)
        found.append(("PNG", _encoded(few, "PNG", optimize=True)))
    if not clear:
        for quality in (84, 74, 62):
            data = _encoded(picture, "JPEG", quality=quality, optimize=True, progressive=True)
            if len(data) <= MOST_BYTES or quality == 62:
                found.append(("JPEG", data))
                break
    return found


def _encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def _packed(data: bytes, kind: str, size: tuple[int, int], original: int) -> Sized:
    media_type, extension = _TYPES[kind]
    return Sized(data, media_type, extension, *size, original)


def _huge(pixels: str) -> Unshowable:
    return Unshowable(
        "picture-huge",
        f"it has {pixels} pixels; {MOST_PIXELS:,} is the most",
        "shrink it to about 1,200 pixels wide",
    )
