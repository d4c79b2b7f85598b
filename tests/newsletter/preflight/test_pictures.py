"""Pictures that say nothing to some readers, and pictures that come again."""

from pathlib import Path

import pytest
from PIL import Image

from tests.newsletter.preflight.planting import codes, found, only


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("low.png", "high.png"):
        Image.new("RGB", (600, 300), "#224466").save(tmp_path / name)
    return tmp_path


@pytest.mark.parametrize(
    "picture", ["![](low.png)", '<img src="low.png">', "![ ](low.png)"]
)  # fmt: skip
def test_a_picture_without_words_is_found_on_its_line(folder: Path, picture: str) -> None:
    assert only(found(folder, f"Words.\n\n{picture}"), "no-alt").line == 9


@pytest.mark.parametrize("picture", ['![""](low.png)', '<img src="low.png" alt="">'])
def test_a_picture_that_only_decorates_needs_no_words(folder: Path, picture: str) -> None:
    assert "no-alt" not in codes(found(folder, picture))


@pytest.mark.parametrize(
    "words", ["low.png", "IMG_2034", "Screenshot 2026-11-05 12.30.11", "DSC0001.JPG"]
)
def test_the_name_of_a_file_is_no_description(folder: Path, words: str) -> None:
    assert words in only(found(folder, f"![{words}](low.png)"), "no-alt").message


@pytest.mark.parametrize(
    "picture", ["![Low tide](low.png)", '![](low.png "Low tide")', "![Image of a quay](low.png)"]
)
def test_words_or_a_title_describe_a_picture(folder: Path, picture: str) -> None:
    assert "no-alt" not in codes(found(folder, picture))


def test_each_picture_without_words_is_told_once(folder: Path) -> None:
    findings = found(folder, "![](low.png)\n\nWords.\n\n![](low.png)\n\n![](high.png)")
    assert codes(findings).count("no-alt") == 2


def test_a_picture_that_comes_again_is_told_with_its_lines(folder: Path) -> None:
    body = "## A\n\n![Low](low.png)\n\n## B\n\n![High](high.png)\n\n## C\n\n![Low](./low.png)"
    finding = only(found(folder, body), "picture-twice")
    assert finding.message.endswith("is shown 2 times: lines 9, 17.")
    assert finding.line == 17


def test_a_cover_may_be_the_picture_of_a_story(folder: Path) -> None:
    front = "title: Tides\ndescription: What was measured.\nimage: low.png"
    assert "picture-twice" not in codes(found(folder, "![Low](low.png)", front=front))
