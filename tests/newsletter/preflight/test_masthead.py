"""What a List owes its readers, and the letters it sends them."""

from dataclasses import replace
from pathlib import Path

import pytest

from newsletter.message import RenderedEmail
from newsletter.preflight.letters import judged
from newsletter.preflight.masthead import check_way_out, hard_to_read
from newsletter.render.design import looks
from newsletter.render.letters import KINDS, render_letter
from newsletter.slots import slot
from tests.emails import MASTHEAD
from tests.newsletter.preflight.planting import NO_LIST, checked, codes, found, only

POOR = {"postal_address": "", "privacy_url": "", "accent": "#ffee00"}


def test_nothing_of_a_list_is_checked_without_one(tmp_path: Path) -> None:
    assert codes(found(tmp_path, **NO_LIST)) == []
    assert set(codes(found(tmp_path, **POOR))) == {
        "no-postal-address", "no-privacy-notice", "accent-faint",
    }  # fmt: skip


def test_a_faint_accent_is_told_with_the_shade_that_is_used(tmp_path: Path) -> None:
    message = only(found(tmp_path, accent="#fe0"), "accent-faint").message
    assert looks("#ffee00").tokens["light"]["link"] in message
    assert "1.2" in message


def test_an_accent_that_is_no_colour_is_told(tmp_path: Path) -> None:
    assert "'blue'" in only(found(tmp_path, accent="blue"), "accent-faint").message


@pytest.mark.parametrize("accent", ["#1f4fd8", "#000000", "#ffee00", "#ff0000", "#8a8a8a"])
def test_our_own_design_can_be_read_with_any_accent(tmp_path: Path, accent: str) -> None:
    assert list(hard_to_read(checked(tmp_path), looks(accent).tokens)) == []


def test_a_way_out_is_asked_of_the_html_and_of_the_text(tmp_path: Path) -> None:
    subject = checked(tmp_path)
    assert list(check_way_out(subject)) == []
    silent = replace(subject, email=replace(subject.email, html="x", text="x"))
    assert [one.message.split()[1] for one in check_way_out(silent)] == ["HTML", "text"]


@pytest.mark.parametrize("kind", KINDS)
def test_our_own_letters_hold_their_one_link(tmp_path: Path, kind: str) -> None:
    """L-3"""
    assert list(judged(checked(tmp_path), kind, render_letter(kind, MASTHEAD))) == []


@pytest.mark.parametrize(
    "html",
    [
        f'<a href="{slot("link/1")}">counted</a>',
        '<img src="https://count.example/open.gif">',
        "<a href='https://shop.example/'>Buy tides</a>",
        "<td background=x><img src=https://count.example/1></td>",
        f'<img src="{slot("asset/abc.png")}">',
    ],
)
def test_a_letter_with_anything_else_is_found(tmp_path: Path, html: str) -> None:
    """L-3"""
    letter = RenderedEmail(
        MASTHEAD.sender, "Confirm", f'{html}<a href="{slot("letter")}">Yes</a>', ""
    )
    (finding,) = judged(checked(tmp_path), "confirm", letter)
    assert finding.code == "letter-tracked"
