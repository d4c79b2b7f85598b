"""From a file to a publication: what `--fit` leaves out, and says so."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.preflight.size import CLIPPED_AT, html_size
from newsletter.publishing import Publication, publication
from tests.emails import MASTHEAD, document, elements, words

NOW = datetime(2026, 11, 24, tzinfo=UTC)
SITE = "https://site.example"


def made(folder: Path, stories: list[int], *, fit: bool, site_url: str = SITE) -> Publication:
    """Publish a post whose stories have so many paragraphs of five hundred letters each."""
    (folder / "hugo.toml").write_text('title = "A site"\n', encoding="utf-8")
    post = folder / "content" / "blog" / "long.md"
    post.parent.mkdir(parents=True, exist_ok=True)
    body = "".join(
        f"## Story {number}\n\n"
        + f"Words of {number}. [More](https://m.example/{number})\n\n"
        + ("Words without an end. " * 24 + "\n\n") * many
        for number, many in enumerate(stories, 1)
    )
    post.write_text(f"---\ntitle: A Title\ndate: 2026-11-01\n---\n\n{body}", encoding="utf-8")
    return publication(post, MASTHEAD, now=NOW, site_url=site_url, fit=fit)


def codes(seen: Publication) -> set[str]:
    return {finding.code for finding in seen.findings}


def test_what_gmail_would_cut_is_left_to_be_read_online_and_named(tmp_path: Path) -> None:
    whole = made(tmp_path, [60, 120, 60], fit=False)
    assert html_size(whole.checked) > CLIPPED_AT
    assert "clipped" in codes(whole)
    seen = made(tmp_path, [60, 120, 60], fit=True)
    assert html_size(seen.checked) <= CLIPPED_AT
    assert "clipped" not in codes(seen)
    (told,) = [finding for finding in seen.findings if finding.code == "story-shortened"]
    assert (told.severity, "“Story 2”" in told.message) == ("warning", True)
    assert "Story 1" not in told.message
    said = words(document(seen.email.html))
    assert "Words of 1." in said
    assert "Words of 3." in said
    assert 24 * 60 * 2 < said.count("Words without") < 24 * (60 * 2 + 120)
    headings = [words(heading) for heading in elements(seen.email.html, "h2")]
    assert headings == ["In this issue", "Story 1", "Story 2", "Story 3"]


def test_the_link_leads_to_the_story_in_the_post_and_the_text_has_it_whole(tmp_path: Path) -> None:
    seen = made(tmp_path, [60, 120, 60], fit=True)
    (link,) = [link for link in seen.email.links if link.story == 2 and "site.example" in link.url]
    assert link.url.startswith(f"{SITE}/")
    assert link.url.endswith("#story-2")
    assert "Words of 2." in seen.email.text
    assert "https://m.example/2" in {link.url for link in seen.email.links}


def test_a_post_that_fits_is_left_alone(tmp_path: Path) -> None:
    small, fitted = (made(tmp_path, [2, 3, 4], fit=fit) for fit in (False, True))
    assert fitted.email == small.email
    assert codes(fitted) == codes(small)


def test_where_the_post_has_no_address_nothing_is_shortened(tmp_path: Path) -> None:
    (tmp_path / "hugo.toml").write_text('title = "A site"\n', encoding="utf-8")
    seen = made(tmp_path, [60, 120, 60], fit=True, site_url="")
    assert {"fit-nowhere", "clipped"} <= codes(seen)
    assert "Words of 2." in words(document(seen.email.html))


@pytest.mark.parametrize("stories", [[300], [150, 150, 150], [5] * 60])
def test_any_digest_of_stories_can_be_made_to_fit(tmp_path: Path, stories: list[int]) -> None:
    seen = made(tmp_path, stories, fit=True)
    assert html_size(seen.checked) <= CLIPPED_AT


def letter(folder: Path, body: str) -> Publication:
    post = folder / "index.md"
    post.write_text(f"---\ntitle: A Title\nurl: {SITE}/a/\n---\n\n{body}", encoding="utf-8")
    return publication(post, MASTHEAD, now=NOW, fit=True)


LONG = "Words without an end. " * 22


@pytest.mark.parametrize(
    "body",
    [
        "".join(f"{n}th. {LONG}\n\n" for n in range(400)),
        "".join(f"- {n}th. {LONG}\n" for n in range(400)),
        "| a | b |\n|---|---|\n" + "".join(f"| {n}th | {LONG} |\n" for n in range(400)),
        "".join(f"{n}th.\n\nIn short:\n\n- {LONG}\n\n" for n in range(400)),
        "".join(f"{n}th. {LONG}\n\n##### In short\n\n{LONG}\n\n" for n in (*range(199), 399)),
    ],
    ids=["paragraphs", "list", "table", "announced", "headed"],
)
def test_a_letter_too_long_for_gmail_ends_with_a_whole_block_and_a_link(
    tmp_path: Path, body: str
) -> None:
    seen = letter(tmp_path, body)

    assert CLIPPED_AT * 0.8 < html_size(seen.checked) <= CLIPPED_AT
    assert "clipped" not in codes(seen)
    (told,) = [finding for finding in seen.findings if finding.code == "story-shortened"]
    assert "the end of the post" in told.message
    said = words(document(seen.email.html))
    shown, _, _ = said.partition("Read on online")
    assert shown != said
    assert shown.rstrip().endswith(("Words without an end.", "th."))
    assert "0th" in shown
    assert "399th" not in said
    assert "399th" in seen.email.text
    assert seen.digest.url in {link.url for link in seen.email.links}


def test_a_single_story_too_long_for_gmail_shows_its_beginning(tmp_path: Path) -> None:
    seen = made(tmp_path, [300], fit=True)

    said = words(document(seen.email.html))
    assert "Words of 1. More" in said
    assert html_size(seen.checked) > CLIPPED_AT * 0.5
