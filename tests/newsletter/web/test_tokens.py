"""Links that are not ours, or of another purpose: one answer for all of them."""

import random
import string

import pytest
from starlette.types import ASGIApp, Message

from newsletter.web.app import create_app
from subscribers.models import Consent
from tests.factories import NOON
from tests.fuzzing import examples
from tests.newsletter.web.site import Site

URL_SAFE = string.ascii_letters + string.digits + "-_"
DOORS = ("u", "p", "confirm", "me", "address")
# RULES S-6 speaks of a million, which BROADSHEET_LONG asks for.
MUTATIONS = examples(2_500, 1_000_000)


def tokens(site: Site) -> dict[str, str]:
    links = site.app.links
    _, confirm = site.asks("bea@readers.example")
    return {
        "goodbye": site.goodbye(),
        "confirm": confirm,
        "fresh": links.fresh_token(site.ada, NOON),
        "move": links.move_token(1, NOON),
        "form": links.form_token(NOON),
        "delivery": links.seal_delivery(1, site.ada),
        "batch": links.seal_batch(1, 1, 1),
    }


OPENS = {"u": "goodbye", "p": "goodbye", "confirm": "confirm", "me": "fresh", "address": "move"}


@pytest.mark.parametrize("door", DOORS)
def test_a_token_of_one_purpose_opens_no_other_door(site: Site, door: str) -> None:
    """# S-5"""
    missing = site.client.get("/u/nothing")
    before = site.count(Consent) + 1
    for purpose, token in tokens(site).items():
        if purpose == OPENS[door]:
            continue
        for answer in (
            site.client.get(f"/{door}/{token}"),
            site.client.post(f"/{door}/{token}", data={"List-Unsubscribe": "One-Click"}),
            site.client.post(f"/{door}/{token}", data={"action": "leave-all"}),
        ):
            assert (answer.status_code, answer.content) == (404, missing.content), purpose
    assert (site.state(), site.count(Consent)) == ("active", before)


def test_the_hidden_field_of_a_form_takes_no_other_token(site: Site) -> None:
    """# S-5"""
    for purpose, token in tokens(site).items():
        if purpose != "form":
            sent = site.form() | {"shown": token}
            assert site.client.post("/subscribe/ledger", data=sent).status_code == 200
    assert len(site.evidence("asked")) == 1


def mutated(token: str, chance: random.Random) -> str:
    """Return the token with some characters changed, dropped or added."""
    letters = list(token)
    for _ in range(chance.choice((1, 1, 1, 2, 8))):
        at = chance.randrange(len(letters))
        match chance.randrange(4):
            case 0:
                del letters[at]
            case 1:
                letters.insert(at, chance.choice(URL_SAFE))
            case _:
                letters[at] = chance.choice(URL_SAFE)
    return "".join(letters)


@pytest.mark.slow
def test_mutated_tokens_get_the_same_bytes_always(site: Site) -> None:
    """# S-6: none accepted, and no answer differs from another in anything."""
    good = tokens(site)
    chance = random.Random(20261124)  # noqa: S311 (the same every run)
    app = create_app(site.app)

    async def ask_all() -> set[tuple[object, ...]]:
        answers = set()
        for number in range(MUTATIONS):
            door = DOORS[number % len(DOORS)]
            token = mutated(good[OPENS[door]], chance)
            if token != good[OPENS[door]]:
                answers.add(await asked(app, f"/{door}/{token}"))
        return answers

    # In the client's own loop: where a browser runs in this process, there is another already.
    assert site.client.portal
    answers = site.client.portal.call(ask_all)
    assert [answer[0] for answer in answers] == [404]


async def asked(app: ASGIApp, path: str) -> tuple[object, ...]:
    """Return status, headers and bytes of an answer, without a socket: ten times as fast."""
    parts: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        parts.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": []}
    await app(scope, receive, send)
    start, *rest = parts
    return start["status"], tuple(start["headers"]), b"".join(part["body"] for part in rest)


@pytest.mark.parametrize(
    "token", ["", "%00", "%0d%0a", "%2e%2e", "a" * 5000, "é", "%ff", "?", "'--", "{{7*7}}"]
)
def test_nonsense_in_place_of_a_token_gets_the_same_page(site: Site, token: str) -> None:
    """# S-6"""
    missing = site.client.get("/u/nothing")
    for door in (*DOORS, "archive", "m", "subscribe", "style"):
        answer = site.client.get(f"http://testserver/{door}/{token}/x")
        assert (answer.status_code, answer.content) == (404, missing.content)
    for door in DOORS:
        answer = site.client.get(f"http://testserver/{door}/{token}")
        assert (answer.status_code, answer.content) == (404, missing.content)
