"""Pictures of books, tables, patterns and signals."""

from __future__ import annotations

import math
import random

from examples.pictures import palette as p
from examples.pictures.canvas import HEIGHT, WIDTH, Canvas, Point, arc, mix, smooth, turned


def registers() -> Canvas:
    """An open register with lines of handwriting, one of them marked."""
    chance = random.Random(23)
    c = Canvas(p.BRICK)
    c.shape([(112, 112), (600, 130), (1088, 112), (1088, 610), (600, 628), (112, 610)],
            mix(p.BRICK, p.INK, 0.45))
    for side in (-1, 1):
        page = [(600, 96), *smooth([(600 + side * 40, 78), (600 + side * 240, 66),
                                    (600 + side * 470, 76)]),
                (600 + side * 470, 586), *smooth([(600 + side * 470, 586), (600 + side * 240, 576),
                                                  (600 + side * 40, 590), (600, 606)])]
        c.shape(page, p.PAPER if side > 0 else mix(p.PAPER, p.SAND, 0.5))
    c.shape([(600, 96), (640, 78), (640, 590), (600, 606)], p.SAND)
    c.box(660, 272, 372, 54, p.AMBER, 8)
    for left, wide in ((172, 370), (676, 340)):
        for row in range(7):
            y = 138 + row * 64
            length = wide * (1 if row % 3 else chance.uniform(0.6, 0.85))
            _hand(c, chance, left, y + 18, length)
            if left < 600:
                c.line([(left, y + 40), (left + wide, y + 40)], p.SAND, 2)
    c.shape([(882, 40), (922, 40), (922, 170), (902, 150), (882, 170)], p.TEAL)
    return c


def _hand(c: Canvas, chance: random.Random, x: float, y: float, length: float) -> None:
    end, ink = x + length, p.NAVY
    while x < end - 26:
        word: list[Point] = [(x, y)]
        for _ in range(chance.randrange(3, 7)):
            if x > end - 30:
                break
            tall = chance.choice((13, 13, 15, 30, -20))
            word += [(x + 8, y - tall), (x + 3, y - tall * 0.8), (x + 8, y + 2), (x + 14, y - 3)]
            x += chance.uniform(14, 18)
        c.line(smooth(word, 8), ink, 3.6)
        x += chance.uniform(18, 30)


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
        c.shape([(x, y), (x + rx * 1.1, y - rx * 0.17), (x + rx * 1.1, y + 6)],
                mix(p.TEAL, p.INK, 0.45))
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
            c.line(arc(x, y + 10, reach, reach * 0.27, start, start + 20),
                   mix(p.TEAL, p.MINT, 0.5 - k * 0.2), 6)
    return c


def stacks() -> Canvas:
    """Library shelves on which servers stand between the books."""
    chance = random.Random(31)
    c = Canvas(p.PLUM)
    books = (p.CORAL, p.AMBER, p.TEAL, p.ROSE, p.PAPER, p.SKY, p.BRICK, p.MINT)
    servers = {0: (2,), 1: (0, 3), 2: (1,)}
    for row in range(3):
        floor = 214 + row * 206
        c.box(0, floor - 178, WIDTH, 178, mix(p.PLUM, p.INK, 0.55))
        for bay in range(4):
            x = 30.0 + bay * 292
            if bay in servers[row]:
                for unit in range(3):
                    _server(c, x + 4, floor - 160 + unit * 53, chance)
                continue
            end = x + 264
            while x < end - 22:
                wide, high = chance.choice((24, 30, 36, 42)), chance.uniform(108, 158)
                wide = min(wide, end - x)
                fill = books[chance.randrange(len(books))]
                c.box(x, floor - high, wide - 4, high, fill, 3)
                for band in (0.16, 0.8):
                    c.box(x, floor - high * band - 8, wide - 4, 8, mix(fill, p.INK, 0.4))
                x += wide
        c.box(0, floor, WIDTH, 18, p.OCHRE)
    for x in (-6, 286, 578, 870, 1188):
        c.box(x, 0, 18, HEIGHT, mix(p.OCHRE, p.EARTH, 0.35))
    return c


def _server(c: Canvas, x: float, y: float, chance: random.Random) -> None:
    c.box(x, y, 256, 47, p.INK, 7)
    c.box(x + 5, y + 5, 246, 37, p.NAVY, 5)
    for k in range(9):
        c.box(x + 20 + k * 14, y + 13, 6, 21, mix(p.NAVY, p.SKY, 0.35), 3)
    for k in range(4):
        fill = p.AMBER if chance.random() < 0.3 else p.MINT
        c.disc(x + 168 + k * 22, y + 23.5, 6.5, fill)


def dictionary() -> Canvas:
    """Two speech bubbles over an open dictionary: a word in signs, a voice with a pause."""
    c = Canvas(p.TEAL)
    c.shape([(270, 560), (600, 590), (930, 560), (930, 628), (600, 656), (270, 628)], p.INK)
    for side in (-1, 1):
        page = smooth([(600, 600), (600 + side * 60, 566), (600 + side * 190, 552),
                       (600 + side * 310, 572)])
        c.shape([*page, (600 + side * 310, 478), *smooth(
            [(600 + side * 310, 478), (600 + side * 190, 456), (600 + side * 60, 470), (600, 506)])],
            p.PAPER if side > 0 else p.SAND)
        for row in range(3):
            y = 492 + row * 26
            c.line([(600 + side * 90, y), (600 + side * (270 - row * 34), y + 4)],
                   mix(p.SAND, p.EARTH, 0.35), 7)
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
            c.line(smooth([(x - 32, 206), (x - 14, 178), (x + 12, 216), (x + 32, 186)]), p.PAPER, 15)
    c.box(664, 122, 440, 226, p.AMBER, 52)
    c.shape([(700, 330), (800, 330), (660, 432)], p.AMBER)
    for k in range(15):
        if k in (8, 9):
            c.disc(716 + k * 24, 235, 5.5, p.INK)
            continue
        size = 22 + 92 * abs(math.sin(k * 0.92 + 0.4))
        c.box(709 + k * 24, 235 - size / 2, 14, size, p.INK, 7)
    return c


