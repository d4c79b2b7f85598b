"""HTML that mail programs lack, in the author's own words."""

from pathlib import Path

import pytest

from tests.newsletter.preflight.planting import found

CODES = ("tag-unsupported", "style-unsupported")


def lacking(folder: Path, body: str) -> list[tuple[str, int | None]]:
    return [
        (one.message.split(" is ")[0], one.line) for one in found(folder, body) if one.code in CODES
    ]


@pytest.mark.parametrize(
    ("html", "feature"),
    [
        ("<form><p>Words</p></form>", "<form>"),
        ("<FORM><p>Words</p></FORM>", "<form>"),
        ('<div style="POSITION : fixed; color: red">Words</div>', "position:"),
        ('<div style="color:red;float:left">Words</div>', "float:"),
        ('<div style="display:flex">Words</div>', "display:flex"),
        ('<p onclick="tide()">Words</p>', "A handler such as onclick="),
        ("Words <button>Press</button>", "<button>"),
    ],
)
def test_a_feature_is_named_with_its_line(tmp_path: Path, html: str, feature: str) -> None:
    assert lacking(tmp_path, f"Words.\n\n{html}") == [(feature, 9)]


@pytest.mark.parametrize(
    "html",
    [
        '<div style="text-align: center">Words</div>', '<p style="float: none">Words</p>',
        "<kbd>Ctrl</kbd>", "- [x] done", '<input type="checkbox" checked>', "`<form>`", "```html\n<form></form>\n```", "&lt;form&gt;",
        '<p title="position: fixed">Words</p>', '<div style="display:block">Words</div>',
    ],
)  # fmt: skip
def test_what_mail_programs_show_is_left_alone(tmp_path: Path, html: str) -> None:
    assert lacking(tmp_path, html) == []


def test_each_feature_is_told_once(tmp_path: Path) -> None:
    assert len(lacking(tmp_path, "<form></form>\n\nWords.\n\n<form></form>")) == 1
