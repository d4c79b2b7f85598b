"""The view of everybody holds nothing of anybody."""

from newsletter.slots import HOLE
from newsletter.tracking import sample
from tests.newsletter.tracking.mails import LINKS, URL, leads, mail


def test_a_sample_has_the_authors_links_and_nothing_of_a_recipient() -> None:
    found = sample(mail(), LINKS, list_slug="ledger", key="november")
    assert HOLE.search(f"{found.html}{found.text}{found.subject}") is None
    assert (found.subject, found.personal_subject) == ("For you", "")
    seen = leads(found)
    assert seen["link/1"] == URL
    for name in ("unsubscribe", "preferences", "letter"):
        assert seen[name] == "https://news.example.org/subscribe/ledger"


def test_a_sample_on_a_disk_has_its_pictures_beside_it() -> None:
    found = sample(
        mail(), LINKS, list_slug="ledger", key="november", asset=lambda name: f"m/{name}"
    )
    assert 'href="m/ab12.png"' in found.html