def tables() -> Canvas:
    """A table of which four cells are wrong, one of them under a reading glass."""
    c = Canvas(mix(p.SKY, p.BLUE, 0.55))
    c.box(132, 82, 960, 530, p.INK, 22, 0.28)
    c.box(120, 66, 960, 530, p.PAPER, 22)
    c.box(120, 66, 960, 88, p.NAVY, 22)
    c.box(120, 120, 960, 34, p.NAVY)
    lengths = random.Random(8)
    wrong = {(0, 3), (1, 1), (3, 2)}
    for column in range(4):
        x = 156 + column * 236
        c.box(x, 100, 120, 20, mix(p.NAVY, p.SKY, 0.8), 10)
        for row in range(5):
            y = 154 + row * 88
            if (column, row) in wrong:
                c.box(120 + column * 240 + 8, y + 9, 224, 70, p.CORAL, 12)
            fill = p.PAPER if (column, row) in wrong else mix(p.PAPER, p.INK, 0.3)
            c.box(x, y + 34, lengths.uniform(80, 160), 20, fill, 10)
    for row in range(1, 5):
        c.line([(140, 154 + row * 88), (1060, 154 + row * 88)], mix(p.PAPER, p.INK, 0.12), 3)
    for column in range(1, 4):
        c.line([(120 + column * 240, 170), (120 + column * 240, 580)], mix(p.PAPER, p.INK, 0.12), 3)
    x, y = 720.0, 374.0
    c.line([(x + 96, y + 96), (x + 236, y + 236)], p.INK, 40)
    c.line([(x + 150, y + 150), (x + 236, y + 236)], p.AMBER, 40)
    glass = Canvas(mix(p.PAPER, p.ICE, 0.6))
    glass.box(600, 314, 190, 116, p.CORAL, 18)
    glass.box(640, 356, 120, 32, p.PAPER, 16)
    c.within(arc(x, y, 130, 130, 0, 360), glass)
    c.ring(x, y, 130, 22, p.INK)
    return c


def loom() -> Canvas:
    """A weaving draft as weavers write it: threading, tie-up, treadling and the cloth."""
    c = Canvas(p.PAPER)
    shafts, ends, picks, cell = 8, 42, 20, 21.0
    threading = [_bounce(k, shafts) for k in range(ends)]
    treadling = [_bounce(k, shafts) for k in range(picks)]
    tie_up = [[(shaft - treadle) % shafts in (0, 1, 4, 6) for shaft in range(shafts)]
              for treadle in range(shafts)]
    left, top = 60.0, 62.0
    cloth_top, right = top + shafts * 15 + 26, left + ends * cell + 26
    for k, shaft in enumerate(threading):
        for row in range(shafts):
            on = row == shafts - 1 - shaft
            c.box(left + k * cell + 1.5, top + row * 15 + 1.5, cell - 3, 12,
                  p.BRICK if on else mix(p.PAPER, p.SAND, 0.6))
    for k, treadle in enumerate(treadling):
        for column in range(shafts):
            c.box(right + column * 20 + 1.5, cloth_top + k * cell + 1.5, 17, cell - 3,
                  p.TEAL if column == treadle else mix(p.PAPER, p.SAND, 0.6))
    for treadle in range(shafts):
        for shaft in range(shafts):
            c.box(right + treadle * 20 + 1.5, top + (shafts - 1 - shaft) * 15 + 1.5, 17, 12,
                  p.INK if tie_up[treadle][shaft] else mix(p.PAPER, p.SAND, 0.6))
    c.box(left, cloth_top, ends * cell, picks * cell, p.AMBER)
    for pick, treadle in enumerate(treadling):
        for end, shaft in enumerate(threading):
            if tie_up[treadle][shaft]:
                c.box(left + end * cell, cloth_top + pick * cell, cell, cell,
                      p.PLUM if 12 <= end < 30 else p.BRICK)
    return c


def _bounce(step: int, size: int) -> int:
    place = step % (2 * size - 2)
    return place if place < size else 2 * size - 2 - place


def thimble() -> Canvas:
    """A cloud of readings, and the few that a straight line does not foresee."""
    chance = random.Random(41)
    c = Canvas(p.INK)
    for x in range(100, WIDTH, 100):
        c.line([(x, 0), (x, HEIGHT)], mix(p.INK, p.SKY, 0.1), 2)
    for y in range(37, HEIGHT, 100):
        c.line([(0, y), (WIDTH, y)], mix(p.INK, p.SKY, 0.1), 2)
    kept: list[Point] = [(60, 500), (250, 430), (400, 180), (520, 260), (690, 240), (820, 520),
                         (960, 470), (1140, 140)]
    c.shape([*kept, (1140, 700), (60, 700)], p.BLUE, 0.42)
    for (x0, y0), (x1, y1) in zip(kept, kept[1:], strict=False):
        count = round(math.dist((x0, y0), (x1, y1)) / 15)
        for k in range(count):
            share = k / count
            c.disc(x0 + (x1 - x0) * share, y0 + (y1 - y0) * share + chance.gauss(0, 24), 7,
                   mix(p.INK, p.SKY, 0.72))
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
