"""Pictures made for one test."""

import io
from random import Random

from PIL import Image

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '


def encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    """Return the picture as a file of this kind."""
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def noise(width: int, height: int) -> Image.Image:
    """Return a picture that packs badly, as photographs do."""
    half = (width + 1) // 2, (height + 1) // 2
    chance = Random(f"{width}x{height}")  # noqa: S311 (a picture, no secret)
    dots = Image.frombytes("L", half, chance.randbytes(half[0] * half[1]))
    return dots.resize((width, height), Image.Resampling.BICUBIC).convert("RGB")


def opened(data: bytes) -> Image.Image:
    """Return the picture in a file, loaded."""
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def walking(frames: int, size: tuple[int, int], *, noisy: bool = False) -> list[Image.Image]:
    """Return the frames of a square that walks over a ground of its own."""
    ground = noise(*size) if noisy else Image.new("RGB", size, "#fdf6e3")
    made = []
    for number in range(frames):
        frame = ground.copy()
        frame.paste((200, 40, 40), (number * 7, 20, number * 7 + 60, 80))
        made.append(frame)
    return made


def animation(kind: str, frames: list[Image.Image], **options: object) -> bytes:
    """Return frames as an animation, each shown for 80 milliseconds, again and again."""
    given = {"save_all": True, "append_images": frames[1:], "duration": 80, "loop": 0}
    return encoded(frames[0], kind, **(given | options))
