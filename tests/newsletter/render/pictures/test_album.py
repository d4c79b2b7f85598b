"""Which pictures an issue shows, where they are fetched, how large."""

from pathlib import Path

import pytest
from PIL import Image

from newsletter.render.pictures import album
from newsletter.slots import slot
from tests.emails import elements, rendered
from tests.newsletter.render.pictures.drawn import animation, encoded, noise, walking


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Give the folder of a post on a Hugo site."""
    (tmp_path / "hugo.toml").write_text('baseURL = "https://site.example/"\n')
    folder = tmp_path / "content" / "blog" / "post"
    folder.mkdir(parents=True)
    return folder


def test_a_refused_picture_is_a_finding_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"no picture")
    rendering = rendered(tmp_path, "## A\n\nText.\n\n![](a.png)\n")
    (finding,) = rendering.findings
    assert (finding.code, finding.severity, finding.line) == ("picture-unreadable", "warning", 9)
    assert not list(elements(rendering.email.html, "img"))


def test_a_picture_shown_twice_is_served_once_under_its_hash(tmp_path: Path) -> None:
    noise(300, 200).save(tmp_path / "a.png")
    email = rendered(tmp_path, "## A\n\n![](a.png)\n\n## B\n\n![](a.png)\n").email
    (asset,) = email.assets
    sources = [picture.get("src") for picture in elements(email.html, "img")]
    assert sources == [slot(f"asset/{asset.name}")] * 2
    assert (asset.width, asset.height) == (300, 200)


@pytest.mark.parametrize(
    "body",
    [
        "## A\n\n![](a.jpg)\n\n## B\n\nText.\n\n![](a.jpg)\n",
        "## A\n\nText.\n\n## B\n\nText.\n\n![](a.jpg)\n\n## C\n\n![](a.jpg) inside\n",
    ],
    ids=["first large", "first small"],
)
def test_one_shown_small_and_large_is_fetched_once_in_the_larger_size(
    tmp_path: Path, body: str
) -> None:
    Image.linear_gradient("L").resize((2400, 1200)).save(tmp_path / "a.jpg")
    email = rendered(tmp_path, body).email
    (asset,) = email.assets
    assert asset.width == 1096
    sources = {picture.get("src") for picture in elements(email.html, "img")}
    assert sources == {slot(f"asset/{asset.name}")}


def test_a_picture_has_its_sizes_and_never_outgrows_its_file(tmp_path: Path) -> None:
    noise(300, 200).save(tmp_path / "small.png")
    noise(1600, 800).save(tmp_path / "large.png")
    body = "## A\n\n![](small.png)\n\n## B\n\n![](large.png)\n\n## C\n\n![](large.png) inside\n"
    pictures = elements(rendered(tmp_path, body).email.html, "img")
    sizes = [(picture.get("width"), picture.get("height")) for picture in pictures]
    assert sizes == [("300", "200"), ("160", "80"), ("548", "274")]


def test_pictures_stay_at_the_site_when_the_site_serves_them(site: Path) -> None:
    noise(300, 200).save(site / "a.png")
    email = rendered(site, "## A\n\n![](a.png)\n", images="site").email
    (picture,) = elements(email.html, "img")
    assert (picture.get("src") or "").startswith("https://site.example/blog/post/a.png")
    assert picture.get("height") == "200"
    assert email.assets == ()


def test_what_the_site_cannot_show_in_every_inbox_is_told(site: Path) -> None:
    (site / "a.webp").write_bytes(encoded(noise(300, 200), "WEBP"))
    (site / "b.png").write_bytes(encoded(noise(900, 900), "PNG"))
    body = "## A\n\nText.\n\n![](a.webp)\n\n## B\n\nText.\n\n![](b.png)\n"
    rendering = rendered(site, body, images="site")
    told = [(finding.code, finding.line) for finding in rendering.findings]
    assert told == [("picture-format", 9), ("picture-heavy", 15)]
    assert len(list(elements(rendering.email.html, "img"))) == 2
    assert rendered(site, body).findings == ()


def test_a_drawing_at_the_site_is_not_shown(site: Path) -> None:
    body = "## A\n\nText.\n\n![A chart](https://elsewhere.example/a.svg?v=2)\n"
    rendering = rendered(site, body)
    assert [finding.code for finding in rendering.findings] == ["picture-svg"]
    assert not list(elements(rendering.email.html, "img"))


def test_an_embedded_picture_has_a_slot_of_its_own(tmp_path: Path) -> None:
    noise(300, 200).save(tmp_path / "a.png")
    email = rendered(tmp_path, "## A\n\n![](a.png)\n", images="embed").email
    (asset,) = email.assets
    (picture,) = elements(email.html, "img")
    assert picture.get("src") == slot(f"embedded/{asset.name}")


def test_heavy_embedded_pictures_are_told_and_too_heavy_ones_stop_the_issue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(encoded(noise(300, 200), "PNG"))
    body = "## A\n\n![](a.png)\n\n## B\n\n![](b.png)\n"
    monkeypatch.setattr(album, "HEAVY", 1000)
    (finding,) = rendered(tmp_path, body, images="embed").findings
    assert (finding.code, finding.severity) == ("pictures-heavy", "warning")
    monkeypatch.setattr(album, "MOST_EMBEDDED", 2000)
    (finding,) = rendered(tmp_path, body, images="embed").findings
    assert (finding.code, finding.severity) == ("pictures-too-heavy", "error")
    assert rendered(tmp_path, body).findings == ()


def test_an_animation_reaches_the_mail_moving(tmp_path: Path) -> None:
    (tmp_path / "a.webp").write_bytes(animation("WEBP", walking(4, (300, 200))))
    (asset,) = rendered(tmp_path, "## A\n\n![A walk](a.webp)\n").email.assets
    assert asset.media_type == "image/gif"
    assert asset.data.count(b"\x21\xf9\x04") == 4
