"""SVG: drawn in a process of its own, from nothing but itself (RULES S-14)."""

import sys
from html import escape
from pathlib import Path

import pytest
from PIL import Image

from newsletter.render.pictures import drawing
from newsletter.render.pictures.sized import Unshowable
from newsletter.render.pictures.sizing import mail_sized
from tests.emails import elements, rendered
from tests.newsletter.render.pictures.drawn import SVG, encoded, opened

pytest.importorskip("resvg_py")

BARS = (
    f'{SVG}viewBox="0 0 200 100"><rect width="200" height="100" fill="#fff"/>'
    '<rect x="20" y="20" width="60" height="80" fill="#1f4fd8"/></svg>'
)


def at(data: bytes, x: float, y: float) -> tuple[int, ...]:
    """Return the colour at a place told in parts of width and height."""
    picture = opened(data).convert("RGBA")
    seen = picture.getpixel((int(x * picture.width), int(y * picture.height)))
    assert isinstance(seen, tuple)
    return seen


def test_a_drawing_fills_its_column_sharply() -> None:
    sized = mail_sized(BARS.encode(), 1096)
    assert (sized.extension, sized.width, sized.height, sized.original) == ("png", 1096, 548, 1096)
    assert at(sized.data, 0.2, 0.5) == (0x1F, 0x4F, 0xD8, 255)
    assert at(sized.data, 0.8, 0.5) == (255, 255, 255, 255)


@pytest.mark.parametrize(
    ("size", "width"),
    [
        ('width="120" height="60"', 120),
        ('width="90pt" height="45pt"', 120),
        ('width="100%"', 1096),
        ('width="2cm" height="1cm"', 76),
    ],
)
def test_it_is_shown_as_wide_as_its_author_wants(size: str, width: int) -> None:
    drawn = BARS.replace('viewBox="0 0 200 100"', f'{size} viewBox="0 0 200 100"')
    sized = mail_sized(drawn.encode(), 1096)
    assert (sized.original, sized.width) == (width, 1096)


def test_a_packed_drawing_is_drawn(tmp_path: Path) -> None:
    import gzip

    (tmp_path / "a.svgz").write_bytes(gzip.compress(BARS.encode()))
    rendering = rendered(tmp_path, "## A\n\nText.\n\n![Bars](a.svgz)\n")
    (picture,) = elements(rendering.email.html, "img")
    assert picture.get("alt") == "Bars"
    assert rendering.findings == ()


def test_no_file_and_no_address_is_read_for_a_drawing(tmp_path: Path) -> None:
    """S-14, S-16: the library alone reads any file that an image names."""
    secret = tmp_path / "secret.png"
    secret.write_bytes(encoded(Image.new("RGB", (9, 9), "#ff0000"), "PNG"))
    for name in (secret, secret.as_uri(), "http://127.0.0.1:9/x.png", "secret.png"):
        for attribute in ("href", "xlink:href"):
            drawn = (
                f'{SVG}viewBox="0 0 9 9"><image {attribute}="{name}" width="9" height="9"/></svg>'
            )
            sized = mail_sized(drawn.encode(), 700)
            assert at(sized.data, 0.5, 0.5)[3] == 0
            # A drawing inside the drawing would be read by the same rules.
            inside = escape(f"data:image/svg+xml,{drawn.replace('#', '%23')}")
            outer = f'{SVG}viewBox="0 0 9 9"><image href="{inside}" width="9" height="9"/></svg>'
            assert at(mail_sized(outer.encode(), 700).data, 0.5, 0.5)[3] == 0


def test_a_picture_inside_the_drawing_is_drawn() -> None:
    import base64

    red = base64.b64encode(encoded(Image.new("RGB", (9, 9), "#ff0000"), "PNG")).decode()
    drawn = f'{SVG}viewBox="0 0 9 9"><image href="data:image/png;base64,{red}" width="9" height="9"/></svg>'
    assert at(mail_sized(drawn.encode(), 700).data, 0.5, 0.5) == (255, 0, 0, 255)


BOMB = (
    f'{SVG}viewBox="0 0 9 9"><defs><g id="a0"><rect width="1" height="1"/></g>'
    + "".join(f'<g id="a{n}">' + f'<use href="#a{n - 1}"/>' * 10 + "</g>" for n in range(1, 9))
    + '</defs><use href="#a8"/></svg>'
)
BLUR = (
    f'{SVG}viewBox="0 0 9 9"><filter id="f" x="-100" y="-100" width="999" height="999">'
    + '<feGaussianBlur stdDeviation="500"/>' * 60
    + '</filter><rect width="9" height="9" filter="url(#f)"/></svg>'
)


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (f"{SVG}width='100000' height='90000'></svg>", "picture-svg"),
        (f"{SVG}viewBox='0 0 1 900000'></svg>", "picture-huge"),
        (f"{SVG}viewBox='0 0 0 0'></svg>", "picture-svg"),
        (f"{SVG}viewBox='0 0 9 9'><rect", "picture-svg"),
        ('<!DOCTYPE svg [<!ENTITY a "b">]>' + BARS, "picture-svg"),
        (BOMB, "picture-svg"),
        (BARS + " " * 2_000_000, "picture-svg"),
    ],
    ids=["vast", "tall", "flat", "cut", "entities", "bomb", "heavy"],
)
def test_a_drawing_that_cannot_be_drawn_is_refused(source: str, code: str) -> None:
    """S-16."""
    if "100000" in source:
        # Its own size counts for nothing: it is drawn at ours, and that is no bomb.
        assert mail_sized(source.encode(), 700).width == 700
        return
    with pytest.raises(Unshowable) as refused:
        mail_sized(source.encode(), 700)
    assert refused.value.code == code
    assert refused.value.mend


@pytest.mark.slow
def test_a_drawing_that_takes_for_ever_ends_and_takes_nothing_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(drawing, "SECONDS", 1)
    with pytest.raises(Unshowable, match="longer than 1 seconds"):
        mail_sized(BLUR.encode(), 700)


def test_words_in_a_drawing_are_told_for_their_fonts_are_not_the_authors(tmp_path: Path) -> None:
    words = BARS.replace("</svg>", '<text x="90" y="60" font-size="20">Rain</text></svg>')
    (tmp_path / "a.svg").write_text(words, encoding="utf-8")
    rendering = rendered(tmp_path, "## A\n\nText.\n\n![Bars](a.svg)\n")
    (finding,) = rendering.findings
    assert (finding.code, finding.severity, finding.line) == ("picture-drawn", "info", 9)


def test_without_the_extra_a_drawing_is_a_finding_with_the_mend(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    monkeypatch.setattr(drawing, "find_spec", lambda _name: None)
    (tmp_path / "a.svg").write_text(BARS, encoding="utf-8")
    rendering = rendered(tmp_path, "## A\n\nText.\n\n![Bars](a.svg)\n")
    (finding,) = rendering.findings
    assert (finding.code, finding.severity, finding.line) == ("picture-svg", "warning", 9)
    assert "broadsheet[svg]" in finding.mend
    assert not list(elements(rendering.email.html, "img"))
