"""Links both ways: bound to a purpose, of their time, and forged by nobody (RULES S-5, S-6)."""

import string
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.errors import LinkInvalid
from newsletter.keys import KeyRing
from newsletter.links import CONFIRM_LASTS, FRESH_LASTS, Goodbye, Links

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LINKS = Links("https://news.example.org", KeyRing(["k" * 32]))
OTHER = Links("https://news.example.org", KeyRing(["x" * 32]))
URL_SAFE = set(string.ascii_letters + string.digits + "-_")
ids = st.integers(min_value=0, max_value=2**31)

READERS: dict[str, Callable[[str], object]] = {
    "goodbye": LINKS.read_goodbye,
    "confirm": lambda token: LINKS.read_confirm(token, NOW),
    "fresh": lambda token: LINKS.read_fresh(token, NOW),
    "form": LINKS.read_form,
    "delivery": LINKS.unseal_delivery,
    "batch": LINKS.unseal_batch,
}
TOKENS = {
    "goodbye": LINKS.goodbye_token(Goodbye(1, 2, 3)),
    "confirm": LINKS.confirm_token(7, NOW),
    "fresh": LINKS.fresh_token(7, NOW),
    "form": LINKS.form_token(NOW),
    "delivery": LINKS.seal_delivery(3, 2),
    "batch": LINKS.seal_batch(3, 5, 1),
}


@given(ids, ids, ids)
def test_a_goodbye_comes_back_as_it_was_signed(list_id: int, subscriber: int, issue: int) -> None:
    goodbye = Goodbye(list_id, subscriber, issue)
    assert LINKS.read_goodbye(LINKS.goodbye_token(goodbye)) == goodbye


@given(ids, ids, st.integers(min_value=0, max_value=2**24 - 1))
def test_sealed_names_come_back_and_are_22_characters(
    first: int, second: int, attempt: int
) -> None:
    delivery, batch = LINKS.seal_delivery(first, second), LINKS.seal_batch(first, second, attempt)
    assert LINKS.unseal_delivery(delivery) == (first, second)
    assert LINKS.unseal_batch(batch) == (first, second, attempt)
    assert len(delivery) == len(batch) == 22
    assert set(delivery + batch) <= URL_SAFE


def test_many_are_sealed_as_each_by_itself() -> None:
    assert LINKS.seal_deliveries(3, range(100)) == [LINKS.seal_delivery(3, n) for n in range(100)]


@pytest.mark.parametrize(
    "numbers", [range(0), range(7, 8), range(100, 300), range(2**14 - 3, 2**14 + 3), (2**35, 5)]
)
@pytest.mark.parametrize("issue", [3, 300])
def test_many_goodbyes_are_signed_as_each_by_itself(numbers: Sequence[int], issue: int) -> None:
    alone = [LINKS.goodbye_token(Goodbye(2, number, issue)) for number in numbers]
    assert LINKS.goodbye_tokens(2, numbers, issue) == alone


@pytest.mark.parametrize("purpose", TOKENS)
@pytest.mark.parametrize("door", READERS)
def test_a_token_opens_the_door_of_its_purpose_alone(purpose: str, door: str) -> None:
    if purpose == door:
        READERS[door](TOKENS[purpose])
    else:
        with pytest.raises(LinkInvalid):
            READERS[door](TOKENS[purpose])


@pytest.mark.parametrize("purpose", TOKENS)
def test_every_change_of_one_character_is_noticed(purpose: str) -> None:
    """S-6; also the unused bits at a token's end, so that a token has one spelling."""
    token = TOKENS[purpose]
    accepted = 0
    for at in range(len(token)):
        for other in URL_SAFE - {token[at]}:
            try:
                READERS[purpose](token[:at] + other + token[at + 1 :])
            except LinkInvalid:
                continue
            accepted += 1
    assert accepted == 0


@settings(max_examples=1000)
@given(st.text(max_size=60) | st.text(sorted(URL_SAFE), max_size=60))
def test_nothing_made_up_opens_anything_or_raises_anything_else(token: str) -> None:
    """S-6."""
    for read in READERS.values():
        with pytest.raises(LinkInvalid):
            read(token)


@pytest.mark.parametrize("purpose", TOKENS)
def test_cut_and_lengthened_tokens_open_nothing(purpose: str) -> None:
    token = TOKENS[purpose]
    for wrong in (*(token[:length] for length in range(len(token))), token + "A", token + "="):
        with pytest.raises(LinkInvalid):
            READERS[purpose](wrong)


def test_another_houses_token_opens_nothing() -> None:
    with pytest.raises(LinkInvalid):
        LINKS.read_goodbye(OTHER.goodbye_token(Goodbye(1, 2, 3)))
    with pytest.raises(LinkInvalid):
        LINKS.unseal_delivery(OTHER.seal_delivery(3, 2))


def test_a_confirm_link_lasts_seven_days_and_a_fresh_one_an_hour() -> None:
    confirm, fresh = TOKENS["confirm"], TOKENS["fresh"]
    assert LINKS.read_confirm(confirm, NOW + CONFIRM_LASTS) == 7
    assert LINKS.read_fresh(fresh, NOW + FRESH_LASTS) == 7
    assert timedelta(days=7) == CONFIRM_LASTS
    assert timedelta(hours=1) == FRESH_LASTS
    with pytest.raises(LinkInvalid):
        LINKS.read_confirm(confirm, NOW + CONFIRM_LASTS + SECOND)
    with pytest.raises(LinkInvalid):
        LINKS.read_fresh(fresh, NOW + FRESH_LASTS + SECOND)


def test_a_rotated_key_keeps_the_links_already_out() -> None:
    """S-5: unsubscribe never expires."""
    ring = Links("https://news.example.org", KeyRing(["n" * 32, "k" * 32]))
    assert ring.read_goodbye(TOKENS["goodbye"]) == Goodbye(1, 2, 3)
    assert ring.unseal_delivery(TOKENS["delivery"]) == (3, 2)
    assert ring.goodbye_token(Goodbye(1, 2, 3)) != TOKENS["goodbye"]


def test_no_token_shows_an_id_or_an_address() -> None:
    """S-5: ids outside the database are sealed in what providers see."""
    sealed = {LINKS.seal_delivery(1, number) for number in range(1000)}
    assert len(sealed) == 1000
    assert len({token[:4] for token in sealed}) > 900


def test_every_address_is_under_the_base_and_has_no_slash_at_its_end() -> None:
    for url in (
        LINKS.unsubscribe("t"),
        LINKS.preferences("t"),
        LINKS.confirm("t"),
        LINKS.manage("t"),
        LINKS.subscribe("ledger"),
        LINKS.archive("ledger", "november"),
        LINKS.asset("ab.png"),
    ):
        assert url.startswith("https://news.example.org/")
        assert not url.endswith("/")
