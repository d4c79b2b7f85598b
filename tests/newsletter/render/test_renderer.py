"""What `render_issue` makes of a digest."""

from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from newsletter.digest.reader import read_post
from newsletter.message import Masthead
from newsletter.render.renderer import render_issue
from newsletter.slots import SLOT
from tests.emails import EXAMPLES, MASTHEAD, document, elements, rendered, words

THREE = """Opening words.

## First

One.[^a]

## Second

Two.[^b]

## Third

Three.[^c]

[^a]: [Alpha](https://alpha.example/1)
[^b]: [Beta](https://beta.example/2)
[^c]: [Gamma](https://gamma.example/3)
"""


def test_each_source_stands_under_its_story_before_the_next_begins(tmp_path: Path) -> None:
    html = rendered(tmp_path, THREE).email.html
    order = [words(found) for found in elements(html, "h2", "p")]
    places = [
        order.index(words_)
        for words_ in (
            "First",
            "Source: Alpha (alpha.example)",
            "Second",
            "Source: Beta (beta.example)",
            "Third",
            "Source: Gamma (gamma.example)",
        )
    ]
    assert places == sorted(places)


def test_several_sources_of_a_story_carry_the_marks_of_their_notes(tmp_path: Path) -> None:
    body = "## A\n\nOne[^x] and two.[^y]\n\n[^x]: [X](https://x.example)\n[^y]: A book, page 7\n"
    html = rendered(tmp_path, body).email.html
    assert [words(mark) for mark in elements(html, "sup")] == ["1", "2"]
    lines = [words(line) for line in elements(html, "p")]
    assert "Source 1: X (x.example)" in lines
    assert "Note 2: A book, page 7" in lines


def test_notes_of_no_story_are_listed_at_the_end(tmp_path: Path) -> None:
    body = THREE.replace("[^a]\n", "\n", 1).replace("[^b]\n", "\n", 1).replace("[^c]\n", "\n", 1)
    body += "[^d]: [Delta](https://delta.example)\n"
    html = rendered(tmp_path, body).email.html
    headings = [words(heading) for heading in elements(html, "h2")]
    assert headings == ["In this issue", "First", "Second", "Third", "Sources"]
    assert "Source 4: Delta (delta.example)" in [words(line) for line in elements(html, "p")]


def test_a_short_digest_has_no_contents_and_no_numbers(tmp_path: Path) -> None:
    html = rendered(tmp_path, "## One\n\nA.\n\n## Two\n\nB.\n").email.html
    assert [words(heading) for heading in elements(html, "h2")] == ["One", "Two"]
    assert 'class="no"' not in html


def test_the_byline_joins_authors_and_says_the_day_where_the_list_is(tmp_path: Path) -> None:
    front = "title: T\nauthor: [Ada, Ben, Cleo]\ndate: 2026-03-01T23:30:00Z"
    post = tmp_path / "index.md"
    post.write_text(f"---\n{front}\n---\nWords.\n")
    masthead = Masthead("l", "L", MASTHEAD.sender, time_zone="Asia/Tokyo")
    html = render_issue(read_post(post), masthead).email.html
    byline = next(line for line in elements(html, "p") if line.get("class") == "byline")
    assert words(byline) == "By Ada, Ben and Cleo · 2 March 2026 · 1 min read"


def test_a_subtitle_stands_below_the_title(tmp_path: Path) -> None:
    email = rendered(tmp_path, "Text.", front="title: Tides\nsubtitle: What <buoys> said").email

    (shown,) = (one for one in elements(email.html, "p") if one.get("class") == "subtitle")
    assert (shown.text or "").strip() == "What <buoys> said"


def test_a_note_for_subscribers_stands_above_the_intro(tmp_path: Path) -> None:
    front = 'title: T\nnewsletter:\n  note: "Only *you* read this."'
    html = rendered(tmp_path, "The intro.", front=front).email.html
    lines = [words(line) for line in elements(html, "p")]
    assert lines.index("Only you read this.") < lines.index("The intro.")


