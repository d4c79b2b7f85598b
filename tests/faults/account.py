"""What the receiver's log says, against what the ledger says, person by person."""

import base64
import email
import email.policy
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from sqlalchemy import select

from newsletter.app import App
from newsletter.models import DeliveryState, Issue, IssueState
from subscribers.models import Subscriber
from tests.newsletter.house import those

LINK = re.compile(r"http://127\.0\.0\.1:8025/u/([A-Za-z0-9_-]+)")


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail in the receiver's log: whose, which delivery it names, and each goodbye link in it."""

    to: str
    token: str
    in_text: Sequence[str]
    in_html: Sequence[str]
    in_header: Sequence[str]


def mails(log: Path) -> list[Mail]:
    """Read the log of the receiver."""
    return [_mail(line) for line in log.read_text("ascii").splitlines()]


def outbox_mails(folder: Path) -> list[Mail]:
    """Read the files of the outbox as a receiver's log: one that bears a name was accepted."""
    return [
        _mime(_to(file.read_bytes()), file.read_bytes()) for file in sorted(folder.rglob("*.eml"))
    ]


@lru_cache(maxsize=2000)
def _mail(line: str) -> Mail:
    one = json.loads(line)
    to = str(one["to"])
    if "raw" in one:
        return _mime(to, base64.b64decode(str(one["raw"])))
    return Mail(
        to,
        str(one["token"]),
        LINK.findall(str(one["text"])),
        LINK.findall(str(one["html"])),
        LINK.findall(one["headers"]["List-Unsubscribe"]),
    )


def _to(raw: bytes) -> str:
    to = email.message_from_bytes(raw, policy=email.policy.default)["To"]
    return str(to.addresses[0].addr_spec)


def _mime(to: str, raw: bytes) -> Mail:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    text, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    assert text
    assert html
    return Mail(
        to,
        message["Message-ID"].strip("<>").partition("@")[0],
        LINK.findall(text.get_content()),
        LINK.findall(html.get_content()),
        LINK.findall(message["List-Unsubscribe"]),
    )


@dataclass(frozen=True, slots=True)
class Account:
    """Who got how many mails, and what the ledger says of whom."""

    got: Counter[str]
    states: Mapping[DeliveryState, frozenset[str]]
    issue_state: str
    wrong: Sequence[str] = field(default=())

    @property
    def doubtful(self) -> frozenset[str]:
        """Who is listed in doubt."""
        return self.states[DeliveryState.IN_DOUBT]

    @property
    def failed(self) -> frozenset[str]:
        """Who is listed as failed."""
        return self.states[DeliveryState.FAILED]

    @property
    def open(self) -> frozenset[str]:
        """Who is still to come."""
        return self.states[DeliveryState.PENDING] | self.states[DeliveryState.SENDING]

    def violations(self, shunned: frozenset[str]) -> Iterator[str]:
        """Yield each promise that is broken; `shunned` must not be mailed."""
        yield from self.wrong
        for to, number in self.got.items():
            if number > 1:
                yield f"twice: {to} got {number}"
            if to in shunned:
                yield f"to suppressed: {to}"
        for to in sorted(self.states[DeliveryState.SUBMITTED] - self.got.keys()):
            yield f"lost: {to} is submitted and has nothing"
        for state in (DeliveryState.FAILED, DeliveryState.PENDING, DeliveryState.SKIPPED):
            for to in sorted(self.states[state] & self.got.keys()):
                yield f"wrong state: {to} is {state} and has a mail"
        if self.issue_state == IssueState.SENT and (self.doubtful or self.open):
            yield f"finished with {len(self.doubtful)} in doubt and {len(self.open)} open"

    def unlisted(self) -> frozenset[str]:
        """Return who got nothing and is listed neither in doubt, failed, open nor skipped."""
        everybody = frozenset().union(*self.states.values())
        skipped = self.states[DeliveryState.SKIPPED]
        return everybody - self.got.keys() - self.doubtful - self.failed - self.open - skipped


def account(app: App, issue: int, found: Sequence[Mail]) -> Account:
    """Hold the receiver's log against the ledger."""
    with app.database.read() as session:
        row = session.get_one(Issue, issue)
        state = row.state
        people = session.execute(select(Subscriber.id, Subscriber.email)).all()
        ids = {number: address or "" for number, address in people}
    return Account(
        Counter(mail.to for mail in found),
        {state: frozenset(those(app, issue, state)) for state in DeliveryState},
        state,
        [wrong for mail in found for wrong in _misdirected(app, issue, ids, mail)],
    )


def _misdirected(app: App, issue: int, ids: Mapping[int, str], mail: Mail) -> Iterator[str]:
    """Yield what in a mail is not its recipient's own."""
    for place, tokens in (
        ("text", mail.in_text),
        ("html", mail.in_html),
        ("header", mail.in_header),
    ):
        if not tokens:
            yield f"no goodbye in the {place} of {mail.to}"
        for token in tokens:
            owner = ids.get(app.links.read_goodbye(token).subscriber_id)
            if owner != mail.to:
                yield f"in the {place} of {mail.to} is the token of {owner}"
    named = app.links.unseal_delivery(mail.token)
    if (named[0], ids.get(named[1])) != (issue, mail.to):
        yield f"the mail of {mail.to} names another delivery"
