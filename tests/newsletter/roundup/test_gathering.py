"""Which posts of a folder a roundup is about, and what it says of the others."""

from pathlib import Path

import pytest

from newsletter.errors import PostError
from tests.newsletter.roundup.site import URL, gathered, post, said, site


def titles(content: Path, **span: object) -> list[str]:
    return [entry.title for entry in gathered(content, **span).entries]  # type: ignore[arg-type]


def test_the_posts_since_a_day_come_newest_first(tmp_path: Path) -> None:
    content = site(tmp_path)
    post(content, "blog/old.md", date="2026-10-31")
    post(content, "blog/first.md", date="2026-11-01")
    post(content, "notes/second/index.md", title="Second", date="2026-11-20T08:00:00+01:00")
    found = gathered(content)
    assert [entry.title for entry in found.entries] == ["Second", "First"]
    assert [entry.section for entry in found.entries] == ["Notes", "Blog"]
    assert [entry.url for entry in found.entries] == [f"{URL}/notes/second/", f"{URL}/blog/first/"]
    assert said(found) == []


def test_a_day_begins_where_the_readers_are(tmp_path: Path) -> None:
    content = site(tmp_path)
    # 31 October, 23:30 in Vienna: not yet November in London.
    post(content, "late.md", date="2026-11-01T00:15:00")
    assert titles(content, zone="Europe/Vienna") == []
    assert titles(content, zone="UTC") == ["Late"]


def test_a_draft_and_a_post_to_come_are_left_out_and_named(tmp_path: Path) -> None:
    content = site(tmp_path)
    post(content, "draft.md", draft="true")
    post(content, "undated-draft.md", draft="true", date="")
    post(content, "old-draft.md", draft="true", date="2026-01-01")
    post(content, "later.md", date="2026-12-24")
    found = gathered(content)
    assert found.entries == ()
    assert said(found) == [
        ("roundup-left-out", "draft.md is a draft."),
        ("roundup-left-out", "later.md is dated 2026-12-24, which is still to come."),
        ("roundup-left-out", "undated-draft.md is a draft."),
    ]


def test_pages_without_a_date_are_named_together(tmp_path: Path) -> None:
    content = site(tmp_path)
    for number in range(7):
        post(content, f"page-{number}.md", date="")
    ((code, message),) = said(gathered(content))
    assert code == "roundup-left-out"
    assert message.startswith("Without a date, and left out: page-0.md, page-1.md, ")
    assert message.endswith(" and 2 more.")


def test_a_post_of_another_language_is_left_out(tmp_path: Path) -> None:
    content = site(tmp_path)
    post(content, "here.md", lang="en-GB")
    post(content, "hier.md", lang="de")
    assert sorted(titles(content)) == ["Here", "Hier"]
    assert titles(content, language="en") == ["Here"]
    found = gathered(content, language="en")
    assert said(found) == [("roundup-left-out", "hier.md is in another language (de).")]


def test_a_post_that_the_last_issue_linked_to_is_not_named_again(tmp_path: Path) -> None:
    content = site(tmp_path)
    post(content, "told.md")
    post(content, "new.md")
    assert titles(content, known=frozenset({f"{URL}/told/"})) == ["New"]


def test_a_post_that_cannot_be_read_is_a_finding_and_the_rest_goes_on(tmp_path: Path) -> None:
    content = site(tmp_path)
    post(content, "good.md")
    broken = content / "broken.md"
    broken.write_text("---\ntitle: [Broken\n---\nWords.\n", encoding="utf-8")
    (content / "binary.md").write_bytes(b"\x00\x01")
    # Its name says that it is not of this month.
    (content / "2020-01-01-old.md").write_bytes(b"\x00")
    found = gathered(content)
    assert [entry.title for entry in found.entries] == ["Good"]
    assert [(one.code, one.severity) for one in found.findings] == [("roundup-unread", "error")] * 2
    assert (found.findings[1].path, found.findings[1].line) == (broken, 3)


def test_posts_that_are_not_markdown_are_counted(tmp_path: Path) -> None:
    content = site(tmp_path)
    for name in ("a.rst", "b.rst", "c.org"):
        (content / name).write_text("Words.\n")
    assert sorted(message for _, message in said(gathered(content))) == [
        "Not Markdown, and left out: 1 in Org mode.",
        "Not Markdown, and left out: 2 in reStructuredText.",
    ]


def test_what_is_no_post_is_passed_over(tmp_path: Path) -> None:
    content = site(tmp_path)
    post(content, "_index.md")
    post(content, ".hidden.md")
    post(content, ".cache/copy.md")
    post(content, "node_modules/thing/readme.md")
    (content / "notes.txt").write_text("Words.\n")
    found = gathered(content)
    assert (found.entries, found.findings) == ((), ())


def test_a_section_is_called_as_its_own_page_calls_it(tmp_path: Path) -> None:
    content = site(tmp_path)
    post(content, "field-notes/_index.md", title="From the field")
    post(content, "field-notes/2026/one.md")
    post(content, "road_map/two.md")
    post(content, "three.md")
    sections = {entry.title: entry.section for entry in gathered(content).entries}
    assert sections == {"One": "From the field", "Two": "Road map", "Three": ""}


def test_a_post_whose_address_is_not_known_is_named_without_a_link(tmp_path: Path) -> None:
    post(tmp_path, "lonely.md")
    found = gathered(tmp_path)
    assert [entry.url for entry in found.entries] == [None]
    assert [code for code, _ in said(found)] == ["roundup-no-address"]


def test_the_picture_is_the_first_in_the_text_or_the_cover(tmp_path: Path) -> None:
    content = site(tmp_path)
    post(content, "text.md", "Words.\n\n![A gull](gull.png)", image="cover.png")
    post(content, "cover.md", image="cover.png")
    post(content, "none.md")
    found = {entry.title: (entry.picture, entry.picture_alt) for entry in gathered(content).entries}
    assert found == {
        "Text": (f"{URL}/text/gull.png", "A gull"),
        "Cover": (f"{URL}/cover/cover.png", ""),
        "None": ("", ""),
    }


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PostError, match="is no folder"):
        gathered(tmp_path / "nowhere")
