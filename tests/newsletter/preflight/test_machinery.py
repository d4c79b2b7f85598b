"""What readers should never see: a generator's tags, other services' merge fields, lost Markdown."""

from pathlib import Path

import pytest

from tests.newsletter.preflight.planting import SOUND, codes, found, only

LEFT = ("machinery", "merge-field", "note-missing", "link-malformed")


def left(folder: Path, body: str) -> list[str]:
    return [code for code in codes(found(folder, body)) if code in LEFT]


@pytest.mark.parametrize(
    "tag",
    [
        "<%= site.title %>",
        "{{< carousel",
        "[@harbour2024, p. 3]",
        "see @fig-tides",
        "{filename}",
        "{props.tides.mean}",
        "{ref}`tides`",
        "\\ref{tides}",
        "\\[[_TOC_]]",
        ".. slug: tides",
        '!!! note "Tides"',
        "\\[[The tides of May]]",
        "!\\[[tides.png|300]]",
        "%%to be checked%%",
        "::youtube{id=tides}",
        '[gallery ids="1,2"]',
        "Low tide[/caption]",
    ],
)
def test_a_generators_tag_is_found_on_its_line(tmp_path: Path, tag: str) -> None:
    finding = only(found(tmp_path, f"Words.\n\nMore words\n{tag}"), "machinery")
    assert finding.line == 10


@pytest.mark.parametrize(
    "words",
    [
        "A set {1, 2, 3} and {a b}.",
        "At 12:30:45, 5 > 3 and 2 < 4, or 100% of it.",
        "Write to me @harbour or a@ledger.example: it costs $5 to $7.",
        "Import the tides from Tarnholt: we export nothing.",
        "`{{ page.title }}`, `{% raw %}` and `$$x$$` are how templates look.",
        "```liquid\n{% if page.draft %}{{ name }}{% endif %}\n```",
        "    ::: {.indented}\n    {name}",
        "<pre>{{ page.title }} {name}</pre>",
        "In <code>{{ name }}</code> stands a name.",
        "Dear reader, {whoever} you are [name it].",
        "A talk [video] and its [[1]] note, 5%% of them.",
    ],
)
def test_words_and_code_are_left_alone(tmp_path: Path, words: str) -> None:
    assert left(tmp_path, words) == []


@pytest.mark.parametrize(
    "field",
    [
        "{name}", "{first_name}", "{ firstname }", "{name|friend}", "{user.name}",
        "*|FNAME|*", "%FIRSTNAME%", "%recipient.name%", "[FIRSTNAME]", "<<first name>>", "{$name}",
        "{email}",
    ],
)  # fmt: skip
def test_a_merge_field_is_told_apart_from_machinery(tmp_path: Path, field: str) -> None:
    escaped = field.replace("<", "\\<")
    assert left(tmp_path, f"Dear {escaped}, the tides.") == ["merge-field"]


@pytest.mark.parametrize("code", ["<pre>x</pre>\n<p>{name}</p>", "In <code>x</code> {name}."])
def test_words_after_code_are_words_again(tmp_path: Path, code: str) -> None:
    assert left(tmp_path, code) == ["merge-field"]


def test_a_merge_field_in_the_subject_is_found(tmp_path: Path) -> None:
    findings = found(tmp_path, front=SOUND.replace("The month", "For {name} the month"))
    assert only(findings, "merge-field").line == 1


def test_a_mark_without_a_note_is_found(tmp_path: Path) -> None:
    finding = only(found(tmp_path, "Words.[^1] More.[^2]\n\n[^1]: A note."), "note-missing")
    assert (finding.message, finding.line) == ("There is no note for [^2]", 7)


def test_a_link_that_stayed_markdown_is_found(tmp_path: Path) -> None:
    findings = found(tmp_path, "Words.\n\n[the tides](https://tides.example/low tide.html)")
    assert only(findings, "link-malformed").line == 9


def test_the_same_tag_is_told_once(tmp_path: Path) -> None:
    assert left(tmp_path, "Dear {name}.\n\nDear {name}.\n\nDear {email}.") == ["merge-field"] * 2


MERGED = f"{SOUND}\nnewsletter:\n  merge_fields: true"


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("{name|there}", ""),
        ("{first_name|there}", ""),
        ("{email}", ""),
        ("{name}", "merge-field-bare"),
        ("{first_name}", "merge-field-bare"),
        ("{Name|there}", "merge-field-unknown"),
        ("{nickname|there}", "merge-field-unknown"),
        ("{subscriber.name|there}", "merge-field-unknown"),
        ("{name|*there*}", "merge-field"),
        ("*|FNAME|*", "merge-field"),
        ("%FIRSTNAME%", "merge-field"),
        ("`{name}` and `{nickname|x}`", ""),
        ("{a set}", ""),
    ],
)
def test_where_merge_fields_are_on_only_the_wrong_ones_are_found(
    tmp_path: Path, field: str, code: str
) -> None:
    findings = found(tmp_path, f"Dear {field}, the tides.", front=MERGED)
    assert [one for one in codes(findings) if one.startswith("merge")] == [code][: len(code)]


def test_a_field_that_is_wrong_in_a_text_beside_the_post_is_found_there(tmp_path: Path) -> None:
    (tmp_path / "index.txt").write_text("Dear {name|you},\n{name}\n", encoding="utf-8")
    finding = only(found(tmp_path, front=MERGED), "merge-field-bare")
    assert (finding.path, finding.line) == (tmp_path / "index.txt", 2)
