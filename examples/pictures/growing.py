"""Pictures of what grows, and of the ground it grows in."""

from __future__ import annotations

import math

from examples.pictures import palette as p
from examples.pictures.canvas import (
    HEIGHT,
    WIDTH,
    Canvas,
    Point,
    arc,
    down_to_floor,
    mix,
    seeded,
    smooth,
    turned,
)


def seeds() -> Canvas:
    """Rows of seeds laid out like a table; a few of them have sprouted."""
    chance = seeded(11)
    c = Canvas(p.PAPER)
    fills = {"b": p.BRICK, "o": p.OCHRE, "e": p.EARTH, "t": p.TEAL, "c": p.CORAL, "v": p.PLUM}
    rows = ("bvcteobv", "otebcvto", "evobtceb", "tcvoebvc")
    sprouted = {(1, 0), (4, 1), (2, 2), (6, 2), (5, 3), (0, 3), (7, 0)}
    for column in range(8):
        for row in range(4):
            x, y = 110 + column * 140, 98 + row * 160
            fill = fills[rows[row][column]]
            c.disc(x, y, 60, mix(p.PAPER, p.SAND, 0.55))
            if (column, row) in sprouted:
                c.line(smooth([(x, y + 22), (x - 5, y - 8), (x, y - 30)]), p.LEAF, 8)
                for side in (-1, 1):
                    leaf = smooth(
                        [
                            (x, y - 26),
                            (x + side * 20, y - 50),
                            (x + side * 46, y - 46),
                            (x + side * 30, y - 22),
                        ],
                        8,
                        closed=True,
                    )
                    c.shape(leaf, p.LEAF)
                y += 22
            _seed(c, x, y, (column + row * 3) % 4, chance.uniform(-40, 40), fill)
    return c


def _seed(c: Canvas, x: float, y: float, kind: int, tilt: float, fill: str) -> None:
    light = mix(fill, p.PAPER, 0.55)
    outlines: tuple[list[Point], ...] = (
        [(-34, 0), (-22, -22), (8, -25), (34, -10), (36, 10), (18, 20), (0, 10), (-20, 20)],
        [(0, -36), (18, -6), (22, 14), (0, 30), (-22, 14), (-18, -6)],
        arc(0, 0, 28, 28, 0, 350)[::6],
        [(-36, 0), (-16, -16), (16, -16), (36, 0), (16, 16), (-16, 16)],
    )
    points = [(x + a * 1.2, y + b * 1.2) for a, b in smooth(outlines[kind], 10, closed=True)]
    c.shape(turned(points, tilt, (x, y)), fill)
    marks: tuple[list[Point], ...] = (
        [(-12, -8), (10, -11)],
        [(-7, 4), (-7, 15)],
        arc(0, 0, 15, 15, 190, 260),
        [(-20, 0), (20, 0)],
    )
    c.line(turned([(x + a * 1.2, y + b * 1.2) for a, b in marks[kind]], tilt, (x, y)), light, 5)


def soil() -> Canvas:
    """A beet leaf above, a probe below, and roots drawn like circuit traces."""
    c = Canvas(p.ICE)
    c.disc(965, 150, 72, p.AMBER)
    layers = ((268, p.EARTH), (400, mix(p.EARTH, p.INK, 0.3)), (540, mix(p.EARTH, p.INK, 0.6)))
    for i, (y, fill) in enumerate(layers):
        line = smooth([(-20 + k * 207, y + 9 * math.sin(k * 2.1 + i)) for k in range(7)])
        c.shape(down_to_floor(line), fill)
    grass = smooth([(-20, 262), (300, 252), (640, 268), (940, 254), (1220, 264)])
    c.shape([*grass, (1220, 290), (-20, 290)], p.LEAF)
    for side in (-1, 1):
        for k, (dx, dy) in enumerate(((100, -62), (128, -150), (64, -214))):
            tip = (600 + side * dx, 262 + dy)
            fill = (p.FOREST, p.TEAL, p.LEAF)[k]
            middle = ((600 + tip[0]) / 2, (262 + tip[1]) / 2)
            across = (tip[1] - 262) * 0.28, (600 - tip[0]) * 0.28
            blade = smooth(
                [
                    (600, 270),
                    (middle[0] + across[0], middle[1] + across[1]),
                    tip,
                    (middle[0] - across[0], middle[1] - across[1]),
                ],
                closed=True,
            )
            c.shape(blade, fill)
            c.line([(600, 266), middle], mix(fill, p.MINT, 0.6), 5)
    traces: list[list[Point]] = [
        [(16, 60), (90, 60), (150, 120), (290, 120)],
        [(16, 110), (70, 110), (170, 210), (170, 300)],
        [(16, 150), (50, 150), (84, 184), (84, 330)],
        [(16, 30), (200, 30), (250, 80), (400, 80)],
        [(150, 120), (220, 190), (330, 190), (376, 236)],
        [(170, 210), (250, 290), (250, 330)],
        [(290, 120), (330, 120), (380, 160), (460, 160)],
    ]
    for side in (-1, 1):
        for points in traces:
            path = [(600 + side * x, 270 + y) for x, y in points]
            c.line(path, p.AMBER, 7)
            c.disc(*path[-1], 15, p.AMBER)
            c.disc(*path[-1], 6, p.EARTH)
    c.box(572, 244, 56, 300, p.PAPER, 14)
    c.shape([(576, 530), (624, 530), (600, 600)], p.PAPER)
    for k in range(4):
        c.box(586, 330 + k * 50, 28, 26, p.TEAL, 5)
    c.disc(600, 284, 13, p.CORAL)
    return c