def test_the_footer_says_why_and_how_to_leave(tmp_path: Path) -> None:
    html = rendered(tmp_path, "Words.").email.html
    (footer,) = [one for one in elements(html, "div") if one.get("role") == "contentinfo"]
    said = words(footer)
    assert "because you subscribed to The Monthly Ledger at ledger.example" in said
    assert "12 Quay Street" in said
    slots = [link.get("href") or "" for link in footer.iter("a")]
    assert [SLOT.sub(r"\1", slot) for slot in slots] == [
        "subscribe",
        "unsubscribe",
        "preferences",
        "https://ledger.example/privacy/",
    ]


def test_every_address_of_an_author_is_a_slot_with_its_story(tmp_path: Path) -> None:
    body = "[Top](https://t.example)\n\n## A\n\n[One](https://o.example/?a=1&b=2) <b>x</b>\n"
    email = rendered(tmp_path, body).email
    told = [(link.url, link.label, link.story) for link in email.links]
    assert told == [
        ("https://t.example", "Top", None),
        ("https://o.example/?a=1&b=2", "One", 1),
    ]
    assert "o.example" not in email.html


def test_a_name_that_looks_like_markup_or_like_a_block_key_is_shown_as_it_is(
    tmp_path: Path,
) -> None:
    front = 'title: "zzb000zz <z>& \\"q\\" zzpaddingzz"\nauthor: ["< i", zzb001zz]\ntags: ["<u>"]'
    html = rendered(tmp_path, "## zzb002zz\n\nzzb003zz\n", front=front).email.html
    (headline,) = elements(html, "h1")
    (title,) = elements(html, "title")
    assert words(headline) == words(title) == 'zzb000zz <z>& "q" zzpaddingzz'
    assert "By < i and zzb001zz" in words(document(html))
    assert "zzb003zz" in [words(line) for line in elements(html, "p")]
    assert len(list(elements(html, "h1", "h2"))) == 2


def test_a_language_that_is_none_is_not_written(tmp_path: Path) -> None:
    front = "title: T\nlang: 'en\" onload=\"x'"
    assert document(rendered(tmp_path, "x", front=front).email.html).get("lang") == "en"


@pytest.mark.parametrize("post", EXAMPLES, ids=lambda post: post.parent.name)
def test_the_same_post_gives_the_same_bytes(post: Path) -> None:
    digest = read_post(post)
    first, second = (render_issue(digest, MASTHEAD).email for _ in range(2))
    assert (first.html, first.text, first.assets) == (second.html, second.text, second.assets)


def test_a_picture_shown_again_stays_small(tmp_path: Path) -> None:
    Image.new("RGB", (800, 400), "#336699").save(tmp_path / "a.png")
    body = "".join(f"## S{n}\n\nText.\n\n![](a.png)\n\n" for n in range(3))
    pictures = elements(rendered(tmp_path, body).email.html, "img")
    assert [picture.get("width") for picture in pictures] == ["548", "160", "160"]


def test_a_picture_says_what_its_author_wrote_or_where_its_story_comes_from(
    tmp_path: Path,
) -> None:
    Image.new("RGB", (400, 200), "#336699").save(tmp_path / "a.png")
    body = (
        '## A\n\n![Written](a.png "Title")\n\n## B\n\n![](a.png "Title")\n\n'
        "## C\n\nText.[^1]\n\n![](a.png)\n\n[^1]: [Label](https://c.example)\n"
    )
    pictures = elements(rendered(tmp_path, body).email.html, "img")
    assert [picture.get("alt") for picture in pictures] == ["Written", "Title", "Label"]


def test_a_missing_picture_leaves_its_words_and_no_hole(tmp_path: Path) -> None:
    html = rendered(tmp_path, "## A\n\nText.\n\n![A wheel](gone.png)\n\n![](too.png)").email.html
    assert not list(elements(html, "img"))
    assert "A wheel" in [words(line) for line in elements(html, "p")]


def test_a_date_needs_no_time() -> None:
    digest = read_post(EXAMPLES[0])
    assert isinstance(digest.date, date)
    assert "2 September 2026" in words(document(render_issue(digest, MASTHEAD).email.html))
