"""Which links are dead: asked politely, judged here, remembered for a day."""

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

from newsletter.fetch import Answer, Network
from newsletter.findings import Finding
from newsletter.preflight.checked import Checked
from newsletter.preflight.hosts import is_private, malformed
from newsletter.preflight.links import addresses
from newsletter.preflight.memory import recall, remember
from newsletter.preflight.rounds import Manners, Round, Told
from newsletter.preflight.written import Piece

DEAD = (404, 410)
# When none of so many hosts can be reached, it is likely this machine that is away.
MANY_HOSTS = 3


def check_online(
    checked: Checked,
    *,
    network: Network,
    manners: Manners,
    memory: Path | None = None,
    told: Told = lambda _done, _total: None,
) -> Iterator[Finding]:
    """Find links that are dead, and those that could not be checked.

    `memory` is the file of the links that answered within a day; None asks for all of them.
    `told` hears how many of how many have answered.
    """
    places = _places(checked)
    known = recall(memory, time.time())
    wanted = [url for url in places if url not in known]
    answers = Round(network, manners).ask_all(wanted[: manners.most], told)
    alive = [url for url, answer in answers.items() if is_alive(answer)]
    remember(memory, known | dict.fromkeys(alive, time.time()))
    yield from judged(checked, places, answers)
    if left := len(wanted) - len(answers):
        yield checked.finding(
            "link-unchecked",
            f"{left} links were not asked for: there was time for {len(answers)}.",
            "Ask again; those that answered are remembered for a day.",
        )


def judged(
    checked: Checked, places: Mapping[str, Piece], answers: Mapping[str, Answer]
) -> Iterator[Finding]:
    """Find what the answers say of their links; `places` are where the links stand."""
    reached = [answer for answer in answers.values() if answer.status]
    hosts = {urlsplit(url).hostname for url in answers}
    if not reached and len(hosts) >= MANY_HOSTS:
        yield checked.finding(
            "link-unchecked",
            f"None of {len(hosts)} hosts could be reached.",
            "Look whether this machine is online; a proxy is not used.",
        )
        return
    for url, answer in answers.items():
        what = f"{answer.status} {answer.why}".strip() if answer.status else answer.why
        line, path = places[url].line, places[url].path
        if is_dead(answer):
            told = f"The link {url} is dead: {what}."
            yield checked.finding("link-dead", told, line=line, path=path)
        elif not is_alive(answer):
            told = f"The link {url} could not be checked: {what}."
            yield checked.finding("link-unchecked", told, line=line, path=path)


def is_alive(answer: Answer) -> bool:
    """Return whether a page answered as a page does."""
    return 200 <= answer.status < 300


def is_dead(answer: Answer) -> bool:
    """Return whether a page is surely gone: 404, 410, or a host that does not exist.

    401, 403, 429 and 5xx say nothing of what a browser would get.
    """
    return answer.status in DEAD or answer.nameless


def _places(checked: Checked) -> dict[str, Piece]:
    """Return the addresses worth asking for, without fragments, and where each stands first."""
    places: dict[str, Piece] = {}
    for place in addresses(checked):
        url = place.text
        if malformed(url) or is_private(url):
            continue
        if urlsplit(url).scheme in ("http", "https"):
            places.setdefault(urldefrag(url).url, place)
    return places
