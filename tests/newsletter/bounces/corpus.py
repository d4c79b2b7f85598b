"""Mails that come back, in the styles of the servers and providers that write them."""

from pathlib import Path

from newsletter.keys import KeyRing
from newsletter.links import Goodbye, Links
from newsletter.providers.return_path import ReturnPath
from tests.newsletter.house import KEY

FOLDER = Path(__file__).with_name("mails")
NAMES = tuple(sorted(file.stem for file in FOLDER.glob("*.eml")))
LINKS = Links("https://news.example.org", KeyRing([KEY]))
PATH = ReturnPath("bounces+*@ledger.example")


def mail(name: str, *, issue: int = 1, person: int = 1, token: str = "", list_id: int = 1) -> bytes:
    """Return a mail of the corpus about this person's copy of an issue, or about a token."""
    token = token or LINKS.seal_delivery(issue, person)
    given = {
        "{token}": token,
        "{verp}": PATH.of(token),
        "{goodbye}": LINKS.goodbye_token(Goodbye(list_id, person, issue)),
    }
    text = (FOLDER / f"{name}.eml").read_text("utf-8")
    for place, value in given.items():
        text = text.replace(place, value)
    return text.encode()
