"""What several hits show together, and that it is forgotten."""

from typing import Any

import pytest

from newsletter.hits import PIXEL, Hit
from newsletter.hits.sequences import DAY_MS, Sequences
from newsletter.message import Visitor
from newsletter.visitors import KEPT_MS

AT = 1_764_000_000_000


def hit(link: int, after: int = 0, **more: Any) -> Hit:
    return Hit(1, AT + after, 7, link, 0, Visitor.PERSON, "navigated")._replace(**more)


def verdicts(*hits: Hit, links: int = 9, network: str = "n", agent: str = "a") -> list[str]:
    sequences = Sequences()
    for one in hits:
        sequences.add(sequences.name(one, network, agent), one, links)
    return [verdict.reason for verdict in sequences.settled(AT + KEPT_MS)]


def test_a_few_links_in_a_minute_are_a_person() -> None:
    assert verdicts(hit(1), hit(2, 5_000), hit(2, 6_000), hit(3, 30_000)) == ["navigated"] * 4


@pytest.mark.parametrize("links", [(1, 2, 3), (PIXEL, 1, 2)])
def test_three_different_things_in_two_seconds_are_a_machines(links: tuple[int, ...]) -> None:
    """# M-1: also the hit that came first."""
    found = verdicts(*[hit(link, 900 * at) for at, link in enumerate(links)])
    assert found == ["burst"] * 3


def test_the_same_link_three_times_is_an_impatient_person() -> None:
    assert verdicts(hit(1), hit(1, 300), hit(1, 600)) == ["navigated"] * 3


def test_every_link_within_a_minute_is_a_machines() -> None:
    """# M-1"""
    slow = [hit(link, 10_000 * (link - 1)) for link in (1, 2, 3, 4)]
    assert verdicts(*slow, links=4) == ["every-link"] * 4
    assert verdicts(*slow, links=5) == ["navigated"] * 4


def test_both_links_of_an_issue_with_two_are_a_persons() -> None:
    assert verdicts(hit(1), hit(2, 10_000), links=2) == ["navigated"] * 2


def test_who_is_a_machine_once_is_one_for_all_of_the_sequence() -> None:
    """A scanner asks by HEAD, and then as a browser would."""
    assert verdicts(hit(1, visitor=Visitor.MACHINE, reason="head"), hit(1, 500)) == ["same-hand"]


def test_a_picture_that_a_proxy_fetched_says_nothing_of_who_presses() -> None:
    """Gmail's proxy fetches it for the person who then follows a link."""
    fetched = hit(PIXEL, visitor=Visitor.MACHINE, reason="proxy")
    assert verdicts(fetched, hit(1, 5_000)) == ["navigated"]


def test_hits_of_other_networks_agents_issues_and_people_are_apart() -> None:
    sequences = Sequences()
    names = {
        sequences.name(hit(1), "n", "a"),
        sequences.name(hit(1), "m", "a"),
        sequences.name(hit(1), "n", "b"),
        sequences.name(hit(1, issue_id=8), "n", "a"),
        sequences.name(hit(1, subscriber_id=5), "n", "a"),
    }
    assert len(names) == 5
    # A person who agreed is one sequence, wherever the hits come from.
    five = hit(1, subscriber_id=5)
    assert sequences.name(five, "n", "a") == sequences.name(five, "m", "b")


def test_nothing_is_judged_before_its_minute_is_over_and_nothing_is_kept_after() -> None:
    sequences = Sequences()
    sequences.add(b"one", hit(1), 9)
    sequences.add(b"two", hit(1, 1_000), 9)
    assert sequences.settled(AT + KEPT_MS - 1) == []
    assert len(sequences.settled(AT + KEPT_MS)) == 1
    assert len(sequences.settled(AT + KEPT_MS + 1_000)) == 1
    assert sequences._sequences == {}


def test_a_sequence_has_another_name_on_another_day_and_in_another_process() -> None:
    one, another = Sequences(), Sequences()
    today = one.name(hit(1), "n", "a")
    assert today == one.name(hit(1), "n", "a")
    assert today != another.name(hit(1), "n", "a")
    assert today != one.name(hit(1, DAY_MS), "n", "a")


def test_a_flood_costs_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsletter.hits.sequences.MOST_WAITING", 2)
    sequences = Sequences()
    waits = [sequences.add(bytes([number]), hit(1), 9) for number in range(4)]
    assert waits == [True, True, False, False]


def test_a_flood_of_machines_under_ever_new_names_costs_no_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("newsletter.hits.sequences.MOST_WAITING", 2)
    sequences = Sequences()
    robot = hit(1, visitor=Visitor.MACHINE, reason="robot")
    for number in range(4):
        sequences.add(bytes([number]), robot, 9)
    assert not sequences.add(b"person", hit(1), 9)
    assert sequences.settled(AT + KEPT_MS) == []
    assert sequences.add(b"person", hit(1, KEPT_MS), 9)
