"""Pictures that move: kept as they are where they are small, else fewer colours and frames."""

import io

from PIL import Image

from newsletter.render.pictures.gif import without_words
from newsletter.render.pictures.pixels import plain_pixels
from newsletter.render.pictures.sized import MOST_BYTES, Sized, packed

FORMATS = ("GIF", "WEBP", "PNG", "AVIF")
# Decoding more than this takes longer than anybody waits for a preview.
MOST_DECODED = 60_000_000
# What is held at once, in pixels of the small frames.
MOST_HELD = 12_000_000
NARROWEST = 64
# Every nth frame, how many colours, which part of the width; the first that is small enough.
WAYS = ((1, 128, 1.0), (1, 64, 1.0), (2, 64, 1.0), (2, 48, 0.75), (3, 32, 0.6))
DEFAULT_MS = 100
_PALETTE_FRAMES = 8


def is_moving(picture: Image.Image) -> bool:
    """Return whether an opened picture is an animation (pages of a TIFF are none)."""
    return picture.format in FORMATS and getattr(picture, "is_animated", False)


def moving(picture: Image.Image, data: bytes, width: int) -> Sized | None:
    """Return an animation as a GIF of at most 200 KB; None when it cannot be so small.

    A GIF that is small enough keeps its frames byte for byte and loses its comments. Every other
    one is made anew at half of `width`, the width it is shown at.
    """
    original = picture.width
    if picture.format == "GIF":
        kept = without_words(data)
        if len(kept) <= MOST_BYTES:
            return packed(kept, "GIF", picture.size, original)
    count = int(getattr(picture, "n_frames", 1))
    if count * picture.width * picture.height > MOST_DECODED:
        return None
    narrow = min(max(width // 2, NARROWEST), picture.width)
    size = narrow, max(1, round(picture.height * narrow / picture.width))
    if count * size[0] * size[1] > MOST_HELD:
        return None
    frames, times = _frames(picture, count, size)
    loop = {"loop": picture.info["loop"]} if "loop" in picture.info else {}
    for step, colours, part in WAYS:
        small = (max(1, round(size[0] * part)), max(1, round(size[1] * part)))
        encoded = _encoded(frames[::step], _summed(times, step), colours, small, loop)
        if len(encoded) <= MOST_BYTES:
            return packed(encoded, "GIF", small, original)
    return None


def _frames(
    picture: Image.Image, count: int, size: tuple[int, int]
) -> tuple[list[Image.Image], list[int]]:
    """Return the frames, small and on white where they are clear, and how long each is shown."""
    frames, times = [], []
    for number in range(count):
        picture.seek(number)
        picture.load()
        frame = plain_pixels(picture.copy()).resize(size, Image.Resampling.BOX)
        if frame.mode == "RGBA":
            white = Image.new("RGB", frame.size, "#ffffff")
            white.paste(frame, mask=frame.getchannel("A"))
            frame = white
        frames.append(frame)
        times.append(int(picture.info.get("duration") or DEFAULT_MS))
    return frames, times


def _summed(times: list[int], step: int) -> list[int]:
    return [sum(times[start : start + step]) for start in range(0, len(times), step)]


def _encoded(
    frames: list[Image.Image],
    times: list[int],
    colours: int,
    size: tuple[int, int],
    loop: dict[str, int],
) -> bytes:
    small = [frame.resize(size) if frame.size != size else frame for frame in frames]
    # One palette for all: what stands still stays the same, and only changes are written.
    palette = _palette(small, colours)
    few = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in small]
    file = io.BytesIO()
    few[0].save(
        file, "GIF", save_all=True, append_images=few[1:], duration=times, optimize=True, **loop
    )
    return file.getvalue()


def _palette(frames: list[Image.Image], colours: int) -> Image.Image:
    some = frames[:: max(1, len(frames) // _PALETTE_FRAMES)]
    width, height = some[0].size
    sheet = Image.new("RGB", (width, height * len(some)))
    for number, frame in enumerate(some):
        sheet.paste(frame, (0, number * height))
    return sheet.quantize(colours, method=Image.Quantize.MEDIANCUT)
