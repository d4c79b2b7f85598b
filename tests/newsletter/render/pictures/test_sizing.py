"""Any picture made fit for mail."""

import io
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from newsletter.render.pictures.sized import MOST_BYTES, Unshowable
from newsletter.render.pictures.sizing import mail_sized
from tests.limits import soon
from tests.newsletter.render.pictures.drawn import animation, encoded, noise, opened, walking


def test_a_large_photograph_is_shrunk_under_the_limit() -> None:
    sized = mail_sized(encoded(noise(2400, 1600), "JPEG", quality=95), 1096)
    assert sized.width <= 1096
    assert abs(sized.width / sized.height - 1.5) < 0.01
    assert len(sized.data) <= MOST_BYTES
    assert sized.extension == "jpg"


def test_a_photograph_saved_as_png_becomes_a_jpeg() -> None:
    assert mail_sized(encoded(noise(1600, 900), "PNG"), 1096).media_type == "image/jpeg"


def test_a_small_clean_picture_keeps_its_bytes() -> None:
    data = encoded(Image.new("RGB", (600, 300), "#224466"), "PNG")
    assert mail_sized(data, 700).data == data


def test_a_photograph_is_turned_upright_and_forgets_where_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "at home"
    sized = mail_sized(encoded(noise(400, 200), "JPEG", exif=exif), 700)
    assert (sized.width, sized.height) == (200, 400)
    assert b"at home" not in sized.data


def test_a_picture_that_may_stay_as_it_is_still_forgets_who_made_it() -> None:
    exif = Image.Exif()
    exif[0x010E] = "at home"
    about = PngInfo()
    about.add_text("Author", "at home")
    moves = animation("GIF", walking(3, (200, 100)), comment=b"at home")
    for data in (
        encoded(noise(100, 80), "JPEG", exif=exif),
        encoded(noise(100, 80), "JPEG", comment=b"at home"),
        encoded(noise(100, 80), "PNG", pnginfo=about),
        moves,
    ):
        assert b"at home" in data
        assert b"at home" not in mail_sized(data, 700).data


@pytest.mark.parametrize("kind", ["WEBP", "AVIF", "TIFF", "BMP"])
def test_formats_that_inboxes_do_not_show_are_converted(kind: str) -> None:
    sized = mail_sized(encoded(noise(500, 300), kind), 700)
    assert opened(sized.data).format in ("JPEG", "PNG")


def _grey_of_16_bits() -> Image.Image:
    picture = Image.new("I;16", (300, 200))
    for x in range(300):
        for y in range(200):
            picture.putpixel((x, y), x * 218)
    return picture


@pytest.mark.parametrize(
    ("make", "kind", "left", "right"),
    [
        (_grey_of_16_bits, "PNG", (0, 0, 0), (254, 254, 254)),
        (lambda: Image.linear_gradient("L").convert("F").rotate(90), "TIFF", (0,) * 3, (255,) * 3),
        (lambda: Image.new("CMYK", (300, 200), (0, 255, 255, 0)), "JPEG", (255, 0, 0), (255, 0, 0)),
        (lambda: Image.new("RGB", (300, 200), "#c02040").quantize(8), "PNG", (192, 32, 64), None),
        (lambda: Image.new("LAB", (300, 200), (255, 128, 128)), "TIFF", (255,) * 3, None),
        (lambda: Image.new("1", (300, 200), 1), "PNG", (255,) * 3, None),
    ],
    ids=["16 bits", "floats", "cmyk", "palette", "lab", "one bit"],
)
def test_colours_survive_whatever_way_the_file_writes_them(
    make: Callable[[], Image.Image],
    kind: str,
    left: tuple[int, int, int],
    right: tuple[int, int, int] | None,
) -> None:
    shown = opened(mail_sized(encoded(make(), kind), 700).data)
    assert shown.mode in ("1", "L", "P", "RGB")
    pixels = shown.convert("RGB")
    for place, wanted in ((2, left), (pixels.width - 3, right or left)):
        seen = pixels.getpixel((place, pixels.height // 2))
        assert isinstance(seen, tuple)
        assert all(abs(one - other) <= 6 for one, other in zip(seen, wanted, strict=True)), seen


def test_a_colour_profile_is_applied_and_not_sent() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    wide = encoded(Image.new("RGB", (300, 200), (120, 90, 200)), "PNG", icc_profile=lab)
    sized = mail_sized(wide, 700)
    # A profile that is none of this picture's is left behind; so is every one that is.
    assert "icc_profile" not in opened(sized.data).info
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    same = mail_sized(
        encoded(Image.new("RGB", (300, 200), "#785ac8"), "PNG", icc_profile=srgb), 700
    )
    assert "icc_profile" not in opened(same.data).info
    assert opened(same.data).convert("RGB").getpixel((9, 9)) == (0x78, 0x5A, 0xC8)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"no picture at all", "picture-unreadable"),
        (encoded(Image.new("RGB", (50, 50)), "PNG")[:60], "picture-unreadable"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(x) run\n", "picture-unreadable"),
        (animation("GIF", walking(3, (200, 100)))[:400], "picture-unreadable"),
        (b"", "picture-unreadable"),
    ],
    ids=["text", "cut png", "program", "cut gif", "nothing"],
)
def test_what_no_inbox_should_get_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Unshowable) as refused:
        mail_sized(data, 700)
    assert refused.value.code == code
    assert " at 0x" not in str(refused.value)


@pytest.mark.parametrize("size", [(6_000, 5_000), (14_000, 14_000)])
def test_a_bomb_is_refused_before_it_is_decoded(size: tuple[int, int]) -> None:
    """S-16."""
    bomb = encoded(Image.new("1", size), "PNG")
    assert len(bomb) < 100_000
    with pytest.raises(Unshowable) as refused:
        mail_sized(bomb, 700)
    assert refused.value.code == "picture-huge"


SEEDS = [
    encoded(noise(40, 30), "JPEG"),
    encoded(noise(40, 30), "PNG"),
    encoded(noise(40, 30), "WEBP"),
    encoded(noise(40, 30).convert("CMYK"), "TIFF"),
    encoded(noise(40, 30), "BMP"),
    animation("GIF", walking(3, (60, 90))),
    animation("PNG", walking(3, (60, 90))),
    animation("WEBP", walking(3, (60, 90))),
]


@given(st.sampled_from(SEEDS), st.data())
@settings(max_examples=150, deadline=None)
@soon()
def test_a_damaged_file_is_shown_or_refused_and_nothing_else(
    seed: bytes, data: st.DataObject
) -> None:
    """T12."""
    damaged = bytearray(seed)
    for _ in range(data.draw(st.integers(1, 6))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(len(damaged) // 2, len(damaged)))
    try:
        sized = mail_sized(bytes(damaged[:cut]), 700)
    except Unshowable:
        return
    with Image.open(io.BytesIO(sized.data)) as shown:
        assert shown.size == (sized.width, sized.height)
