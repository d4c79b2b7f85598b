"""A mail is counted as its modes say, and names nobody who did not agree."""

from dataclasses import replace
from typing import Any

import pytest

from newsletter.links import NOBODY, Reading
from newsletter.message import Link, RenderedEmail
from newsletter.slots import Hole, cut, hole
from newsletter.tracking import Counting, address, counting, tagged, utm
from tests.newsletter.tracking.mails import LINKS, URL, leads, mail


def counted(clicks: str = "off", opens: str = "off", **more: Any) -> RenderedEmail:
    how = counting(LINKS, 7, clicks=clicks, opens=opens, **more)
    return address(mail(), LINKS, list_slug="ledger", key="november", counted=how)


def test_off_is_the_same_mail_to_the_byte() -> None:
    """M-3."""
    assert counted() == address(mail(), LINKS, list_slug="ledger", key="november")


def test_aggregate_names_the_issue_and_the_link_and_nobody() -> None:
    """L-1: no recipient in any click link or pixel."""
    found = counted("aggregate", "aggregate")
    token = LINKS.reading_token(Reading(7))
    assert f'<a href="https://news.example.org/c/1/{token}">' in found.html
    assert (
        f'<img src="https://news.example.org/o/{token}" width="1" height="1" alt=""' in found.html
    )
    assert {one.name for one in cut(found.html) if isinstance(one, Hole)} == {"token", "link"}
    assert LINKS.read_reading(token) == Reading(7, NOBODY)


def test_individual_leaves_a_hole_for_each_recipients_own_token() -> None:
    found = counted("individual", "individual")
    assert f"https://news.example.org/c/1/{hole('reading')}" in found.html
    assert f"https://news.example.org/o/{hole('reading')}" in found.html


@pytest.mark.parametrize(("clicks", "opens"), [("aggregate", "off"), ("off", "aggregate")])
def test_clicks_and_opens_are_chosen_apart(clicks: str, opens: str) -> None:
    found = counted(clicks, opens)
    assert ("/c/1/" in found.html) == (clicks != "off")
    assert ("/o/" in found.html) == (opens != "off")


def test_the_text_part_keeps_its_addresses_unless_the_list_says_so() -> None:
    assert leads(counted("aggregate"))["link/1"] == URL
    assert "/c/1/" in leads(counted("aggregate", in_text=True))["link/1"]


def test_the_pixel_is_the_last_thing_of_the_page() -> None:
    page = replace(mail(), html="<html><body><p>Hi</p></body></html>")
    how = counting(LINKS, 7, clicks="off", opens="aggregate")
    found = address(page, LINKS, list_slug="ledger", key="november", counted=how)
    assert found.html.startswith("<html><body><p>Hi</p><img src=")
    assert found.html.endswith("></body></html>")


def test_neither_goodbyes_nor_the_archive_are_counted() -> None:
    found = leads(counted("aggregate", "aggregate", in_text=True))
    assert found["unsubscribe"] == f"https://news.example.org/u/{hole('token')}"
    assert found["archive"] == "https://news.example.org/archive/ledger/november"


def test_a_link_whose_words_are_an_address_leads_there_itself() -> None:
    """Mail programs warn of words that say one place and lead to another."""
    shown = replace(mail(), links=(Link(1, URL, " https://site.example/a", 1),))
    how = counting(LINKS, 7, clicks="aggregate", opens="off")
    found = address(shown, LINKS, list_slug="ledger", key="november", counted=how)
    assert "/c/1/" not in found.html


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://site.example/a", "https://site.example/a?utm_source=l&utm_medium=email&utm_campaign=k"),
        ("https://Site.example/a?b=1#c", "https://Site.example/a?b=1&utm_source=l&utm_medium=email&utm_campaign=k#c"),
        ("https://site.example/?utm_source=me", "https://site.example/?utm_source=me"),
        ("https://else.example/a", "https://else.example/a"),
        ("https://[half/a", "https://[half/a"),
    ],
)  # fmt: skip
def test_the_sites_own_addresses_get_utm_parameters_once(url: str, expected: str) -> None:
    assert tagged(url, Counting(site="site.example", utm=utm("l", "k"))) == expected


def test_without_counting_a_tagged_address_is_in_the_mail_itself() -> None:
    found = counted(site_url="https://site.example/x", utm=utm("ledger", "november"))
    assert "utm_campaign=november" in leads(found)["link/1"]
    assert "/c/" not in found.html
