"""Which source went where, and which looks lost."""

from pathlib import Path

import pytest

from tests.newsletter.preflight.planting import codes, found, only


def odd(folder: Path, label: str, url: str, heading: str) -> bool:
    body = f"## {heading}\n\nWords.[^1]\n\n[^1]: [{label}]({url})"
    return "source-odd" in codes(found(folder, body))


@pytest.mark.parametrize(
    ("label", "url", "heading"),
    [
        ("Skerrow tide readings", "https://harbour.skerrow.example/", "Water rises"),
        ("atabricks", "https://www.databricks.example/", "A new model"),
        ("NYT", "https://www.nytimes.example/2026/11/", "A flood"),
        ("New York Times", "https://nytimes.example/", "A flood"),
        ("Frogs, by ear", "https://wetland.example/", "A Thousand Hours of Frogs"),
        ("The moth traps", "https://data.example/moth-count/", "Every Morning"),
        ("Říhová drafts", "https://rihova.example/", "Weaving"),
        ("here", "https://quarry.example/", "Tides"),
        ("this paper", "https://quarry.example/", "Tides"),
        ("港の潮位", "https://quarry.example/", "Tides"),
        ("A whole sentence about what was found in the hills", "https://q.example/", "Tides"),
        ("quarry.example", "https://quarry.example/", "Tides"),
    ],
)
def test_a_label_that_fits_or_cannot_be_judged_is_left_alone(
    tmp_path: Path, label: str, url: str, heading: str
) -> None:
    assert not odd(tmp_path, label, url, heading)


@pytest.mark.parametrize(
    ("label", "url", "heading"),
    [
        ("Alpine meadows", "https://quarry.example/", "Tides"),
        ("Gannet turbine readings", "https://textileroom.example/drafts", "Loom Drafts, Ready to Weave"),
        ("BBC", "https://stacks.example/agreement", "Forty Libraries Agree"),
    ],
)  # fmt: skip
def test_a_label_that_resembles_neither_address_nor_story_is_found(
    tmp_path: Path, label: str, url: str, heading: str
) -> None:
    assert odd(tmp_path, label, url, heading)


def test_a_note_that_says_more_than_its_link_names_no_source(tmp_path: Path) -> None:
    body = "## Tides\n\nWords.[^1]\n\n[^1]: As [this person](https://quarry.example/) told us."
    assert "source-odd" not in codes(found(tmp_path, body))


def test_the_pairs_are_told_with_the_line_of_the_first_note(tmp_path: Path) -> None:
    body = (
        "## Tides\n\nWords.[^b]\n\n## Moths\n\nWords.[^a]\n\n"
        "[^a]: [Moth count](https://moths.example/)\n[^b]: [Tide table](https://tides.example/)"
    )
    finding = only(found(tmp_path, body), "sources-matched")
    assert finding.message.endswith("[^b] Tide table → “Tides”; [^a] Moth count → “Moths”.")
    assert finding.line == 16


def test_pairs_made_by_position_are_told_once(tmp_path: Path) -> None:
    findings = found(tmp_path, "## Tides\n\nWords.\n\n[^1]: [Tide table](https://tides.example/)")
    assert "sources-matched" not in codes(findings)
    assert "Tide table → “Tides”" in only(findings, "sources-by-position").message


def test_a_post_without_notes_has_no_pairs(tmp_path: Path) -> None:
    assert codes(found(tmp_path, "## Tides\n\nWords.")) == []
