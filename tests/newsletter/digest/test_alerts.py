"""Quotes that are boxes: GitHub's alerts, Obsidian's callouts."""

import pytest

from newsletter.digest.inline_words import plain
from newsletter.digest.markdown import parse
from newsletter.digest.phrases import spoken


def _outline(source: str) -> list[str]:
    return [
        spoken(plain(token)) if token.type == "inline" else token.info or token.tag
        for token in parse(source)[0]
        if token.nesting >= 0
    ]


@pytest.mark.parametrize("word", ["NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION"])
def test_each_of_github_s_alerts_is_a_box(word: str) -> None:
    assert _outline(f"> [!{word}]\n> *a*\n> b\n>\n> - c") == [
        *(word.lower(), "p", word.capitalize(), "p", "a b", "ul", "li", "p", "c")
    ]


def test_an_alert_may_have_a_title_and_a_sign_for_a_fold() -> None:
    assert _outline("> [!bug]- The [way](https://a.example)\n> a") == [
        *("caution", "p", "Caution: The way", "p", "a")
    ]


def test_an_alert_stands_in_a_list_and_in_an_alert() -> None:
    assert _outline("- > [!tip]\n  > a\n  > > [!note]\n  > > b") == [
        *("ul", "li", "tip", "p", "Tip", "p", "a", "note", "p", "Note", "p", "b")
    ]


def test_an_alert_may_be_followed_by_no_words_of_its_own_paragraph() -> None:
    assert _outline("> [!tip]\n>\n> a") == ["tip", "p", "Tip", "p", "a"]
    assert _outline("> [!tip]") == ["tip", "p", "Tip"]


@pytest.mark.parametrize("source", ["> a\n> [!NOTE]", "> [NOTE]", "> \\[!NOTE]", "> `[!NOTE]`"])
def test_any_other_quote_stays_one(source: str) -> None:
    assert _outline(source)[0] == "blockquote"


def test_an_alert_without_a_quote_stays_as_it_is_written() -> None:
    assert _outline("[!NOTE]\na") == ["p", "[!NOTE] a"]


def test_a_quote_beside_an_alert_stays_a_quote() -> None:
    assert _outline("> [!tip]\n> a\n\nb\n\n> c") == [
        *("tip", "p", "Tip", "p", "a", "p", "b", "blockquote", "p", "c")
    ]
