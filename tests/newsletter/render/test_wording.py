"""What reading puts among an author's words is said in the language of the issue."""

from dataclasses import replace
from pathlib import Path

import pytest

from newsletter.digest.phrases import MARK, PHRASES, phrase, spoken
from newsletter.digest.reader import read_post
from newsletter.render.renderer import render_issue
from newsletter.render.templates import template_set
from newsletter.render.wording import worded
from tests.emails import MASTHEAD, elements, words
from tests.newsletter.digest.writing import write_post

POST = """\
---
title: Herbst
newsletter: {note: "> [!TIP]\\n> Nur hier."}
---
> [!NOTE]
> Ein Satz.

> [!WARNING] Vorsicht, Glatteis
> Ein Satz.

> [!TIP] Kerzen
> Ein Satz.

<details>
Ein Satz.
</details>

<iframe src="https://maps.example/x"></iframe>

## Film

{{< youtube id="abcdefghijk" title="Ein Film" >}}

{{< unknown >}}
"""


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ["Tip", "Note", "Warning: Vorsicht, Glatteis", "Tip: Kerzen", "Details"]),
        ("de", ["Tipp", "Hinweis", "Warnung: Vorsicht, Glatteis", "Tipp: Kerzen", "Details"]),
        ("fr", ["Astuce", "Note", "Avertissement : Vorsicht, Glatteis"]),
        ("ja", ["ヒント", "メモ", "警告\uff1aVorsicht, Glatteis", "ヒント\uff1aKerzen", "詳細"]),
    ],
)
def test_boxes_and_links_of_ours_are_in_the_language_of_the_list(
    tmp_path: Path, language: str, told: list[str]
) -> None:
    digest = read_post(write_post(tmp_path, POST), dialect="hugo", site_url="https://site.example")

    email = render_issue(digest, replace(MASTHEAD, language=language)).email

    titles = [words(one) for one in elements(email.html, "strong")]
    assert titles[: len(told)] == told
    for part in (email.html, email.text):
        assert MARK.search(part) is None
        for name in ("online", "video"):
            assert template_set().words(language).say(f"post.{name}") in part
    assert template_set().words(language).say("post.video") in email.links[1].label


def test_a_post_that_names_its_language_beats_the_list(tmp_path: Path) -> None:
    digest = read_post(write_post(tmp_path, POST.replace("title:", "lang: nl\ntitle:")))

    assert "Waarschuwing: Vorsicht" in render_issue(digest, MASTHEAD).email.text


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Hinweis", "Hinweis"),
        ("*Hinweis* für Gäste", "*Hinweis* für Gäste"),
        ("Hinweise", "Hinweis: Hinweise"),
        ("Kerzen", "Hinweis: Kerzen"),
    ],
)
def test_a_title_that_says_what_a_box_is_says_it_once(title: str, said: str) -> None:
    assert spoken(phrase("note", title), {"note": "Hinweis"}.__getitem__) == said


def test_every_phrase_has_a_mark_of_its_own() -> None:
    assert [spoken(phrase(name)) for name in PHRASES] == list(PHRASES.values())


def test_a_digest_without_phrases_keeps_its_tokens(tmp_path: Path) -> None:
    digest = read_post(write_post(tmp_path, "---\ntitle: A\n---\nÜber *alles*.\n\n## B\n\nC.\n"))

    said = worded(digest, template_set().words("de"))

    assert all(one is other for one, other in zip(said.intro, digest.intro, strict=True))
