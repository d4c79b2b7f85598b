"""Pictures of streets, houses and institutions."""

from __future__ import annotations

from examples.pictures import palette as p
from examples.pictures.canvas import WIDTH, Canvas, Point, arc, mix, seeded, smooth


def routes() -> Canvas:
    """Bus lines and a ferry on a plain map, meeting at one landing."""
    ground = mix(p.PAPER, p.SAND, 0.35)
    c = Canvas(ground)
    for x, y, r in ((150, 120, 150), (1010, 590, 190), (470, 660, 130)):
        c.disc(x, y, r, mix(ground, p.LEAF, 0.28))
    water = smooth(
        [
            (1220, 60),
            (1010, 90),
            (900, 190),
            (880, 330),
            (760, 420),
            (560, 430),
            (380, 520),
            (300, 700),
        ]
    )
    c.line(water, mix(p.SKY, p.PAPER, 0.25), 150)
    c.line(water, p.SKY, 118)
    ferry = smooth([(790, 408), (870, 320), (905, 190), (1010, 100), (1150, 72)])
    c.dashes(ferry, p.PAPER, 9, 4, 22)
    lines: list[tuple[list[Point], str, tuple[Point, ...]]] = [
        (
            [(-20, 250), (170, 250), (330, 410), (560, 410), (690, 280), (690, -20)],
            p.CORAL,
            ((70, 250), (245, 325), (450, 410), (690, 120)),
        ),
        (
            [(320, -20), (320, 150), (560, 390), (560, 560), (640, 640), (900, 640)],
            p.INK,
            ((320, 70), (400, 230), (560, 500), (780, 640)),
        ),
        (
            [(-20, 600), (140, 600), (330, 410), (790, 410), (1010, 410), (1220, 410)],
            p.TEAL,
            ((60, 600), (230, 510), (930, 410), (1080, 410)),
        ),
        ([(1080, 700), (1080, 410), (1080, 250), (1220, 250)], p.AMBER, ((1080, 540), (1150, 250))),
    ]
    for points, fill, _ in lines:
        c.line(points, fill, 19)
    for _, fill, stops in lines:
        for x, y in stops:
            c.disc(x, y, 17, fill)
            c.disc(x, y, 9.5, p.PAPER)
    c.box(306, 386, 278, 48, p.INK, 24)
    c.box(315, 395, 260, 30, p.PAPER, 15)
    for x, y in ((790, 410), (1080, 410), (1150, 72)):
        c.disc(x, y, 28, p.INK)
        c.disc(x, y, 17, p.PAPER)
    return c


