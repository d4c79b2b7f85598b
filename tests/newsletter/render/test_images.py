"""Pictures made fit for mail."""

import io
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from newsletter.message import slot
from newsletter.render.images import MOST_BYTES, Unshowable, mail_sized
from tests.emails import elements, rendered


def encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def noise(width: int, height: int) -> Image.Image:
    return Image.effect_noise((width, height), 90).convert("RGB")


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


def test_a_picture_with_a_clear_ground_stays_a_png() -> None:
    picture = Image.new("RGBA", (2000, 1000), (200, 30, 30, 0))
    picture.paste((30, 30, 200, 255), (500, 200, 1500, 800))
    sized = mail_sized(encoded(picture, "PNG"), 700)
    assert (sized.extension, sized.width) == ("png", 700)
    assert Image.open(io.BytesIO(sized.data)).convert("RGBA").getpixel((5, 5))[3] == 0  # type: ignore[index]


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
    for data in (
        encoded(noise(100, 80), "JPEG", exif=exif),
        encoded(noise(100, 80), "JPEG", comment=b"at home"),
        encoded(noise(100, 80), "PNG", pnginfo=about),
    ):
        assert b"at home" in data
        assert b"at home" not in mail_sized(data, 700).data


@pytest.mark.parametrize("kind", ["WEBP", "AVIF", "TIFF", "BMP"])
def test_formats_that_inboxes_do_not_show_are_converted(kind: str) -> None:
    sized = mail_sized(encoded(noise(500, 300), kind), 700)
    assert Image.open(io.BytesIO(sized.data)).format in ("JPEG", "PNG")


def test_an_animated_gif_keeps_moving() -> None:
    frames = [Image.new("P", (900, 500), shade * 60) for shade in range(4)]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert mail_sized(data, 400).data == data


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "picture-svg"),
        (b"no picture at all", "picture-unreadable"),
        (encoded(Image.new("RGB", (50, 50)), "PNG")[:60], "picture-unreadable"),
        (b"", "picture-unreadable"),
    ],
)
def test_what_no_inbox_should_get_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Unshowable) as refused:
        mail_sized(data, 700)
    assert refused.value.code == code


@pytest.mark.parametrize("size", [(6_000, 5_000), (14_000, 14_000)])
def test_a_bomb_is_refused_before_it_is_decoded(size: tuple[int, int]) -> None:
    """S-16."""
    bomb = encoded(Image.new("1", size), "PNG")
    assert len(bomb) < 100_000
    with pytest.raises(Unshowable) as refused:
        mail_sized(bomb, 700)
    assert refused.value.code == "picture-huge"


def test_a_refused_picture_is_a_finding_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text("<svg/>")
    rendering = rendered(tmp_path, "## A\n\nText.\n\n![](a.svg)\n")
    (finding,) = rendering.findings
    assert (finding.code, finding.severity, finding.line) == ("picture-svg", "warning", 9)
    assert not list(elements(rendering.email.html, "img"))


def test_a_picture_shown_twice_is_served_once_under_its_hash(tmp_path: Path) -> None:
    noise(300, 200).save(tmp_path / "a.png")
    email = rendered(tmp_path, "## A\n\n![](a.png)\n\n## B\n\n![](a.png)\n").email
    (asset,) = email.assets
    sources = [picture.get("src") for picture in elements(email.html, "img")]
    assert sources == [slot(f"asset/{asset.name}")] * 2
    assert (asset.width, asset.height) == (300, 200)


def test_a_picture_has_its_sizes_and_never_outgrows_its_file(tmp_path: Path) -> None:
    noise(300, 200).save(tmp_path / "small.png")
    noise(1600, 800).save(tmp_path / "large.png")
    body = "## A\n\n![](small.png)\n\n## B\n\n![](large.png)\n\n## C\n\n![](large.png) inside\n"
    pictures = elements(rendered(tmp_path, body).email.html, "img")
    sizes = [(picture.get("width"), picture.get("height")) for picture in pictures]
    assert sizes == [("300", "200"), ("184", "92"), ("548", "274")]


def test_pictures_stay_at_the_site_when_the_site_serves_them(tmp_path: Path) -> None:
    (tmp_path / "hugo.toml").write_text('baseURL = "https://site.example/"\n')
    folder = tmp_path / "content" / "blog" / "post"
    folder.mkdir(parents=True)
    noise(300, 200).save(folder / "a.png")
    email = rendered(folder, "## A\n\n![](a.png)\n", images="site").email
    (picture,) = elements(email.html, "img")
    assert (picture.get("src") or "").startswith("https://site.example/blog/post/a.png")
    assert picture.get("height") == "200"
    assert email.assets == ()
