"""A small drawing surface: flat colours, smooth edges, coordinates in a frame of 1200 by 675."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

from PIL import Image, ImageColor, ImageDraw

WIDTH, HEIGHT = 1200, 675
FINER = 4

Point = tuple[float, float]
Colour = tuple[int, int, int] | tuple[int, int, int, int]


def colour(name: str, alpha: float = 1.0) -> Colour:
    """Read a colour such as `#14213d`, with an opacity between 0 and 1."""
    red, green, blue = ImageColor.getrgb(name)[:3]
    return (red, green, blue) if alpha >= 1 else (red, green, blue, round(alpha * 255))


def mix(first: str, second: str, share: float) -> str:
    """Blend two colours; a share of 0 is the first, 1 the second."""
    pairs = zip(colour(first)[:3], colour(second)[:3], strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def seeded(number: int) -> random.Random:
    """Give a generator that scatters things in the same way every time."""
    return random.Random(number)  # noqa: S311 - it places stars, it keeps no secrets


def smooth(points: Sequence[Point], steps: int = 16, closed: bool = False) -> list[Point]:
    """Run a Catmull-Rom curve through the points."""
    count = len(points)
    found: list[Point] = []
    for i in range(count if closed else count - 1):
        a, b, c, d = (
            points[j % count] if closed else points[min(max(j, 0), count - 1)]
            for j in (i - 1, i, i + 1, i + 2)
        )
        for step in range(steps):
            t = step / steps
            found.append((_between(a[0], b[0], c[0], d[0], t), _between(a[1], b[1], c[1], d[1], t)))
    return found if closed else [*found, points[-1]]


def _between(a: float, b: float, c: float, d: float, t: float) -> float:
    bend = (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t * t * t
    return 0.5 * (2 * b + (c - a) * t + bend)


def arc(x: float, y: float, rx: float, ry: float, start: float, end: float) -> list[Point]:
    """Give points along a part of an ellipse, in degrees, clockwise from the right."""
    steps = max(2, round(abs(end - start) / 3))
    angles = (math.radians(start + (end - start) * i / steps) for i in range(steps + 1))
    return [(x + rx * math.cos(a), y + ry * math.sin(a)) for a in angles]


def turned(points: Iterable[Point], degrees: float, about: Point) -> list[Point]:
    """Turn points clockwise about a centre."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    (x0, y0), found = about, list(points)
    return [
        (x0 + (x - x0) * cos - (y - y0) * sin, y0 + (x - x0) * sin + (y - y0) * cos)
        for x, y in found
    ]


def wave(y: float, height: float, length: float, shift: float = 0.0) -> list[Point]:
    """Give a sine line across the whole frame."""
    turns = 2 * math.pi / length
    return [(x, y + height * math.sin((x + shift) * turns)) for x in range(-20, WIDTH + 21, 4)]


def down_to_floor(line: Sequence[Point]) -> list[Point]:
    """Close a line that crosses the frame along the lower edge."""
    return [*line, (WIDTH + 20, HEIGHT + 20), (-20, HEIGHT + 20)]


class Canvas:
    """A picture in the making, drawn four times too large and reduced at the end."""

    def __init__(self, ground: str) -> None:
        self.image = Image.new("RGB", (WIDTH * FINER, HEIGHT * FINER), ground)
        self._draw = ImageDraw.Draw(self.image, "RGBA")

    def shape(self, points: Iterable[Point], fill: str, alpha: float = 1.0) -> None:
        """Fill a polygon."""
        self._draw.polygon([(x * FINER, y * FINER) for x, y in points], fill=colour(fill, alpha))

    def disc(self, x: float, y: float, r: float, fill: str, alpha: float = 1.0) -> None:
        """Fill a circle."""
        self.oval(x, y, r, r, fill, alpha)

    def oval(self, x: float, y: float, rx: float, ry: float, fill: str, alpha: float = 1.0) -> None:
        """Fill an ellipse."""
        box = tuple(v * FINER for v in (x - rx, y - ry, x + rx, y + ry))
        self._draw.ellipse(box, fill=colour(fill, alpha))

    def ring(self, x: float, y: float, r: float, width: float, fill: str) -> None:
        """Draw a circle's line, centred on its radius."""
        outer = r + width / 2
        box = tuple(v * FINER for v in (x - outer, y - outer, x + outer, y + outer))
        self._draw.ellipse(box, outline=colour(fill), width=round(width * FINER))

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        fill: str,
        radius: float = 0,
        alpha: float = 1.0,
    ) -> None:
        """Fill a rectangle, with round corners where a radius is given."""
        corners = tuple(v * FINER for v in (x, y, x + width, y + height))
        self._draw.rounded_rectangle(corners, radius * FINER, fill=colour(fill, alpha))

    def line(self, points: Sequence[Point], fill: str, width: float) -> None:
        """Draw a line with round ends and corners."""
        scaled = [(x * FINER, y * FINER) for x, y in points]
        ink, half = colour(fill), width * FINER / 2
        self._draw.line(scaled, fill=ink, width=max(1, round(width * FINER)))
        for x, y in scaled:
            self._draw.ellipse((x - half, y - half, x + half, y + half), fill=ink)

    def dashes(
        self, points: Sequence[Point], fill: str, width: float, on: float, off: float
    ) -> None:
        """Draw a dashed line along the points, measured along its length."""
        piece, left, drawing = [points[0]], on, True
        for start, end in pairwise(points):
            (x, y), length = start, math.dist(start, end)
            gone = 0.0
            while length - gone > left:
                gone += left
                share = gone / length
                cut = (x + (end[0] - x) * share, y + (end[1] - y) * share)
                if drawing:
                    self.line([*piece, cut], fill, width)
                piece, drawing = [cut], not drawing
                left = on if drawing else off
            left -= length - gone
            piece.append(end)
        if drawing and len(piece) > 1:
            self.line(piece, fill, width)

    def within(self, points: Iterable[Point], other: Canvas) -> None:
        """Show another canvas through a hole of the given shape."""
        mask = Image.new("L", self.image.size, 0)
        ImageDraw.Draw(mask).polygon([(x * FINER, y * FINER) for x, y in points], fill=255)
        self.image.paste(other.image, (0, 0), mask)

    def finished(self) -> Image.Image:
        """Reduce the picture to the size in which it is published."""
        return self.image.reduce(FINER)


def save(picture: Image.Image, target: Path) -> None:
    """Write a PNG of at most 128 colours, or a JPEG where the name says so."""
    if target.suffix == ".jpg":
        picture.save(target, quality=80, optimize=True, progressive=True)
        return
    found = picture.getcolors(picture.width * picture.height) or []
    # The commonest colours are the flat ones: kept exactly, while the edges take the nearest.
    ranked = sorted(found, key=lambda entry: (-entry[0], str(entry[1])))
    chosen = [value for _, value in ranked[:128]]
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for value in chosen for part in value])
    flat = picture.quantize(palette=palette, dither=Image.Dither.NONE)
    flat.save(target, optimize=True)