def rooftops() -> Canvas:
    """A row of houses with panels on the roofs, the sun behind them."""
    c = Canvas(mix(p.AMBER, p.PAPER, 0.35))
    for r, share in ((400, 0.35), (290, 0.65), (180, 1.0)):
        c.disc(600, 470, r, mix(mix(p.AMBER, p.PAPER, 0.35), p.CORAL, share * 0.9))
    far = mix(p.CORAL, p.PLUM, 0.55)
    for x, wide, high in (
        (-10, 120, 300),
        (170, 100, 360),
        (430, 110, 330),
        (640, 120, 400),
        (860, 100, 340),
        (1060, 150, 310),
    ):
        c.box(x, 675 - high, wide, high, far)
        c.shape([(x - 8, 675 - high), (x + wide / 2, 600 - high), (x + wide + 8, 675 - high)], far)
    houses = (
        (-60, 250, 200, p.TEAL),
        (205, 210, 270, p.PLUM),
        (430, 260, 190, p.BRICK),
        (705, 220, 250, p.INK),
        (940, 300, 210, p.TEAL),
    )
    for i, (x, wide, high, wall) in enumerate(houses):
        top = 675 - high
        c.box(x, top, wide, high, wall)
        roof = 118
        slate = mix(wall, p.INK, 0.5)
        c.box(x + wide * 0.72, top - roof - 34, 30, 70, slate)
        left, right, inset = x - 16, x + wide + 16, 44
        c.shape(
            [(left, top), (left + inset, top - roof), (right - inset, top - roof), (right, top)],
            slate,
        )
        _panels(c, (left + 22, right - 22, inset - 6), top - 14, roof - 28)
        for k in range(wide // 70):
            for row in range(2 if high > 205 else 1):
                wx = x + (wide - (wide // 70) * 70) / 2 + k * 70 + 16
                lit = (i + k * 2 + row) % 3 == 0
                c.box(
                    wx, top + 34 + row * 92, 38, 54, p.AMBER if lit else mix(wall, p.PAPER, 0.3), 4
                )
    return c


def _panels(c: Canvas, span: tuple[float, float, float], floor: float, high: float) -> None:
    left, right, inset = span
    columns, rows = round((right - left) / 52), 2

    def at(column: float, row: float) -> Point:
        slant = inset * row / rows
        width = right - left - 2 * slant
        return left + slant + width * column / columns, floor - high * row / rows

    for column in range(columns):
        for row in range(rows):
            gap = 0.055
            cell = [
                at(column + gap, row + gap),
                at(column + 1 - gap, row + gap),
                at(column + 1 - gap, row + 1 - gap),
                at(column + gap, row + 1 - gap),
            ]
            c.shape(cell, p.SKY)
            c.shape([cell[0], cell[3], cell[2]], mix(p.SKY, p.PAPER, 0.45))


def court() -> Canvas:
    """A courthouse front with one column mended in another colour."""
    c = Canvas(p.SKY)
    for x, y, r in (
        (150, 190, 60),
        (215, 165, 84),
        (300, 196, 56),
        (930, 120, 50),
        (1000, 100, 72),
        (1075, 124, 52),
    ):
        c.disc(x, y, r, mix(p.SKY, p.PAPER, 0.6))
    c.box(80, 190, 300, 70, p.SKY)
    c.box(860, 126, 290, 60, p.SKY)
    stone, shade = p.PAPER, p.NAVY
    c.box(258, 280, 684, 290, shade)
    c.shape([(600, 82), (978, 236), (222, 236)], stone)
    c.shape([(600, 122), (868, 222), (332, 222)], p.SAND)
    c.disc(600, 182, 30, p.CORAL)
    c.line([(587, 182), (597, 193), (615, 171)], p.PAPER, 7)
    c.box(232, 236, 736, 46, stone)
    c.box(232, 274, 736, 10, p.SAND)
    for k in range(6):
        x = 270 + k * 120
        mended = k == 4
        fill = p.CORAL if mended else stone
        c.box(x - 12, 284, 84, 20, fill)
        c.box(x, 304, 60, 236, fill)
        for groove in (14, 28, 42):
            c.box(x + groove, 314, 5, 216, mix(fill, p.INK, 0.16))
        c.box(x - 12, 540, 84, 20, fill)
    for k in range(3):
        c.box(222 - k * 34, 560 + k * 26, 756 + k * 68, 26, (stone, p.SAND, stone)[k])
    c.box(0, 638, WIDTH, 60, p.TEAL)
    for x in (60, 1140):
        c.shape(
            smooth(
                [(x, 420), (x + 54, 540), (x + 30, 640), (x - 30, 640), (x - 54, 540)], closed=True
            ),
            p.FOREST,
        )
    return c


def portal() -> Canvas:
    """A great arch going dark while its boxes travel to three smaller doors."""
    chance = seeded(2)
    c = Canvas(p.INK)
    for _ in range(40):
        c.disc(chance.uniform(0, WIDTH), chance.uniform(0, 330), 2.2, mix(p.INK, p.ICE, 0.45))
    c.box(0, 560, WIDTH, 140, mix(p.INK, p.VIOLET, 0.32))
    rings = (
        (300, p.VIOLET),
        (248, mix(p.VIOLET, p.CORAL, 0.5)),
        (196, p.CORAL),
        (144, p.AMBER),
        (92, p.PAPER),
    )
    for half, fill in rings:
        c.shape(_door(330, 560, half, half + 195), fill)
    leaf = [(330 - 92, 560), (330 - 92, 310), (330 - 20, 262), (330 - 20, 560)]
    c.within(_door(330, 560, 92, 287), _half(leaf))
    homes = ((760, p.TEAL, 150), (925, p.CORAL, 220), (1090, p.AMBER, 165))
    for x, fill, high in homes:
        c.shape(_door(x, 560, 66, high + 40), fill)
        c.shape(_door(x, 560, 44, high), mix(fill, p.PAPER, 0.72))
    c.shape([(238, 560), (422, 560), (560, 700), (100, 700)], p.AMBER, 0.25)
    ways = ((760, 606, p.CORAL, 590), (925, 632, p.TEAL, 700), (1090, 658, p.AMBER, 840))
    for x, low, fill, place in ways:
        way = [(440, low), (x - 60, low), (x - 18, low - 10), (x, low - 34), (x, 572)]
        c.dashes(way, p.PAPER, 5, 3, 17)
        c.box(place - 28, low - 36, 56, 44, fill, 5)
        c.box(place - 28, low - 36, 56, 13, mix(fill, p.INK, 0.3), 5)
        c.box(place - 6, low - 36, 12, 21, p.PAPER)
    return c


def _door(x: float, floor: float, half: float, high: float) -> list[Point]:
    return [(x + half, floor), *arc(x, floor - high + half, half, half, 0, -180), (x - half, floor)]


def _half(leaf: list[Point]) -> Canvas:
    c = Canvas(p.PAPER)
    c.box(0, 0, 310, 700, p.EARTH)
    c.disc(294, 450, 8, p.AMBER)
    c.line([leaf[2], leaf[3]], p.INK, 4)
    return c
