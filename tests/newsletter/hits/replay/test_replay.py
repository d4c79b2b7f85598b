"""A labelled replay: of what is called a person's, 95 in 100 were persons' (issue 6, RULES M-1).

`pytest -s` prints each actor's result.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.hits import FOLDER, Hits
from newsletter.hits.hit import read
from newsletter.hits.targets import Counted
from newsletter.links import NOBODY, Reading
from newsletter.message import Visitor
from newsletter.visitors import PIXEL, Seen
from tests.factories import NOON
from tests.newsletter.hits.replay.sessions import ACTORS, LINKS, Labelled, replay

MAILS = 1_000
WANTED = 0.95
BEGAN = int(NOON.timestamp() * 1000)
COUNTED = Counted(dict.fromkeys(LINKS, "https://site.example/"), True, BEGAN, 0)


def _seen(one: Labelled) -> Seen:
    said = one.ask.headers
    return Seen(
        one.ask.link == PIXEL,
        one.ask.method,
        said.get("User-Agent", ""),
        said.get("Sec-Purpose", ""),
        said.get("Sec-Fetch-Mode", ""),
        said.get("Sec-Fetch-Dest", ""),
        said.get("Accept-Language", ""),
    )


def judged(folder: Path, *, by_name: bool) -> Iterator[tuple[Labelled, Visitor]]:
    """Play it all and yield each request with what it is taken for in the end."""
    hits, asked = Hits(folder), replay(MAILS)
    verdicts: dict[int, Visitor] = {}
    last = 0.0
    for one in asked:
        at = BEGAN + int(one.at * 1000)
        if one.at - last > 5:
            last = one.at
            verdicts |= {hit.number: hit.visitor for hit in hits._sequences.settled(at)}
        reading = Reading(1, one.mail if by_name else NOBODY)
        hits.take(_seen(one), reading, one.ask.link, COUNTED, address=one.ask.address, at=at)
    verdicts |= {hit.number: hit.visitor for hit in hits._sequences.settled(1 << 60)}
    hits.close()
    lines = [read(line) for file in folder.glob("*") for line in file.read_bytes().splitlines()]
    at_once = {line.hit.number: line.hit.visitor for line in lines if line}
    assert len(at_once) == len(asked)
    for number, one in enumerate(asked, 1):
        yield one, verdicts.get(number, at_once[number])


@pytest.mark.parametrize("by_name", [False, True], ids=["aggregate", "individual"])
def test_what_is_called_a_persons_was_a_persons(tmp_path: Path, *, by_name: bool) -> None:
    """# M-1"""
    found = Counter(
        (one.actor.name, one.actor.is_person, one.ask.link == PIXEL, visitor)
        for one, visitor in judged(tmp_path / FOLDER, by_name=by_name)
    )
    print(f"\n{'actor':<28}{'person':>8}{'unknown':>8}{'machine':>8}")
    for actor in ACTORS:
        row = [
            sum(n for key, n in found.items() if key[0] == actor.name and key[3] == visitor)
            for visitor in (Visitor.PERSON, Visitor.UNKNOWN, Visitor.MACHINE)
        ]
        print(f"{actor.name:<28}" + "".join(f"{n:>8}" for n in row))
    for name, opens in (("clicks", False), ("opens", True)):
        called = Counter(
            {
                is_person: sum(
                    n
                    for key, n in found.items()
                    if key[1] == is_person and key[2] == opens and key[3] == Visitor.PERSON
                )
                for is_person in (True, False)
            }
        )
        there = sum(n for key, n in found.items() if key[1] and key[2] == opens)
        precision = called[True] / called.total()
        print(f"{name}: precision for person {precision:.3f}, {called[True]} of {there} found")
        assert precision >= WANTED
