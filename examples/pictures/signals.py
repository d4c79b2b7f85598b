"""Pictures of voices, readings and clocks."""

from __future__ import annotations

import math
from itertools import pairwise

from examples.pictures import palette as p
from examples.pictures.canvas import HEIGHT, WIDTH, Canvas, Point, arc, mix, seeded, smooth, turned


def frogs() -> Canvas:
    """A frog at the water line; the sound of the pond above, its mirror below."""
    night = mix(p.FOREST, p.INK, 0.55)
    c = Canvas(night)
    c.disc(985, 130, 70, p.PAPER)
    c.disc(958, 116, 62, night)
    c.box(0, 400, WIDTH, 300, mix(p.TEAL, p.INK, 0.45))
    for k in range(56):
        x = 20 + k * 21
        size = 18 + 150 * abs(math.sin(k * 0.41) * math.sin(k * 0.155 + 0.5)) + 16 * (k % 3)
        c.box(x - 6, 392 - size, 12, size, mix(p.MINT, p.LIME, (k % 7) / 7), 6)
        c.box(x - 6, 408, 12, size * 0.62, mix(p.TEAL, p.INK, 0.08), 6)
    for x, y, rx in ((170, 560, 120), (1010, 540, 140), (760, 624, 90)):
        c.oval(x, y, rx, rx * 0.26, p.LEAF)
        c.shape(
            [(x, y), (x + rx * 1.1, y - rx * 0.17), (x + rx * 1.1, y + 6)], mix(p.TEAL, p.INK, 0.45)
        )
    c.disc(968, 514, 22, p.ROSE)
    c.disc(990, 506, 16, p.PAPER)
    x, y = 470.0, 470.0
    for side in (-1, 1):
        c.disc(x + side * 96, y - 120, 58, p.LEAF)
    c.shape([*arc(x, y, 200, 132, 180, 360), *arc(x, y, 200, 40, 0, 180)], p.LEAF)
    c.shape([*arc(x, y + 4, 176, 60, 0, 180)], p.LIME)
    for side in (-1, 1):
        c.disc(x + side * 96, y - 124, 40, p.PAPER)
        c.oval(x + side * 90, y - 124, 27, 15, p.INK)
        c.oval(x + side * 26, y - 62, 6, 4, p.FOREST)
    c.line(arc(x, y - 96, 150, 92, 24, 156), p.FOREST, 7)
    for k, reach in enumerate((236, 290)):
        for start in (158, 2):
            c.line(
                arc(x, y + 10, reach, reach * 0.27, start, start + 20),
                mix(p.TEAL, p.MINT, 0.5 - k * 0.2),
                6,
            )
    return c


def dictionary() -> Canvas:
    """Two speech bubbles over an open dictionary: a word in signs, a voice with a pause."""
    c = Canvas(p.TEAL)
    c.shape([(270, 560), (600, 590), (930, 560), (930, 628), (600, 656), (270, 628)], p.INK)
    for side in (-1, 1):
        page = smooth(
            [(600, 600), (600 + side * 60, 566), (600 + side * 190, 552), (600 + side * 310, 572)]
        )
        c.shape(
            [
                *page,
                (600 + side * 310, 478),
                *smooth(
                    [
                        (600 + side * 310, 478),
                        (600 + side * 190, 456),
                        (600 + side * 60, 470),
                        (600, 506),
                    ]
                ),
            ],
            p.PAPER if side > 0 else p.SAND,
        )
        for row in range(3):
            y = 492 + row * 26
            c.line(
                [(600 + side * 90, y), (600 + side * (270 - row * 34), y + 4)],
                mix(p.SAND, p.EARTH, 0.35),
                7,
            )
    c.box(96, 66, 520, 262, p.CORAL, 52)
    c.shape([(430, 310), (536, 310), (560, 424)], p.CORAL)
    for k, x in enumerate((196, 302, 408, 514)):
        if k == 0:
            c.ring(x, 196, 32, 15, p.PAPER)
            c.disc(x, 196, 9, p.PAPER)
        elif k == 1:
            c.line([(x - 32, 226), (x, 166), (x + 32, 226)], p.PAPER, 15)
        elif k == 2:
            c.line(arc(x, 200, 32, 36, 180, 360), p.PAPER, 15)
            c.line([(x, 196), (x, 228)], p.PAPER, 15)
        else:
            c.line(
                smooth([(x - 32, 206), (x - 14, 178), (x + 12, 216), (x + 32, 186)]), p.PAPER, 15
            )
    c.box(664, 122, 440, 226, p.AMBER, 52)
    c.shape([(700, 330), (800, 330), (660, 432)], p.AMBER)
    for k in range(15):
        if k in (8, 9):
            c.disc(716 + k * 24, 235, 5.5, p.INK)
            continue
        size = 22 + 92 * abs(math.sin(k * 0.92 + 0.4))
        c.box(709 + k * 24, 235 - size / 2, 14, size, p.INK, 7)
    return c


