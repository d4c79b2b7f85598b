"""How large the HTML is that Gmail gets (RULES H-6)."""

from dataclasses import replace
from pathlib import Path

from newsletter import tracking
from newsletter.keys import KeyRing
from newsletter.links import Goodbye, Links
from newsletter.message import Link
from newsletter.preflight.size import CLIPPED_AT, NEARLY, check_size, html_size
from newsletter.slots import fill_holes, slot
from tests.newsletter.preflight.planting import checked

PUBLIC = "https://news.ledger.example"


def test_it_is_at_least_the_size_that_the_first_reader_gets(tmp_path: Path) -> None:
    subject = replace(checked(tmp_path, "[t](https://tides.example/?a=1&b=2)"), public_url=PUBLIC)
    links = Links(PUBLIC, KeyRing(["a key for tests that is long enough, no secret"]))
    addressed = tracking.address(subject.email, links, list_slug="ledger", key=subject.key)
    for reader in (1, 1_000_000):
        token = links.goodbye_token(Goodbye(1, reader, 12))
        sent = len(fill_holes(addressed.html, {"token": token}.__getitem__).encode())
        assert 0 <= html_size(subject) - sent < 40


def test_the_addresses_of_links_count_and_not_their_slots(tmp_path: Path) -> None:
    subject = checked(tmp_path)
    long = Link(1, f"https://tides.example/{'x' * 500}")
    html = f'<a href="{slot("link/1")}">t</a><a href="{slot("unsubscribe")}">leave</a>'
    assert html_size(replace(subject, email=replace(subject.email, html=html, links=(long,)))) > 500


def test_letters_of_two_bytes_count_as_two(tmp_path: Path) -> None:
    subject = checked(tmp_path)
    plain = replace(subject, email=replace(subject.email, html="a" * 100, links=()))
    accented = replace(subject, email=replace(subject.email, html="ä" * 100, links=()))
    assert (html_size(plain), html_size(accented)) == (100, 200)


def test_the_limits_are_told_from_the_byte_after_them_on(tmp_path: Path) -> None:
    subject = checked(tmp_path)

    def code(size: int) -> list[str]:
        email = replace(subject.email, html="a" * size, links=())
        return [finding.code for finding in check_size(replace(subject, email=email))]

    assert [code(NEARLY), code(NEARLY + 1)] == [[], ["nearly-clipped"]]
    assert [code(CLIPPED_AT), code(CLIPPED_AT + 1)] == [["nearly-clipped"], ["clipped"]]
