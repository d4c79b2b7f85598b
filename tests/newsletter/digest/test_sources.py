"""Footnotes become sources of the stories they belong to."""

from pathlib import Path

from newsletter.digest.model import Digest, Source
from newsletter.digest.reader import read_post
from newsletter.findings import Severity
from tests.newsletter.digest.writing import HEAD, POSTS, codes, read

THREE = "## A\n\na\n\n## B\n\nb\n\n## C\n\nc\n\n"


def _given(digest: Digest) -> list[list[str]]:
    return [[source.label for source in story.sources] for story in digest.stories]


def _source(tmp_path: Path, note: str) -> list[Source]:
    return list(read(tmp_path, f"{HEAD}## A\n\na[^1]\n\n[^1]: {note}\n").stories[0].sources)


def test_a_note_belongs_to_the_story_whose_heading_refers_to_it() -> None:
    digest = read_post(POSTS / "marks-in-headings.md")

    assert _given(digest) == [
        ["almond.example"],
        ["kessel.example"],
        ["drawings.example"],
        ["ferry.example"],
    ]
    assert "sources-by-position" not in codes(digest)


def test_a_note_belongs_to_the_story_whose_text_refers_to_it(tmp_path: Path) -> None:
    digest = read(
        tmp_path,
        HEAD
        + "## A\n\nx[^2]\n\n- y[^one]\n\n## B\n\n| z[^2] |\n|---|\n\n[^one]: [O](https://o.example)\n"
        "[^2]: [T](https://t.example)\n",
    )

    assert _given(digest) == [["T", "O"], ["T"]]
    marks = [
        child.meta["label"]
        for token in digest.stories[0].blocks
        for child in token.children or ()
        if child.type == "footnote_ref"
    ]
    assert marks == ["2", "one"]


def test_where_nothing_refers_note_n_belongs_to_story_n_and_the_pairs_are_shown(
    tmp_path: Path,
) -> None:
    digest = read(
        tmp_path,
        HEAD + THREE + "[^1]:[One]( https://one.example)\n\n[^3]:[Three](https://three.example)\n"
        "[^2]: [Two](https://two.example)\n",
    )

    assert _given(digest) == [["One"], ["Two"], ["Three"]]
    (finding,) = digest.findings
    assert (finding.code, finding.severity) == ("sources-by-position", Severity.INFO)
    assert "One → “A”; Two → “B”; Three → “C”" in finding.message
    assert finding.line == 16


def test_where_the_counts_differ_the_notes_stand_at_the_end(tmp_path: Path) -> None:
    digest = read(
        tmp_path,
        HEAD + THREE + "[^1]: [One](https://one.example)\n[^2]: [Two](https://two.example)\n",
    )

    assert _given(digest) == [[], [], []]
    assert [source.label for source in digest.sources] == ["One", "Two"]
    (finding,) = digest.findings
    assert (finding.code, finding.severity) == ("sources-unassigned", Severity.WARNING)
    assert "2 notes for 3 stories" in finding.message


def test_a_note_that_nothing_refers_to_among_others_stands_at_the_end(tmp_path: Path) -> None:
    digest = read(
        tmp_path,
        HEAD + "## A\n\na[^1]\n\n## B\n\nb\n\n[^1]: [One](https://one.example)\n"
        "[^2]: [Two](https://two.example)\n",
    )

    assert _given(digest) == [["One"], []]
    assert [source.label for source in digest.sources] == ["Two"]
    assert codes(digest) == ["sources-unassigned"]


def test_a_note_of_the_intro_stands_at_the_end_without_a_warning(tmp_path: Path) -> None:
    digest = read(tmp_path, HEAD + "Intro.[^1]\n\n## A\n\na\n\n[^1]: Said on the phone.\n")

    assert [(one.label, one.url) for one in digest.sources] == [("Said on the phone.", None)]
    assert codes(digest) == []


def test_the_same_definition_twice_is_one_source(tmp_path: Path) -> None:
    twice = "[^1]: [One](https://one.example)\n\n" * 2
    digest = read(tmp_path, HEAD + "## A\n\na[^1] b[^1]\n\n" + twice)

    assert _given(digest) == [["One"]]
    assert codes(digest) == []


def test_one_number_for_two_notes_is_a_slip_that_no_counting_can_mend(tmp_path: Path) -> None:
    digest = read(
        tmp_path,
        HEAD
        + "## A\n\n## B\n\n[^1]: [One](https://one.example)\n\n[^1]: [Two](https://two.example)\n",
    )

    assert _given(digest) == [[], []]
    assert codes(digest) == ["note-twice", "sources-unassigned"]


def test_the_heading_above_the_notes_makes_no_story(tmp_path: Path) -> None:
    notes = "[^1]: [One](https://one.example)\n"

    assert len(read(tmp_path, HEAD + "## A\n\na[^1]\n\n## References\n\n" + notes).stories) == 1
    assert (
        len(read(tmp_path, HEAD + "## A\n\na[^1]\n\n## Quellen:\n\n---\n\n" + notes).stories) == 1
    )
    kept = read(tmp_path, HEAD + "## A\n\na[^1]\n\n## References\n\nA book.\n\n" + notes)
    assert len(kept.stories) == 2


def test_the_blocks_of_a_note_are_told_apart(tmp_path: Path) -> None:
    note = "Two reasons:\n\n    - one\n    - two.\n\n    Said *so*\n\n    again\n"
    digest = read(tmp_path, f"{HEAD}## A\n\nWords.[^1]\n\n[^1]: {note}")

    (source,) = digest.stories[0].sources
    assert source.text == "Two reasons: one; two. Said so; again"


def test_an_inline_note_is_a_source_too(tmp_path: Path) -> None:
    digest = read(
        tmp_path, HEAD + "## A\n\na^[See [One](https://one.example)] b[^1]\n\n[^1]: Two\n"
    )

    (story,) = digest.stories
    assert [(one.number, one.text) for one in story.sources] == [("2", "See One"), ("1", "Two")]


def test_all_the_words_of_a_note_are_kept(tmp_path: Path) -> None:
    (source,) = _source(
        tmp_path, "The report, p. 4: [Bank](https://www.bank.example/r), seen in *May*."
    )

    assert source.label == "Bank"
    assert source.host == "bank.example"
    assert source.text == "The report, p. 4: Bank, seen in May."


def test_a_note_with_two_links_is_two_sources_that_share_its_words(tmp_path: Path) -> None:
    first, second = _source(
        tmp_path, "See [A](https://a.example), and the [B](https://b.example) of 2020."
    )

    assert (first.text, first.url) == ("See A", "https://a.example")
    assert (second.text, second.url) == ("the B of 2020.", "https://b.example")
    assert first.number == second.number == "1"


def test_a_bare_address_is_named_by_its_host(tmp_path: Path) -> None:
    (source,) = _source(tmp_path, "Ofgem: https://www.ofgem.example/a/b.")

    assert (source.label, source.url) == ("ofgem.example", "https://www.ofgem.example/a/b")
    assert source.text == "Ofgem: ofgem.example"


def test_a_note_keeps_its_line_in_the_file(tmp_path: Path) -> None:
    assert _source(tmp_path, "[One](https://one.example)")[0].line == 8
