"""The text beside a post is mailed as it is, so it is checked as the post is."""

from pathlib import Path

import pytest

from newsletter.findings import Finding
from newsletter.preflight.links import addresses
from tests.newsletter.preflight.planting import checked, codes, found, only

LINK = "[Tides](https://tides.example/spring)"


def told(folder: Path, text: str, body: str = "Words.") -> list[Finding]:
    """Return what is found in a text beside the post, and nothing of the post itself."""
    (folder / "index.txt").write_text(text, encoding="utf-8")
    return [one for one in found(folder, body) if one.path and one.path.name == "index.txt"]


def test_a_sound_text_is_left_alone(tmp_path: Path) -> None:
    text = (
        "Tides\n=====\n\nSpring tides (see https://tides.example/spring).\n\n    {{ a template }}\n"
        f"https://tides.example/{'x' * 90}\n\n    {'code ' * 30}\n"
    )
    assert told(tmp_path, text, LINK) == []


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("See http://localhost:1313/tides.", "link-local"),
        ("See https://deploy-preview-12--x.netlify.app/.", "link-preview"),
        ("See https:///tides", "link-malformed"),
        ("{{< figure src=low.png >}}", "machinery"),
        ("Dear *|FNAME|*,", "merge-field"),
        ("Words, " * 12, "text-wide"),
    ],
)
def test_what_would_be_found_in_the_post_is_found_on_its_line(
    tmp_path: Path, line: str, code: str
) -> None:
    (finding,) = told(tmp_path, f"Dear all,\n\n{line}\n")
    assert (finding.code, finding.line) == (code, 3)


def test_links_that_only_the_post_has_are_named(tmp_path: Path) -> None:
    more = " ".join(f"[{n}](https://{n}.example/)" for n in "abcd")
    finding = only(told(tmp_path, "See https://a.example.\n", more), "text-link-missing")
    assert finding.message == (
        "3 links of the post are not in its text: "
        "https://b.example/, https://c.example/, https://d.example/."
    )


def test_without_such_a_text_nothing_is_said(tmp_path: Path) -> None:
    assert not {"text-wide", "text-link-missing"} & set(codes(found(tmp_path, LINK)))


def test_its_links_are_asked_for_online(tmp_path: Path) -> None:
    (tmp_path / "index.txt").write_text("A\n<https://t.example/a?b=(c)>, (https://t.example/d).")
    places = list(addresses(checked(tmp_path)))
    assert {one.text: one.line for one in places if "t.example" in one.text} == {
        "https://t.example/a?b=(c)": 2,
        "https://t.example/d": 2,
    }
