"""The three covers: one composition, a great disc over layered land, through the autumn."""

from __future__ import annotations

from examples.pictures import palette as p
from examples.pictures.canvas import Canvas, Point, down_to_floor, mix, seeded, smooth, turned, wave

_MIDDLE: Point = (600, 330)


def _stage(sky: str, disc: str, halo: float) -> Canvas:
    c = Canvas(sky)
    for r, share in ((330, halo * 0.4), (272, halo)):
        c.disc(*_MIDDLE, r, mix(sky, disc, share))
    c.disc(*_MIDDLE, 215, disc)
    return c


def august() -> Canvas:
    """The sun over a summer sea, two sails before it."""
    c = _stage(p.SAND, p.CORAL, 0.35)
    seas = [mix(p.SKY, p.NAVY, share) for share in (0.0, 0.25, 0.5, 0.75, 1.0)]
    for i, fill in enumerate(seas):
        if i == 2:
            _sail(c, 480, 490, 1.0)
        if i == 1:
            _sail(c, 760, 416, 0.55)
        c.shape(down_to_floor(wave(400 + i * 62, 14 + i * 3, 300 + i * 90, i * 130)), fill)
    for x, y in ((250, 150), (330, 190), (930, 130)):
        for side in (-1, 1):
            c.line(smooth([(x, y), (x + side * 16, y - 14), (x + side * 38, y - 8)]), p.INK, 5)
    return c


def _sail(c: Canvas, x: float, y: float, size: float) -> None:
    def at(points: list[Point]) -> list[Point]:
        return [(x + a * size, y + b * size) for a, b in points]

    c.shape(at([(-90, -40), (96, -40), (64, 20), (-64, 20)]), p.INK)
    c.shape(at([(8, -56), *smooth([(8, -280), (60, -180), (100, -56)])]), p.PAPER)
    c.shape(at([(-8, -56), *smooth([(-8, -240), (-40, -150), (-84, -56)])]), p.AMBER)


def september() -> Canvas:
    """A low sun over ploughed strips, with poplars along the ridge."""
    c = _stage(mix(p.ICE, p.MINT, 0.35), p.AMBER, 0.45)
    c.shape(
        down_to_floor(smooth([(-20, 420), (240, 350), (520, 410), (820, 340), (1220, 410)])), p.SEA
    )
    for x, high in (
        (170, 120),
        (214, 150),
        (258, 110),
        (870, 150),
        (916, 180),
        (962, 140),
        (1008, 110),
    ):
        _poplar(c, x, 392, high)
    c.shape(
        down_to_floor(smooth([(-20, 430), (300, 396), (640, 450), (940, 390), (1220, 440)])),
        p.FOREST,
    )
    strips = (p.LIME, p.LEAF, p.OCHRE, p.SAND, p.LEAF, p.AMBER, p.BRICK, p.LIME, p.FOREST, p.OCHRE)
    field = Canvas(p.LEAF)
    count, bend = len(strips), 118
    for k, fill in enumerate(strips):
        left, right = -1100 + k * 340, -1100 + (k + 1) * 340
        top_left, top_right = 180 + k * bend - 180, 180 + (k + 1) * bend - 180
        field.shape([(top_left, 420), (top_right, 420), (right, 700), (left, 700)], fill)
        if k % 2 == 0 and k < count:
            for cut in (0.25, 0.5, 0.75):
                top = top_left + (top_right - top_left) * cut
                low = left + (right - left) * cut
                field.line([(top, 420), (low, 700)], mix(fill, p.INK, 0.16), 5)
    c.within(
        down_to_floor(smooth([(-20, 520), (280, 470), (620, 500), (900, 462), (1220, 520)])), field
    )
    return c


def _poplar(c: Canvas, x: float, floor: float, high: float) -> None:
    crown = smooth(
        [
            (x, floor - high),
            (x + 17, floor - high * 0.5),
            (x + 11, floor),
            (x - 11, floor),
            (x - 17, floor - high * 0.5),
        ],
        closed=True,
    )
    c.shape(crown, p.FOREST)


def october() -> Canvas:
    """A pale moon behind bare hills, the last leaves in the air."""
    chance = seeded(17)
    c = _stage(p.PLUM, p.PAPER, 0.22)
    for x, y, r in ((520, 250, 36), (660, 210, 22), (690, 330, 44), (560, 400, 26), (470, 350, 18)):
        c.disc(x, y, r, mix(p.PAPER, p.SAND, 0.65))
    hills = ((420, mix(p.PLUM, p.CORAL, 0.55)), (490, p.BRICK), (570, mix(p.BRICK, p.INK, 0.6)))
    for i, (y, fill) in enumerate(hills):
        line = smooth([(-20 + k * 248, y + (36 if (k + i) % 2 else -34)) for k in range(6)])
        c.shape(down_to_floor(line), fill)
    c.shape(down_to_floor(smooth([(-20, 640), (400, 616), (800, 650), (1220, 620)])), p.INK)
    _bare_tree(c, (270, 650), -90, 150, 20)
    for _ in range(26):
        x, y = chance.uniform(330, 1160), chance.uniform(60, 600)
        leaf = smooth([(x - 20, y), (x, y - 11), (x + 22, y), (x, y + 11)], 8, closed=True)
        c.shape(
            turned(leaf, chance.uniform(0, 180), (x, y)), chance.choice((p.AMBER, p.CORAL, p.OCHRE))
        )
    return c


def _bare_tree(c: Canvas, foot: Point, heading: float, length: float, width: float) -> None:
    tip = turned([(foot[0] + length, foot[1])], heading, foot)[0]
    c.line([foot, tip], p.INK, width)
    if width > 3:
        for turn, share in ((-31, 0.78), (24, 0.74), (-4, 0.62)):
            _bare_tree(c, tip, heading + turn, length * share, width * 0.62)