def thimble() -> Canvas:
    """A cloud of readings, and the few that a straight line does not foresee."""
    chance = seeded(41)
    c = Canvas(p.INK)
    for x in range(100, WIDTH, 100):
        c.line([(x, 0), (x, HEIGHT)], mix(p.INK, p.SKY, 0.1), 2)
    for y in range(37, HEIGHT, 100):
        c.line([(0, y), (WIDTH, y)], mix(p.INK, p.SKY, 0.1), 2)
    kept: list[Point] = [
        (60, 500),
        (250, 430),
        (400, 180),
        (520, 260),
        (690, 240),
        (820, 520),
        (960, 470),
        (1140, 140),
    ]
    c.shape([*kept, (1140, 700), (60, 700)], p.BLUE, 0.42)
    for (x0, y0), (x1, y1) in pairwise(kept):
        count = round(math.dist((x0, y0), (x1, y1)) / 15)
        for k in range(count):
            share = k / count
            c.disc(
                x0 + (x1 - x0) * share,
                y0 + (y1 - y0) * share + chance.gauss(0, 24),
                7,
                mix(p.INK, p.SKY, 0.72),
            )
    c.line(kept, p.AMBER, 9)
    for x, y in kept:
        c.disc(x, y, 26, p.AMBER)
        c.disc(x, y, 15, p.INK)
        c.box(x - 13, 604, 26, 34, p.AMBER, 5)
    return c


def clocks() -> Canvas:
    """Clocks that disagree; one exists only as a dashed plan."""
    c = Canvas(mix(p.CORAL, p.BRICK, 0.35))
    faces = (p.PAPER, p.AMBER, p.PAPER, p.INK, p.PLUM, p.PAPER, p.AMBER, p.PAPER)
    hours = (1.25, 3.5, 8.0, 10.2, 5.75, 7.6, 0.4, 2.9)
    for k, (face, hour) in enumerate(zip(faces, hours, strict=True)):
        x, y = 174 + (k % 4) * 284, 180 + (k // 4) * 316
        planned = k == 5
        dark = face in (p.INK, p.PLUM)
        hands = p.PAPER if dark or planned else p.INK
        if planned:
            c.dashes(arc(x, y, 113, 113, 0, 363), p.PAPER, 7, 16, 17)
        else:
            c.disc(x + 8, y + 10, 118, p.INK, 0.3)
            c.disc(x, y, 118, face)
            for tick in range(12):
                mark = [(x, y - 100), (x, y - (84 if tick % 3 == 0 else 92))]
                c.line(turned(mark, tick * 30, (x, y)), hands, 6)
        short = turned([(x, y), (x, y - 52)], hour * 30, (x, y))
        long = turned([(x, y), (x, y - 80)], (hour % 1) * 360, (x, y))
        c.line(short, hands, 7 if planned else 12)
        c.line(long, hands, 5 if planned else 8)
        c.disc(x, y, 11, p.PAPER if planned else p.CORAL)
    return c
