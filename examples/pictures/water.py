"""Pictures of the sea, of rivers and of what stands in them."""

from __future__ import annotations

from examples.pictures import palette as p
from examples.pictures.canvas import (
    WIDTH,
    Canvas,
    Point,
    arc,
    down_to_floor,
    mix,
    smooth,
    turned,
    wave,
)


def tides() -> Canvas:
    """A tide staff between waves, under a low sun."""
    c = Canvas(p.SAND)
    c.disc(820, 300, 190, mix(p.SAND, p.CORAL, 0.25))
    c.disc(820, 300, 135, p.CORAL)
    waters = [mix(p.SKY, p.INK, share) for share in (0.0, 0.28, 0.52, 0.74, 0.92)]
    for i, fill in enumerate(waters[:3]):
        c.shape(down_to_floor(wave(318 + i * 66, 26 + i * 4, 460 + i * 70, 90 + i * 190)), fill)
    c.box(300, 96, 62, 520, p.PAPER, 8)
    for i in range(13):
        wide = 34 if i % 3 == 0 else 18
        c.box(300, 122 + i * 33, wide, 13, p.CORAL if i % 3 == 0 else p.INK)
    for i, fill in enumerate(waters[3:], start=3):
        c.shape(down_to_floor(wave(310 + i * 66, 26 + i * 4, 460 + i * 70, 90 + i * 190)), fill)
    c.line(wave(492, 38, 670, 660)[4:-4], p.AMBER, 5)
    return c


def delta() -> Canvas:
    """A river that splits into arms before the sea, with last spring's course dashed beside it."""
    c = Canvas(p.LIME)
    for i, x in enumerate(range(-180, WIDTH + 160, 105)):
        for j, y in enumerate(range(-20, 640, 90)):
            fill = mix(p.LIME, (p.LEAF, p.SAND, p.FOREST)[(i * i + j * 5 + i * j) % 3], 0.22)
            corner = turned([(x, y), (x + 98, y), (x + 98, y + 83), (x, y + 83)], -14, (600, 300))
            c.shape(corner, fill)
    coast: list[Point] = [
        (-20, 470),
        (110, 500),
        (240, 560),
        (370, 530),
        (480, 592),
        (610, 560),
        (730, 606),
        (860, 545),
        (980, 566),
        (1090, 490),
        (1220, 470),
    ]
    for reach, fill in ((-42, mix(p.LIME, p.SAND, 0.8)), (0, p.SKY), (46, p.BLUE), (92, p.NAVY)):
        c.shape(down_to_floor(smooth([(x, y + reach) for x, y in coast])), fill)
    trunk: list[Point] = [(655, -20), (690, 60), (610, 140), (585, 215)]
    arms: list[tuple[list[Point], float, float]] = [
        (trunk, 50, 44),
        ([(585, 215), (500, 300), (400, 340), (300, 440), (235, 580)], 30, 20),
        ([(585, 215), (620, 310), (580, 400), (620, 490), (612, 590)], 36, 24),
        ([(600, 250), (710, 320), (800, 350), (850, 440), (862, 580)], 28, 20),
        ([(430, 330), (300, 340), (190, 380), (110, 520)], 17, 13),
        ([(590, 385), (500, 440), (470, 520), (484, 610)], 19, 14),
        ([(795, 350), (930, 380), (1020, 430), (1086, 515)], 17, 13),
        ([(606, 440), (690, 500), (728, 620)], 16, 13),
    ]
    for points, start, end in arms:
        path = smooth(points)
        for i, (x, y) in enumerate(path):
            c.disc(x, y, (start + (end - start) * i / len(path)) / 2, p.SKY)
    c.dashes(
        smooth([(x - 62, y + 4) for x, y in trunk[:3]] + [(505, 235), (440, 280)]),
        p.PAPER,
        6,
        18,
        16,
    )
    return c


def bridges() -> Canvas:
    """A viaduct mirrored in still water, an inspector's cradle under its third arch."""
    sky, far, shade = p.MINT, mix(p.MINT, p.SEA, 0.55), mix(p.TEAL, p.INK, 0.6)
    c = Canvas(sky)
    c.disc(905, 150, 92, p.PAPER)
    hills = smooth([(-20, 380), (200, 300), (430, 362), (700, 296), (960, 366), (1220, 310)])
    c.shape([*hills, (1220, 440), (-20, 440)], far)
    c.box(0, 420, WIDTH, 260, p.TEAL)
    spans = (30, 410, 790, 1170)
    stone = Canvas(p.INK)
    for centre in spans:
        stone.within(_arch(centre, 420, 152, 176), c)
    mirror = Canvas(shade)
    for centre in spans:
        mirror.shape([(x, 840 - y) for x, y in _arch(centre, 420, 152, 176)], p.TEAL)
    c.within([(-20, 196), (1220, 196), (1220, 420), (-20, 420)], stone)
    c.within([(-20, 420), (1220, 420), (1220, 700), (-20, 700)], mirror)
    c.box(-20, 196, 1260, 22, p.CORAL)
    c.box(-20, 158, 1260, 8, p.INK)
    for x in range(30, 1200, 63):
        c.box(x - 4, 160, 8, 38, p.INK)
    for x in (746, 834):
        c.line([(x, 200), (x, 352)], p.AMBER, 5)
    c.box(726, 350, 128, 30, p.AMBER, 5)
    c.disc(790, 312, 15, p.CORAL)
    c.box(774, 328, 32, 24, p.INK, 8)
    for x, reach, y in (
        (90, 190, 462),
        (500, 250, 500),
        (900, 170, 540),
        (240, 150, 590),
        (660, 190, 612),
    ):
        c.line([(x, y), (x + reach, y)], p.MINT, 5)
    return c


