"""Person, machine or unknown: the rules for one request, in one table (RULES M-1).

The first rule that holds decides, and its word is kept as the reason. A rule that says *person*
asks for something that programs seldom bring; whatever no rule knows is unknown. What several
requests show together is judged in `together`.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from newsletter.message import Visitor
from newsletter.visitors import agents

LONGEST_AGENT = 400


class Seen(NamedTuple):
    """What one request shows; header values as they came, empty without one.

    `is_open`: it asked for the pixel, and not for a link.
    """

    is_open: bool
    method: str
    agent: str
    purpose: str = ""
    mode: str = ""
    destination: str = ""
    language: str = ""
    scanner: bool = False
    click_scanner: bool = False

    @property
    def is_browser(self) -> bool:
        """Whether it says that it is a browser of today, in some language."""
        agent = self.agent.lower()
        return bool(
            self.language and agents.BROWSERS.match(agent) and not agents.LONG_AGO.search(agent)
        )


class Rule(NamedTuple):
    """A rule's word, what it makes of a request, and when it holds."""

    word: str
    visitor: Visitor
    holds: Callable[[Seen], object]


RULES = (
    Rule("head", Visitor.MACHINE, lambda seen: seen.method == "HEAD"),
    Rule("prefetch", Visitor.MACHINE, lambda seen: "pre" in seen.purpose.lower()),
    Rule("no-agent", Visitor.MACHINE, lambda seen: not seen.agent.strip()),
    Rule(
        "proxy",
        Visitor.MACHINE,
        lambda seen: agents.PICTURE_PROXIES.search(seen.agent.lower()),
    ),
    # Before the robots: Outlook for Windows names itself as programs of long ago did.
    Rule(
        "mail-program",
        Visitor.PERSON,
        lambda seen: (
            seen.is_open and not seen.scanner and agents.MAIL_PROGRAMS.search(seen.agent.lower())
        ),
    ),
    Rule("robot", Visitor.MACHINE, lambda seen: agents.ROBOTS.search(seen.agent.lower())),
    Rule("network", Visitor.MACHINE, lambda seen: seen.scanner),
    Rule("network", Visitor.MACHINE, lambda seen: seen.click_scanner and not seen.is_open),
    Rule("old-browser", Visitor.MACHINE, lambda seen: agents.LONG_AGO.search(seen.agent.lower())),
    Rule(
        "navigated",
        Visitor.PERSON,
        lambda seen: (
            not seen.is_open
            and seen.is_browser
            and (seen.mode, seen.destination) == ("navigate", "document")
        ),
    ),
    Rule(
        "displayed",
        Visitor.PERSON,
        lambda seen: seen.is_open and seen.is_browser and seen.destination == "image",
    ),
    Rule("unsure", Visitor.UNKNOWN, lambda seen: True),
)


@lru_cache(maxsize=4096)
def judge(seen: Seen) -> tuple[Visitor, str]:
    """Return what one request shows of who made it, and the word of the rule that says so."""
    return next((rule.visitor, rule.word) for rule in RULES if rule.holds(seen))
