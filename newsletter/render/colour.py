"""Colours: how readable one is on another, and the nearest shade of an accent that is."""

import colorsys
import re

READABLE = 4.5
_HEX = re.compile(r"#([0-9a-f]{6})\Z", re.IGNORECASE)
_SHORT = re.compile(r"#([0-9a-f])([0-9a-f])([0-9a-f])\Z", re.IGNORECASE)


def six_digits(colour: str, *, otherwise: str) -> str:
    """Return a hex colour as `#rrggbb`; anything that is none becomes `otherwise`."""
    colour = _SHORT.sub(r"#\1\1\2\2\3\3", colour.strip())
    return colour.lower() if _HEX.match(colour) else otherwise


def contrast(one: str, other: str) -> float:
    """Return the contrast of two `#rrggbb` colours, 1 to 21 (WCAG 2.2)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable(colour: str, *grounds: str) -> str:
    """Return the shade nearest to `colour` that can be read as text on every ground.

    Hue and saturation stay; the lightness moves away from the first ground until the contrast
    is 4.5 everywhere, or black or white is reached.
    """
    step = -0.01 if _luminance(grounds[0]) > 0.18 else 0.01
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(colour))
    end = 0.0 if step < 0 else 1.0
    while lightness != end and min(contrast(colour, ground) for ground in grounds) < READABLE:
        lightness = min(1.0, max(0.0, lightness + step))
        colour = _hex(colorsys.hls_to_rgb(hue, lightness, saturation))
    return colour


def on(ground: str) -> str:
    """Return the colour for words on a filled ground: white where it can be read, else black."""
    return "#ffffff" if contrast("#ffffff", ground) >= READABLE else "#000000"


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue


def _hex(channels: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)


def _luminance(colour: str) -> float:
    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(channel) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
