"""A still picture at the width it is shown, in the smaller of PNG and JPEG."""

import io

from PIL import Image

from newsletter.render.pictures.ground import Grounds, behind
from newsletter.render.pictures.pixels import plain_pixels
from newsletter.render.pictures.sized import MOST_BYTES, Remark, Sized, packed

NARROWEST = 64
QUALITIES = (84, 74, 62)


def shrunk(
    picture: Image.Image, width: int, grounds: Grounds, *, drawn: bool, remark: Remark | None = None
) -> Sized:
    """Return the picture at most `width` pixels wide and ≤ 200 KB; narrower until it is.

    `drawn`: it may be a drawing of few colours, which stays sharp as a PNG.
    """
    original = picture.width
    picture = plain_pixels(picture)
    ground = behind(picture, grounds) if picture.mode == "RGBA" else None
    if ground is not None:
        flat = Image.new("RGB", picture.size, ground)
        flat.paste(picture, mask=picture.getchannel("A"))
        picture = flat
    clear = picture.mode == "RGBA"
    width = min(width, original)
    while True:
        height = max(1, round(picture.height * width / picture.width))
        small = picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3)
        kind, data = min(_encodings(small, drawn or clear, clear), key=lambda pair: len(pair[1]))
        if len(data) <= MOST_BYTES or width < NARROWEST:
            return packed(data, kind, small.size, original, remark)
        width = width * 4 // 5


def _encodings(picture: Image.Image, drawn: bool, clear: bool) -> list[tuple[str, bytes]]:
    found = []
    if clear:
        # In 256 colours a shadow or a glow shows its steps.
        full = _encoded(picture, "PNG", optimize=True)
        if len(full) <= MOST_BYTES // 2:
            return [("PNG", full)]
    if drawn:
        # Photographs saved as PNG grow small as JPEG below; drawings stay sharp in 256 colours.
        method = Image.Quantize.FASTOCTREE if clear else Image.Quantize.MEDIANCUT
        few = picture.quantize(256, method=method, dither=Image.Dither.NONE)
        found.append(("PNG", _encoded(few, "PNG", optimize=True)))
    if not clear:
        for quality in QUALITIES:
            data = _encoded(picture, "JPEG", quality=quality, optimize=True, progressive=True)
            if len(data) <= MOST_BYTES or quality == QUALITIES[-1]:
                found.append(("JPEG", data))
                break
    return found


def _encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()
