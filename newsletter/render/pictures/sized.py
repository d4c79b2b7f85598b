"""What a picture becomes on its way into a mail, and why one cannot."""

from dataclasses import dataclass, field

MOST_PIXELS = 25_000_000
MOST_BYTES = 200_000
_TYPES = {"PNG": ("image/png", "png"), "JPEG": ("image/jpeg", "jpg"), "GIF": ("image/gif", "gif")}


class Unshowable(Exception):
    """A picture that no inbox should get; `code` names the finding, `mend` says what helps."""

    def __init__(self, code: str, message: str, mend: str) -> None:
        super().__init__(message)
        self.code = code
        self.mend = mend


@dataclass(frozen=True, slots=True)
class Remark:
    """What a picture lost on its way; it is shown all the same."""

    code: str
    message: str
    mend: str


@dataclass(frozen=True, slots=True)
class Sized:
    """A picture fit for mail, its sizes in pixels; `original` is the width it came with."""

    data: bytes = field(repr=False)
    media_type: str
    extension: str
    width: int
    height: int
    original: int
    remark: Remark | None = None


def packed(
    data: bytes, kind: str, size: tuple[int, int], original: int, remark: Remark | None = None
) -> Sized:
    """Return the bytes of a PNG, JPEG or GIF with what is known of them."""
    media_type, extension = _TYPES[kind]
    return Sized(data, media_type, extension, *size, original, remark)


def huge(pixels: int) -> Unshowable:
    """Return the refusal of a picture with too many pixels (RULES S-16)."""
    return Unshowable(
        "picture-huge",
        f"it has {pixels:,} pixels; {MOST_PIXELS:,} is the most",
        "shrink it to about 1,200 pixels wide",
    )
