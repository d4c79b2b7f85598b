"""Pictures of books, shelves, tables and patterns."""

from __future__ import annotations

import random

from examples.pictures import palette as p
from examples.pictures.canvas import HEIGHT, WIDTH, Canvas, Point, arc, mix, seeded, smooth


def registers() -> Canvas:
    """An open register with lines of handwriting, one of them marked."""
    chance = seeded(23)
    c = Canvas(p.BRICK)
    c.shape(
        [(112, 112), (600, 130), (1088, 112), (1088, 610), (600, 628), (112, 610)],
        mix(p.BRICK, p.INK, 0.45),
    )
    for side in (-1, 1):
        page = [
            (600, 96),
            *smooth([(600 + side * 40, 78), (600 + side * 240, 66), (600 + side * 470, 76)]),
            (600 + side * 470, 586),
            *smooth(
                [
                    (600 + side * 470, 586),
                    (600 + side * 240, 576),
                    (600 + side * 40, 590),
                    (600, 606),
                ]
            ),
        ]
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


def stacks() -> Canvas:
    """Library shelves on which servers stand between the books."""
    chance = seeded(31)
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


def tables() -> Canvas:
    """A table of which four cells are wrong, one of them under a reading glass."""
    c = Canvas(mix(p.SKY, p.BLUE, 0.55))
    c.box(132, 82, 960, 530, p.INK, 22, 0.28)
    c.box(120, 66, 960, 530, p.PAPER, 22)
    c.box(120, 66, 960, 88, p.NAVY, 22)
    c.box(120, 120, 960, 34, p.NAVY)
    lengths = seeded(8)
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
    tie_up = [
        [(shaft - treadle) % shafts in (0, 1, 4, 6) for shaft in range(shafts)]
        for treadle in range(shafts)
    ]
    left, top = 60.0, 62.0
    cloth_top, right = top + shafts * 15 + 26, left + ends * cell + 26
    for k, shaft in enumerate(threading):
        for row in range(shafts):
            on = row == shafts - 1 - shaft
            c.box(
                left + k * cell + 1.5,
                top + row * 15 + 1.5,
                cell - 3,
                12,
                p.BRICK if on else mix(p.PAPER, p.SAND, 0.6),
            )
    for k, treadle in enumerate(treadling):
        for column in range(shafts):
            c.box(
                right + column * 20 + 1.5,
                cloth_top + k * cell + 1.5,
                17,
                cell - 3,
                p.TEAL if column == treadle else mix(p.PAPER, p.SAND, 0.6),
            )
    for treadle in range(shafts):
        for shaft in range(shafts):
            c.box(
                right + treadle * 20 + 1.5,
                top + (shafts - 1 - shaft) * 15 + 1.5,
                17,
                12,
                p.INK if tie_up[treadle][shaft] else mix(p.PAPER, p.SAND, 0.6),
            )
    c.box(left, cloth_top, ends * cell, picks * cell, p.AMBER)
    for pick, treadle in enumerate(treadling):
        for end, shaft in enumerate(threading):
            if tie_up[treadle][shaft]:
                c.box(
                    left + end * cell,
                    cloth_top + pick * cell,
                    cell,
                    cell,
                    p.PLUM if 12 <= end < 30 else p.BRICK,
                )
    return c


def _bounce(step: int, size: int) -> int:
    place = step % (2 * size - 2)
    return place if place < size else 2 * size - 2 - place
