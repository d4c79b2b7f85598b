"""What stands behind a clear picture: it must be seen on light paper and on dark."""

from dataclasses import dataclass

from PIL import Image

from newsletter.render import colour

# Of so little that is clear (round corners, a shadow) the picture brings its own ground.
FRAMED = 0.2
# WCAG 2.2, 1.4.11: parts of a graphic that are needed to understand it.
SEEN = 3.0
MANY, NEARLY_ALL = 0.25, 0.75
_SAMPLE = 64


@dataclass(frozen=True, slots=True)
class Grounds:
    """The colours of the paper in light and in dark, `#rrggbb`."""

    light: str = "#ffffff"
    dark: str = "#15181d"


def behind(picture: Image.Image, grounds: Grounds) -> str | None:
    """Return the ground that an RGBA picture needs behind it; None when it needs none.

    Dark lines on nothing vanish in dark mode and get the light paper; white lines on nothing,
    which never could be read on a light page, get the dark one.
    """
    small = picture.copy()
    small.thumbnail((_SAMPLE, _SAMPLE))
    pixels = [small.getpixel((x, y)) for y in range(small.height) for x in range(small.width)]
    shown = [pixel[:3] for pixel in pixels if isinstance(pixel, tuple) and pixel[3] >= 128]
    if not shown or len(shown) > len(pixels) * (1 - FRAMED):
        return None
    if _lost(shown, grounds.light) > len(shown) * NEARLY_ALL:
        return grounds.dark
    if _lost(shown, grounds.dark) > len(shown) * MANY:
        return grounds.light
    return None


def _lost(pixels: list[tuple[int, ...]], ground: str) -> int:
    """Return how many pixels cannot be told from a ground."""
    lost = 0
    for red, green, blue in pixels:
        lost += colour.contrast(f"#{red:02x}{green:02x}{blue:02x}", ground) < SEEN
    return lost
