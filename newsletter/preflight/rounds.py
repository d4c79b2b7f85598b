"""One round of asking for many pages: each host in turn, several hosts beside each other."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from urllib.parse import urlsplit

from newsletter.fetch import Answer, Network, ask

Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Manners:
    """How politely to ask: seconds between two requests to a host, hosts at once, links at most,
    and the seconds after which the rest is left.
    """

    gap: float = 1.0
    hosts_at_once: int = 8
    most: int = 300
    deadline: float = 120.0


class Round:
    """One round of asking; each host has a turn of its own."""

    def __init__(self, network: Network, manners: Manners) -> None:
        self._network = network
        self._manners = manners
        self._lock = threading.Lock()
        self._turns: dict[str, threading.Lock] = {}
        self._free: dict[str, float] = {}

    def ask_all(self, urls: Sequence[str], told: Told) -> Mapping[str, Answer]:
        """Ask for each address and return the answers there are when the time is over, in order."""
        hosts: dict[str, list[str]] = {}
        for url in urls:
            hosts.setdefault(urlsplit(url).hostname or "", []).append(url)
        work: SimpleQueue[list[str]] = SimpleQueue()
        for group in sorted(hosts.values(), key=len, reverse=True):
            work.put(group)
        done: SimpleQueue[tuple[str, Answer]] = SimpleQueue()
        end = time.monotonic() + self._manners.deadline
        for _ in range(min(self._manners.hosts_at_once, len(hosts))):
            # A server that drips keeps its thread; the command ends without waiting for it.
            threading.Thread(target=self._work, args=(work, done, end), daemon=True).start()
        answers: dict[str, Answer] = {}
        while len(answers) < len(urls) and (left := end - time.monotonic()) > 0:
            try:
                url, answer = done.get(timeout=left)
            except Empty:
                break
            answers[url] = answer
            told(len(answers), len(urls))
        return {url: answers[url] for url in urls if url in answers}

    def _work(
        self,
        work: "SimpleQueue[list[str]]",
        done: "SimpleQueue[tuple[str, Answer]]",
        end: float,
    ) -> None:
        while time.monotonic() < end:
            try:
                group = work.get_nowait()
            except Empty:
                return
            for url in group:
                if time.monotonic() < end:
                    done.put((url, ask(url, self._network, self._turn)))

    @contextmanager
    def _turn(self, host: str) -> Iterator[None]:
        """Wait until nobody else asks this host, not even by a redirect, and the gap is over."""
        with self._lock:
            mine = self._turns.setdefault(host, threading.Lock())
        with mine:
            time.sleep(max(0.0, self._free.get(host, 0.0) - time.monotonic()))
            try:
                yield
            finally:
                self._free[host] = time.monotonic() + self._manners.gap
