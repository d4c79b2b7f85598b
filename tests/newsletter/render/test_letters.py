"""The letters: each one button, one address, and nothing else."""

import pytest

from newsletter.errors import RenderError
from newsletter.flowed import fixed
from newsletter.render.letters import KINDS, render_letter
from newsletter.slots import HOLE, SLOT, slot
from tests.emails import MASTHEAD, document, elements, words


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_has_one_address_and_it_is_its_own(kind: str) -> None:
    """L-3: no promotion, no pixel, no tracked link."""
    email = render_letter(kind, MASTHEAD)
    assert {link.get("href") for link in elements(email.html, "a")} == {slot("letter")}
    assert set(SLOT.findall(email.html)) == {"letter"}
    assert set(SLOT.findall(email.text)) == {"letter"}
    assert not list(elements(email.html, "img"))
    assert "url(" not in email.html
    assert email.links == ()
    assert email.assets == ()


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_says_who_writes_and_where_they_are(kind: str) -> None:
    email = render_letter(kind, MASTHEAD)
    for part in (words(document(email.html)), email.text):
        assert "The Monthly Ledger" in part
        assert "12 Quay Street" in part


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_a_stranger_typed_stands_in_a_letter(kind: str) -> None:
    email = render_letter(kind, MASTHEAD)
    assert not HOLE.search(email.subject + email.html + email.text)


@pytest.mark.parametrize("kind", KINDS)
def test_the_subject_and_the_preheader_are_one_line_each(kind: str) -> None:
    email = render_letter(kind, MASTHEAD)
    assert email.subject
    assert "\n" not in email.subject + email.preheader
    assert 80 <= len(email.preheader) <= 120
    assert not email.text.startswith(("Subject", "Preheader"))


@pytest.mark.parametrize("kind", KINDS)
def test_the_text_keeps_to_72_columns(kind: str) -> None:
    lines = fixed(render_letter(kind, MASTHEAD).text).splitlines()
    assert max(map(len, lines)) <= 72


def test_there_is_no_other_letter() -> None:
    with pytest.raises(RenderError, match="no letter 'promo'"):
        render_letter("promo", MASTHEAD)
