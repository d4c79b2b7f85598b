"""Pictures of the sky: satellites, wind, moths and the dark."""

from __future__ import annotations

import math

from PIL import Image, ImageChops, ImageFilter

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


def orbits() -> Canvas:
    """A planet with three tilted orbits and the small satellites on them."""
    chance = seeded(7)
    c = Canvas(p.INK)
    for _ in range(90):
        c.disc(
            chance.uniform(0, WIDTH),
            chance.uniform(0, HEIGHT),
            chance.choice((1.5, 2, 3)),
            mix(p.INK, p.ICE, chance.uniform(0.3, 0.8)),
        )
    middle: Point = (600, 345)
    tracks = ((500, 130, -16, p.CORAL, 52), (410, 95, 24, p.AMBER, 150), (330, 210, -58, p.ICE, 20))

    def track(rx: float, ry: float, tilt: float, start: float, end: float) -> list[Point]:
        return turned(arc(*middle, rx, ry, start, end), tilt, middle)

    for rx, ry, tilt, fill, _ in tracks:
        c.line(track(rx, ry, tilt, 180, 360), mix(p.INK, fill, 0.55), 4)
    globe = Canvas(p.BLUE)
    lands: list[list[Point]] = [
        [
            (430, 205),
            (520, 170),
            (590, 200),
            (570, 260),
            (520, 290),
            (500, 350),
            (450, 330),
            (415, 270),
        ],
        [(560, 375), (620, 360), (660, 410), (630, 470), (590, 540), (560, 480), (540, 420)],
        [(650, 200), (730, 215), (790, 280), (800, 370), (730, 350), (700, 290), (650, 270)],
    ]
    for land in lands:
        globe.shape(smooth(land, closed=True), p.MINT)
    night = [*arc(*middle, 190, 190, -78, 78), *arc(538, 345, 186, 206, 62, -62)]
    globe.shape(night, p.INK, 0.35)
    c.within(arc(*middle, 186, 186, 0, 360), globe)
    for rx, ry, tilt, fill, place in tracks:
        c.line(track(rx, ry, tilt, 0, 180), fill, 5)
        x, y = track(rx, ry, tilt, place, place + 1)[0]
        _satellite(c, x, y, tilt + 30, fill)
    return c


def _satellite(c: Canvas, x: float, y: float, tilt: float, fill: str) -> None:
    for side in (-1, 1):
        for cell in range(3):
            left = x + side * (34 + cell * 25) - 11
            panel = [(left, y - 19), (left + 22, y - 19), (left + 22, y + 19), (left, y + 19)]
            c.shape(turned(panel, tilt, (x, y)), fill)
    c.line(turned([(x - 40, y), (x + 40, y)], tilt, (x, y)), p.PAPER, 6)
    body = [(x - 20, y - 24), (x + 20, y - 24), (x + 20, y + 24), (x - 20, y + 24)]
    c.shape(turned(body, tilt, (x, y)), p.PAPER)


def windfarm() -> Canvas:
    """Turbines on a sandbank at dusk, one of them standing still."""
    c = Canvas(mix(p.ROSE, p.PAPER, 0.45))
    for r, share in ((330, 0.18), (240, 0.45), (150, 1.0)):
        c.disc(390, 420, r, mix(mix(p.ROSE, p.PAPER, 0.45), p.AMBER, share))
    c.shape(
        down_to_floor(smooth([(-20, 470), (250, 440), (560, 476), (880, 430), (1220, 466)])),
        mix(p.ROSE, p.VIOLET, 0.45),
    )
    for x, size, twist in ((70, 150, 12), (372, 140, 70), (1090, 150, 40), (780, 120, 95)):
        _turbine(c, x, 490, size, twist, mix(p.ROSE, p.PAPER, 0.75))
    c.shape(
        down_to_floor(smooth([(-20, 540), (300, 500), (640, 540), (960, 492), (1220, 530)])),
        p.VIOLET,
    )
    _turbine(c, 210, 600, 300, 25, p.PAPER)
    _turbine(c, 930, 600, 260, 55, p.PAPER)
    _turbine(c, 620, 660, 410, 30, p.CORAL)
    c.shape(
        down_to_floor(smooth([(-20, 592), (260, 572), (600, 610), (900, 566), (1220, 606)])), p.PLUM
    )
    return c


def _turbine(c: Canvas, x: float, floor: float, size: float, twist: float, fill: str) -> None:
    hub = floor - size
    c.shape(
        [
            (x - size * 0.016, hub),
            (x + size * 0.016, hub),
            (x + size * 0.03, floor),
            (x - size * 0.03, floor),
        ],
        fill,
    )
    length = size * 0.56
    blade = smooth(
        [
            (x, hub),
            (x + length * 0.09, hub - length * 0.25),
            (x + length * 0.015, hub - length),
            (x - length * 0.02, hub - length * 0.9),
            (x - length * 0.025, hub - length * 0.2),
        ],
        6,
        closed=True,
    )
    for third in range(3):
        c.shape(turned(blade, twist + third * 120, (x, hub)), fill)
    c.disc(x, hub, size * 0.04, fill)