def terraces() -> Canvas:
    """Hills as contour steps; on the left still the points of the laser."""
    chance = seeded(5)
    steps = [mix(p.FOREST, p.LIME, k / 4) for k in range(5)] + [
        mix(p.LIME, p.PAPER, (k + 1) / 4) for k in range(4)
    ]
    relief = Canvas(steps[0])
    for k, fill in enumerate(steps[1:], start=1):
        for x, y, size, turn in ((770, 330, 640, 0.4), (330, 410, 400, 2.0)):
            reach = size * (1 - k / 9.2) - (0 if size > 500 else 30)
            if reach > 24:
                relief.shape(_contour(x, y, reach, turn), fill)
    c = Canvas(p.INK)
    split: list[Point] = [(470, -20), (400, 180), (450, 360), (360, 520), (390, 700)]
    small = relief.finished()
    for x in range(6, 480, 13):
        for y in range(6, HEIGHT, 13):
            dx, dy = x + chance.uniform(-3, 3), y + chance.uniform(-3, 3)
            red, green, blue = small.getpixel(
                (min(max(int(dx), 0), WIDTH - 1), min(max(int(dy), 0), HEIGHT - 1))
            )[:3]
            c.disc(dx, dy, 4.2, f"#{red:02x}{green:02x}{blue:02x}")
    c.within([*smooth(split), (1220, 700), (1220, -20)], relief)
    c.line(smooth(split), p.CORAL, 8)
    return c


def _contour(x: float, y: float, reach: float, turn: float) -> list[Point]:
    found = []
    for degrees in range(0, 360, 3):
        a = math.radians(degrees)
        bulge = 1 + 0.13 * math.sin(3 * a + turn) + 0.06 * math.sin(5 * a + turn * 2)
        found.append((x + reach * bulge * math.cos(a), y + reach * 0.66 * bulge * math.sin(a)))
    return found


def trees() -> Canvas:
    """A street from above, tree crowns and their shadows along both kerbs."""
    chance = seeded(3)
    c = Canvas(mix(p.SAND, p.PAPER, 0.4))
    middle: Point = (600, 337)

    def block(x: float, y: float, wide: float, high: float, fill: str) -> None:
        corners = [(x, y), (x + wide, y), (x + wide, y + high), (x, y + high)]
        c.shape(turned(corners, -12, middle), fill)

    block(-200, 232, 1600, 212, mix(p.PAPER, p.SKY, 0.25))
    block(-200, 268, 1600, 140, mix(p.INK, p.VIOLET, 0.35))
    for k in range(14):
        block(-160 + k * 110, 333, 58, 9, p.PAPER)
    roofs = (p.BRICK, p.CORAL, p.OCHRE, p.BRICK, p.TEAL, p.CORAL)
    for k in range(8):
        for y, high in ((-60, 210), (530, 210)):
            x, wide = -170 + k * 195, 150
            fill = roofs[(k * 5 + y) % 6]
            block(x, y, wide, high / 2, fill)
            block(x, y + high / 2, wide, high / 2, mix(fill, p.INK, 0.28))
    for x, y, fill in ((250, 288, p.CORAL), (760, 355, p.AMBER), (1010, 288, p.ICE)):
        block(x, y, 84, 38, fill)
        block(x + 22, y + 5, 36, 28, p.INK)
    for k in range(11):
        for y in (206, 470):
            x, r = -60 + k * 130 + (40 if y > 300 else 0), chance.uniform(42, 58)
            ((tx, ty),) = turned([(x, y)], -12, middle)
            fill = (p.LEAF, p.FOREST, p.TEAL, p.LEAF)[chance.randrange(4)]
            c.disc(tx + 12, ty + 14, r, p.INK, 0.28)
            c.disc(tx, ty, r, fill)
            c.disc(tx - r * 0.18, ty - r * 0.2, r * 0.62, mix(fill, p.LIME, 0.35))
            c.disc(tx, ty, 9, p.PAPER)
    return c


def grain() -> Canvas:
    """Ears of wheat whose heights go up and down like prices."""
    c = Canvas(mix(p.AMBER, p.PAPER, 0.1))
    c.disc(940, 190, 120, p.PAPER)
    heights = (250, 300, 380, 330, 420, 505, 440, 350, 395, 300, 360)
    c.shape(down_to_floor(smooth([(-20, 560), (400, 536), (800, 566), (1220, 540)])), p.OCHRE)
    for k, height in enumerate(heights):
        x = 80 + k * 104
        fill = p.CORAL if height == max(heights) else p.BRICK
        _ear(c, x, 640, height, fill)
    c.shape(down_to_floor(smooth([(-20, 622), (400, 606), (800, 630), (1220, 612)])), p.EARTH)
    return c


def _ear(c: Canvas, x: float, floor: float, height: float, fill: str) -> None:
    top = floor - height
    c.line([(x, floor), (x, top + 30)], fill, 8)
    kernel = smooth([(0, 0), (22, -14), (26, -44), (4, -28)], 8, closed=True)
    for k in range(5):
        for side in (-1, 1):
            c.shape([(x + side * (a + 3), top + 150 - k * 31 + b) for a, b in kernel], fill)
            if k > 2:
                y = top + 150 - k * 31 - 40
                c.line([(x + side * 25, y), (x + side * 34, y - 46)], fill, 3)
    c.shape(
        smooth(
            [(x, top + 6), (x + 12, top - 22), (x, top - 52), (x - 12, top - 22)], 8, closed=True
        ),
        fill,
    )
