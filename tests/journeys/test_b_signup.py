"""Journey B: a person signs up, a letter comes, a button confirms."""

import re
from email.message import EmailMessage

from tests.journeys.browser import get, post
from tests.journeys.house import House


def _confirm_link(letter: EmailMessage, house: House, base: str) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    found = re.search(r"https?://\S+/confirm/[\w-]+", body.get_content())
    assert found, body.get_content()
    return found[0].replace(house.public_url, base)


def _active(house: House) -> int:
    count: int = house.json("lists", "show", "ledger")[0]["active"]
    return count


def test_a_person_signs_up_and_confirms_with_a_button(house: House) -> None:
    """# U-3: looking at the link confirms nothing."""
    house.list_with(1)
    with house.serving("--no-worker") as base:
        link = _confirm_link(house.sign_up(base, "ada@readers.example"), house, base)
        assert get(link).status == 200
        assert _active(house) == 1
        assert post(link).status == 200
        assert post(link).status == 200
        assert _active(house) == 2


def test_an_old_confirmation_cannot_undo_a_later_goodbye(house: House) -> None:
    house.list_with(1)
    with house.serving("--no-worker") as base:
        link = _confirm_link(house.sign_up(base, "ada@readers.example"), house, base)
        post(link)
        house.run("send", house.note(), "--yes", "--no-test", "--wait")
        (mail,) = (
            one for one in house.outbox() if one["Subject"] == "A note" and "ada@" in one["To"]
        )
        goodbye = mail["List-Unsubscribe"].strip("<>").replace(house.public_url, base)
        assert post(goodbye, **{"List-Unsubscribe": "One-Click"}).status == 200
        post(link)
        assert _active(house) == 1
