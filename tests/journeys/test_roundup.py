"""`newsletter roundup` as a person runs it: written, edited, checked, sent; then the next one."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.journeys.house import House

TODAY = datetime.now(UTC).date()


@pytest.fixture
def content(house: House) -> Path:
    """Give the posts of a small site: one of last year, one of today."""
    site = house.folder / "site"
    (site / "content" / "blog").mkdir(parents=True)
    (site / "hugo.toml").write_text('baseURL = "https://quay.example/"\n', encoding="utf-8")
    write(site / "content" / "blog", "old", "2025-01-01")
    write(site / "content" / "blog", "fresh", str(TODAY))
    return site / "content"


def write(folder: Path, name: str, day: str) -> None:
    text = f"---\ntitle: The {name} one\ndate: {day}\n---\n\nWords of the {name} one.\n"
    (folder / f"{name}.md").write_text(text, encoding="utf-8")


def test_a_roundup_is_written_checked_and_sent_and_the_next_one_goes_on_from_there(
    house: House, content: Path
) -> None:
    house.list_with(3)
    november = content / "blog" / "november.md"
    house.run("roundup", content, "--since", "2025-06-01", "--out", november)
    text = november.read_text(encoding="utf-8")
    assert "[The fresh one](https://quay.example/blog/fresh/)" in text
    assert "The old one" not in text
    house.run("check", november)
    house.run("send", november, "--yes", "--no-test", "--wait")
    assert len(house.outbox()) == 3

    said = house.run("roundup", content, "--since", "last", "--out", "december.md")
    assert "nothing was written" in said
    # Of the same day, and younger than the issue.
    write(content / "blog", "newer", str(TODAY))
    house.run("roundup", content, "--since", "last", "--out", "december.md")
    text = (house.folder / "december.md").read_text(encoding="utf-8")
    assert "The newer one" in text
    assert "The fresh one" not in text
    assert "New since" not in text.partition("---\n\n")[2]


def test_before_the_first_issue_a_day_has_to_be_named(house: House, content: Path) -> None:
    (house.folder / "newsletter.db").unlink()
    assert "--since 2026" in house.run("roundup", content, "--since", "last", code=2)
    assert not (house.folder / "newsletter.db").exists()
    house.list_with(1)
    assert "--since 2026" in house.run("roundup", content, "--since", "last", code=2)


def test_a_file_that_is_there_is_not_replaced(house: House, content: Path) -> None:
    house.run("roundup", content, "--since", "2025-06-01")
    file = house.folder / f"roundup-{TODAY}.md"
    file.write_text("edited\n")
    said = house.run("roundup", content, "--since", "2025-06-01", code=2)
    assert "--force" in said
    assert file.read_text() == "edited\n"
    house.run("roundup", content, "--since", "2025-06-01", "--force")
    assert "The fresh one" in file.read_text()


def test_a_post_that_cannot_be_read_is_named_and_the_rest_is_written(
    house: House, content: Path
) -> None:
    (content / "blog" / "broken.md").write_text("---\ntitle: [Broken\n---\n", encoding="utf-8")
    said = house.run("roundup", content, "--since", "2025-06-01", "--out", "new.md", code=1)
    assert "broken.md:3" in said
    assert "The fresh one" in (house.folder / "new.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("nowhere", "--since", "2025-06-01"), "is no folder"),
        (("site", "--since", "yesterday"), "is no date"),
        (("site", "--since", "2025-06-01", "--group", "moon"), "section, tag, none"),
    ],
)
def test_what_makes_no_sense_is_refused(
    house: House, content: Path, arguments: tuple[str, ...], told: str
) -> None:
    assert told in house.run("roundup", *arguments, code=2)
