"""The link table of an issue."""

import pytest

from newsletter.message import Link
from newsletter.render.linkbook import LinkBook


def test_one_address_has_one_number_in_each_story() -> None:
    book = LinkBook()

    assert book.slot("https://a.example/", "A", 1) == "https://slot.invalid/link/1/"
    assert book.slot("https://b.example/", "B", 1) == "https://slot.invalid/link/2/"
    assert book.slot("https://a.example/", "again", 1) == "https://slot.invalid/link/1/"
    assert book.slot("https://a.example/", "A", 2) == "https://slot.invalid/link/3/"
    assert book.slot("https://a.example/") == "https://slot.invalid/link/4/"
    assert book.links == (
        Link(1, "https://a.example/", "A", 1),
        Link(2, "https://b.example/", "B", 1),
        Link(3, "https://a.example/", "A", 2),
        Link(4, "https://a.example/", "", None),
    )


def test_the_first_words_given_to_a_link_are_kept() -> None:
    book = LinkBook()
    book.slot("https://a.example/")
    book.slot("https://a.example/", "Words")
    book.slot("https://a.example/", "Others")

    assert [link.label for link in book.links] == ["Words"]


@pytest.mark.parametrize("url", ["mailto:a@b.example", "tel:+43", "#part", "xmpp:a@b", ""])
def test_what_is_no_web_address_comes_back_unchanged(url: str) -> None:
    book = LinkBook()

    assert book.slot(url, "x", 1) == url
    assert book.links == ()