def _arch(x: float, floor: float, half: float, height: float) -> list[Point]:
    top = arc(x, floor - height + half, half, half, 0, -180)
    return [(x + half, floor), *top, (x - half, floor)]


def sea_floor() -> Canvas:
    """A fishing boat sounding layers of sea bed cut like paper."""
    c = Canvas(p.PAPER)
    c.disc(240, 96, 52, p.AMBER)
    c.shape(down_to_floor(wave(170, 7, 200)), p.SKY)
    c.shape([(655, 186), (330, 690), (960, 690)], p.PAPER, 0.42)
    beds: list[tuple[list[float], str]] = [
        ([300, 330, 420, 470, 430, 455, 395, 300, 270], mix(p.SKY, p.BLUE, 0.45)),
        ([390, 400, 480, 535, 505, 520, 480, 400, 350], p.BLUE),
        ([480, 490, 545, 590, 575, 585, 555, 500, 450], p.NAVY),
        ([570, 575, 600, 640, 630, 636, 615, 590, 560], p.INK),
    ]
    for heights, fill in beds:
        line = smooth([(-20 + i * 155, y) for i, y in enumerate(heights)])
        c.shape(down_to_floor(line), fill)
    for reach in (90, 165, 240, 315):
        c.line(arc(655, 190, reach, reach, 62, 118), p.CORAL, 6)
    c.shape([(540, 128), (770, 128), (730, 186), (572, 186)], p.CORAL)
    c.box(590, 84, 74, 46, p.INK, 5)
    c.box(604, 96, 18, 18, p.PAPER)
    c.box(634, 96, 18, 18, p.PAPER)
    c.line([(700, 128), (700, 44)], p.INK, 6)
    c.line([(700, 52), (752, 128)], p.INK, 4)
    wreck = turned([(880, 512), (1010, 512), (985, 548), (905, 548)], 13, (945, 530))
    c.shape(wreck, p.AMBER)
    c.line(turned([(935, 512), (935, 462)], 13, (945, 530)), p.AMBER, 6)
    return c


def harbour() -> Canvas:
    """Three glass plates, the uppermost of a crane above a ship."""
    c = Canvas(p.PLUM)
    for degrees, dx, fill in (
        (-11, -70, mix(p.PLUM, p.ROSE, 0.4)),
        (10, 70, mix(p.PLUM, p.ROSE, 0.65)),
    ):
        left, top, right, bottom = 240 + dx, 90, 960 + dx, 585
        frame = [(left, top), (right, top), (right, bottom), (left, bottom)]
        c.shape(turned(frame, degrees, (600 + dx, 340)), fill)
    c.box(234, 66, 732, 543, p.PAPER, 8)
    plate = Canvas(mix(p.SAND, p.ROSE, 0.35))
    plate.disc(812, 230, 72, p.PAPER)
    plate.box(0, 470, WIDTH, 300, p.BRICK)
    plate.shape([(560, 388), (906, 388), (862, 470), (600, 470)], p.INK)
    plate.box(792, 322, 62, 68, p.INK)
    plate.box(808, 268, 26, 56, p.CORAL)
    for x, fill in ((606, p.CORAL), (656, p.AMBER), (706, p.TEAL)):
        plate.box(x, 348, 46, 40, fill)
    plate.box(250, 446, 262, 200, p.INK)
    for x in (330, 430):
        plate.line([(x, 452), (380, 190)], p.INK, 14)
    plate.line([(346, 400), (418, 346), (358, 308), (400, 262)], p.INK, 8)
    plate.line([(294, 204), (690, 132)], p.INK, 15)
    plate.line([(380, 132), (380, 196)], p.INK, 14)
    plate.line([(622, 140), (380, 132), (304, 200)], p.INK, 5)
    plate.box(276, 196, 50, 42, p.INK)
    plate.line([(679, 136), (679, 280)], p.INK, 4)
    plate.box(654, 278, 50, 38, p.AMBER)
    for x, y, reach in ((560, 508, 150), (780, 500, 90), (540, 544, 90), (700, 548, 160)):
        plate.line([(x, y), (x + reach, y)], mix(p.BRICK, p.ROSE, 0.5), 5)
    c.within([(264, 96), (936, 96), (936, 579), (264, 579)], plate)
    return c