def moths() -> Canvas:
    """A moth before a lamp, with smaller ones around it."""
    c = Canvas(p.PLUM)
    for r, share in ((430, 0.10), (330, 0.24), (235, 0.48), (150, 1.0)):
        c.disc(600, 335, r, mix(p.PLUM, p.AMBER, share))
    for x, y, size, tilt in (
        (150, 165, 0.30, -24),
        (1045, 150, 0.34, 22),
        (205, 525, 0.36, -50),
        (1010, 540, 0.28, 58),
    ):
        _moth(c, x, y, size, tilt, (mix(p.PLUM, p.ROSE, 0.6), mix(p.PLUM, p.ROSE, 0.35), p.AMBER))
    _moth(c, 600, 345, 1.0, 0, (p.PAPER, p.CORAL, p.INK))
    return c


def _moth(
    c: Canvas, x: float, y: float, size: float, tilt: float, fills: tuple[str, str, str]
) -> None:
    upper, lower, mark = fills

    def put(points: list[Point], side: int) -> list[Point]:
        return turned([(x + side * a * size, y + b * size) for a, b in points], tilt, (x, y))

    hind = smooth([(10, 20), (120, 10), (225, 80), (200, 175), (120, 190), (40, 110)], closed=True)
    fore = smooth(
        [(8, -60), (130, -175), (290, -215), (322, -170), (262, -30), (150, 40), (20, 40)],
        closed=True,
    )
    stripe = smooth([(116, -140), (150, -70), (134, 22)])
    edge = smooth([(250, -196), (250, -110), (204, -4)])
    for side in (-1, 1):
        c.shape(put(hind, side), lower)
        c.shape(put(fore, side), upper)
        c.line(put(stripe, side), lower, 12 * size)
        c.line(put(edge, side), lower, 8 * size)
        for a, b, r in ((198, -108, 25), (136, 112, 21)):
            ((sx, sy),) = put([(a, b)], side)
            c.disc(sx, sy, r * size, mark)
            if size > 0.5:
                c.disc(sx, sy, r * size * 0.42, p.AMBER)
        c.line(put(smooth([(8, -84), (36, -150), (84, -196)]), side), mark, 6 * size)
    body = smooth(
        [(0, -96), (20, -64), (24, 0), (14, 96), (0, 140), (-14, 96), (-24, 0), (-20, -64)],
        closed=True,
    )
    c.shape(put(body, 1), mark)
    if size > 0.5:
        for b in (10, 44, 78):
            c.line(put([(-15 + b * 0.06, b), (15 - b * 0.06, b)], 1), upper, 6)


def night_sky() -> Image.Image:
    """A starry sky with a town's glow on the horizon, soft and grainy: the one photograph-like."""
    chance = seeded(19)
    c = Canvas(p.INK)
    for i in range(90):
        share = (i / 89) ** 2.6
        low = mix("#0a1330", "#2a2f66", min(1, i / 60))
        c.box(0, i * HEIGHT / 90, WIDTH, HEIGHT / 90 + 1, mix(low, p.CORAL, share * 0.75))
    sky = c.finished()
    cloud = Image.new("L", (WIDTH, HEIGHT), 0)
    for size, weight in ((9, 0.5), (26, 0.3), (70, 0.2)):
        grain = Image.frombytes("L", (size, size), chance.randbytes(size * size))
        layer = grain.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
        cloud = ImageChops.add(cloud, layer.point([round(v * weight) for v in range(256)]))
    band = Canvas("#000000")
    lane = turned([(-300, 215), (1500, 215), (1500, 385), (-300, 385)], -24, (600, 300))
    band.shape(lane, "#ffffff")
    veil = band.finished().convert("L").filter(ImageFilter.GaussianBlur(62))
    veil = ImageChops.multiply(veil, cloud).point([round(v * 0.9) for v in range(256)])
    sky = Image.composite(Image.new("RGB", sky.size, "#c9b8ea"), sky, veil)
    stars = Canvas("#000000")
    for _ in range(620):
        x, y = chance.uniform(0, WIDTH), chance.uniform(0, 1) ** 1.35 * 560
        near = math.exp(-(((y - 300 + (x - 600) * 0.445) / 120) ** 2))
        if chance.random() < 0.45 + near:
            stars.disc(
                x, y, chance.choice((0.9, 1.2, 1.6, 2.4)), "#ffffff", chance.uniform(0.35, 0.95)
            )
    for x, y, r in ((210, 130, 4.5), (900, 96, 5), (1040, 270, 4), (430, 250, 4), (690, 150, 4.2)):
        stars.disc(x, y, r, "#ffffff")
    points = stars.finished()
    sky = ImageChops.screen(
        ImageChops.screen(sky, points.filter(ImageFilter.GaussianBlur(5))), points
    )
    ground = Canvas("#000000")
    ridge = smooth(
        [(-20, 590), (150, 556), (330, 600), (560, 566), (760, 612), (1000, 560), (1220, 600)]
    )
    ground.shape(down_to_floor(ridge), "#ffffff")
    ground.shape([(842, 596), (856, 470), (884, 470), (898, 596)], "#ffffff")
    ground.box(848, 446, 44, 18, "#ffffff")
    ground.shape([(846, 448), (870, 424), (894, 448)], "#ffffff")
    sky.paste("#0a1022", (0, 0), ground.finished().convert("L"))
    lamp = Canvas("#000000")
    lamp.box(858, 452, 24, 10, "#ffd98a", 4)
    glow = lamp.finished()
    return ImageChops.screen(
        ImageChops.screen(sky, glow), glow.filter(ImageFilter.GaussianBlur(12))
    )
