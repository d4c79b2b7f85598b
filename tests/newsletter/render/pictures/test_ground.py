"""Clear pictures on light paper and on dark."""

import pytest
from PIL import Image, ImageDraw

from newsletter.render.pictures.ground import Grounds
from newsletter.render.pictures.sizing import mail_sized
from tests.newsletter.render.pictures.drawn import encoded, opened

GROUNDS = Grounds("#ffffff", "#15181d")


def lines(colour: str) -> bytes:
    picture = Image.new("RGBA", (400, 200), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    for y in range(20, 200, 40):
        pen.line((20, y, 380, y), fill=colour, width=9)
    return encoded(picture, "PNG")


def corner(data: bytes) -> tuple[int, ...]:
    seen = opened(data).convert("RGBA").getpixel((1, 1))
    assert isinstance(seen, tuple)
    return seen


@pytest.mark.parametrize(
    ("colour", "ground"),
    [
        ("#111111", (255, 255, 255, 255)),
        ("#223355", (255, 255, 255, 255)),
        ("#ffffff", (0x15, 0x18, 0x1D, 255)),
        ("#fff3b0", (0x15, 0x18, 0x1D, 255)),
    ],
)
def test_lines_that_would_vanish_get_the_ground_they_were_drawn_for(
    colour: str, ground: tuple[int, ...]
) -> None:
    seen = corner(mail_sized(lines(colour), 700, GROUNDS).data)
    assert all(abs(one - other) <= 3 for one, other in zip(seen, ground, strict=True))


def test_lines_that_can_be_seen_on_both_stay_clear() -> None:
    assert corner(mail_sized(lines("#d8471f"), 700, GROUNDS).data)[3] == 0


def test_round_corners_stay_round() -> None:
    picture = Image.new("RGBA", (400, 200), (0, 0, 0, 0))
    ImageDraw.Draw(picture).rounded_rectangle((0, 0, 399, 199), 24, fill="#0b1020")
    assert corner(mail_sized(encoded(picture, "PNG"), 700, GROUNDS).data)[3] == 0


def test_a_clear_picture_in_many_shades_keeps_them() -> None:
    picture = Image.radial_gradient("L").resize((300, 300))
    glow = Image.merge("RGBA", (*[Image.new("L", (300, 300), 120)] * 3, picture))
    shown = opened(mail_sized(encoded(glow, "PNG"), 700, GROUNDS).data).convert("RGBA")
    assert len(set(shown.getchannel("A").tobytes())) > 100


def test_a_picture_whose_clear_part_is_nowhere_is_no_clear_picture() -> None:
    picture = Image.effect_noise((900, 600), 90).convert("RGBA")
    assert mail_sized(encoded(picture, "PNG"), 700, GROUNDS).extension == "jpg"
