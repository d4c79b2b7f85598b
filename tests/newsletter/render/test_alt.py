"""What is said in place of a picture: alt, title, caption, where it comes from; or nothing."""

from pathlib import Path

import pytest
from PIL import Image

from newsletter.render.renderer import Rendering
from tests.emails import elements, rendered

SOURCE = "\n\n[^1]: [Label](https://c.example)\n"


def made(folder: Path, picture: str, *, before: str = "") -> Rendering:
    Image.new("RGB", (400, 200), "#336699").save(folder / "a.png")
    return rendered(folder, f"## A\n\nText.[^1] {before}\n\n{picture}{SOURCE}")


def alts(rendering: Rendering) -> list[str | None]:
    return [picture.get("alt") for picture in elements(rendering.email.html, "img")]


@pytest.mark.parametrize(
    ("picture", "alt"),
    [
        ('![Written](a.png "Title")', "Written"),
        ('![](a.png "Title")', "Title"),
        ('<figure><img src="a.png"><figcaption>A caption</figcaption></figure>', "A caption"),
        ("![](a.png)", "Label"),
        ('<img src="a.png">', "Label"),
        ('<img src="a.png" alt="Written" title="Title">', "Written"),
    ],
)
def test_a_picture_says_alt_then_title_then_caption_then_its_source(
    tmp_path: Path, picture: str, alt: str
) -> None:
    assert alts(made(tmp_path, picture)) == [alt]


def test_a_caption_that_says_something_else_is_kept_also_below_the_first_story(
    tmp_path: Path,
) -> None:
    story = '## A\n\nText.\n\n![Written]({}.png "A caption")\n\n'
    for name in ("a", "b"):
        Image.new("RGB", (400, 200), "#336699").save(tmp_path / f"{name}.png")

    email = rendered(tmp_path, story.format("a") + story.format("b")).email

    captions = [one for one in elements(email.html, "p") if one.get("class") == "caption"]
    assert [(one.text or "").strip() for one in captions] == ["A caption", "A caption"]
    assert email.text.count("[Picture: Written]\n\nA caption\n") == 2


@pytest.mark.parametrize(
    "picture",
    [
        '![""](a.png)',
        "![''](a.png)",
        '<img src="a.png" alt="">',
        '<img src="a.png" role="presentation">',
        '<img src="a.png" role="none" alt="A pattern">',
    ],
)
def test_a_picture_only_decorates_where_its_author_says_so(tmp_path: Path, picture: str) -> None:
    rendering = made(tmp_path, picture)
    assert alts(rendering) == [""]
    # A link without a word would be nothing to a screen reader.
    links = [link for link in elements(rendering.email.html, "a") if list(link.iter("img"))]
    assert links == []
    assert "Picture" not in rendering.email.text
    assert rendering.findings == ()


def test_so_it_is_inside_the_text(tmp_path: Path) -> None:
    assert alts(made(tmp_path, 'Words ![""](a.png) and more words.')) == [""]


def test_one_that_means_something_elsewhere_is_described_there(tmp_path: Path) -> None:
    rendering = made(tmp_path, "![A wheel](a.png)", before='<img src="a.png" alt=""> and')
    assert "A wheel" in alts(rendering)
