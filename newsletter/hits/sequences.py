"""What several hits show together, in memory alone and for a minute (RULES M-1, L-1).

Hits are one sequence when they come from one network by one agent for one issue, or, where the
person agreed to be counted, when they are that person's. The name of a sequence is a hash under
a salt that is made anew each day, lives in this process only and is written nowhere; a minute
after its first hit a sequence is judged and forgotten.
"""

import hashlib
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from newsletter.hits.hit import Hit
from newsletter.message import Visitor
from newsletter.visitors import KEPT_MS, PIXEL, shown

DAY_MS = 86_400_000
# So that a flood costs no memory: what comes beyond is not waited for.
MOST_WAITING = 100_000
LONGEST = 200


@dataclass(slots=True)
class _Sequence:
    begun: int
    links: int
    waiting: list[Hit] = field(default_factory=list)
    seen: list[tuple[int, int]] = field(default_factory=list)
    has_machine: bool = False


class Sequences:
    """The hits of the last minute, by who seems to have made them; shared by threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sequences: dict[bytes, _Sequence] = {}
        self._waiting = 0
        self._salt = b""
        self._salt_day = -1

    def name(self, hit: Hit, network: str, agent: str) -> bytes:
        """Return the name of the sequence that a hit belongs to."""
        day = hit.at // DAY_MS
        if day != self._salt_day:
            self._salt, self._salt_day = os.urandom(16), day
        who = f"{hit.subscriber_id}" if hit.subscriber_id else f"{network} {agent}"
        text = f"{hit.issue_id} {who}".encode("utf-8", "replace")
        return hashlib.blake2b(text, digest_size=12, key=self._salt).digest()

    def add(self, name: bytes, hit: Hit, links: int) -> bool:
        """Add a hit to its sequence; return whether a verdict on it will come.

        `links` is how many links of the issue are counted. A machine's hit has its verdict.
        """
        with self._lock:
            found = self._sequences.get(name)
            if found is None:
                # A machine's hits do not wait, and yet each new name costs memory.
                if max(self._waiting, len(self._sequences)) >= MOST_WAITING:
                    return False
                found = self._sequences[name] = _Sequence(hit.at, links)
            if len(found.seen) < LONGEST:
                found.seen.append((hit.at, hit.link))
            if hit.visitor is Visitor.MACHINE:
                # Pictures are fetched for people, by proxies and by their programs: who fetched
                # one says nothing of who presses.
                found.has_machine = found.has_machine or hit.link != PIXEL
                return False
            if len(found.waiting) >= LONGEST or self._waiting >= MOST_WAITING:
                return False
            found.waiting.append(hit)
            self._waiting += 1
            return True

    def settled(self, now: int) -> list[Hit]:
        """Return the verdicts on each sequence that began a minute before `now`; forget them."""
        with self._lock:
            over = []
            # Oldest first: a dict keeps the order in which sequences began.
            for name, one in self._sequences.items():
                if now - one.begun < KEPT_MS:
                    break
                over.append((name, one))
            for name, one in over:
                del self._sequences[name]
                self._waiting -= len(one.waiting)
        return [verdict for _, one in over for verdict in _verdicts(one)]


def _verdicts(sequence: _Sequence) -> Iterator[Hit]:
    word = shown(sequence.seen, sequence.links, has_machine=sequence.has_machine)
    for hit in sequence.waiting:
        yield hit._replace(visitor=Visitor.MACHINE, reason=word) if word else hit
