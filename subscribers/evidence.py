"""Consent: who asked, agreed, left or was brought in, when, and by which words. Append-only."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from subscribers.flags import MEANINGS, flags_of
from subscribers.lists import wording_of
from subscribers.models import (
    Consent,
    ConsentKind,
    Import,
    List,
    Subscriber,
    Subscription,
    Suppression,
    SuppressionReason,
)
from subscribers.suppressions import suppression_of

# By these lines people agreed to the list's wording; no other line shows that they saw it.
_BY_WORDING = (ConsentKind.ASKED, ConsentKind.CONFIRMED, ConsentKind.CAME_BACK)
SENTENCES = {
    ConsentKind.ASKED: "asked to join {list}",
    ConsentKind.CONFIRMED: "confirmed {list}",
    ConsentKind.LEFT: "left {list}",
    ConsentKind.CAME_BACK: "came back to {list}",
    ConsentKind.PAUSED: "paused {list}",
    ConsentKind.RESUMED: "went on with {list}",
    ConsentKind.IMPORTED: "was imported to {list}",
    ConsentKind.KEPT: "was imported to {list} as one not to be mailed",
    ConsentKind.ADDED: "was added to {list}",
    ConsentKind.UNSUPPRESSED: "may be mailed again ({list})",
    ConsentKind.CHANGED: "corrected what {list} knows",
    ConsentKind.STAYS: "still wants {list}",
    ConsentKind.TRACKING_ALLOWED: "agreed to be counted by name in {list}",
    ConsentKind.TRACKING_WITHDRAWN: "took back being counted by name in {list}",
    ConsentKind.ERASED: "was erased from {list}",
}
# By which door: what stands behind the sentence.
WAYS = {
    "admin": " by hand",
    "confirm": " by the link in a letter",
    "csv": ", as a file says",
    "form": " by the form",
    "inbox": ", as a mail to us says",
    "mailto": " by a mail",
    "new address": " by the link to the new address",
    "one-click": " by one click in a mail program",
    "own page": " on their own page",
    "page": " by the link in a mail",
    "preferences": " on the page of preferences",
    "question": " by the button of a question",
    "restore": ", as a restored backup did not know",
    "sendgrid": ", as SendGrid says",
}


@dataclass(frozen=True, slots=True)
class Visit:
    """Where an act came from: `actor` is self, admin, import or provider, `via` the door used.

    `import_id` and `import_line` are the file that tells of it, and where.
    """

    ip: str = ""
    user_agent: str = ""
    source: str = ""
    via: str = ""
    actor: str = "self"
    import_id: int | None = None
    import_line: int | None = None


def record(
    session: Session,
    kind: ConsentKind,
    list_: List,
    subscriber_id: int,
    *,
    visit: Visit,
    now: datetime,
    wording: str | None = None,
    version: int | None = None,
    limit_key: str = "",
) -> Consent:
    """Append one line of evidence; the network address is cut to its /24 or /48.

    `wording` and its `version` are what the person agreed to; left out, what the form says now
    where the line is of somebody who saw it.
    """
    if wording is None and kind in _BY_WORDING:
        wording, version = wording_of(list_), list_.consent_version
    line = Consent(
        list_id=list_.id,
        subscriber_id=subscriber_id,
        kind=kind,
        at=now,
        actor=visit.actor,
        via=visit.via[:40],
        wording=wording or "",
        wording_version=version,
        source=visit.source[:500],
        ip=network(visit.ip),
        user_agent=visit.user_agent[:200],
        limit_key=limit_key,
        import_id=visit.import_id,
        import_line=visit.import_line,
    )
    session.add(line)
    session.flush()
    return line


def network(ip: str) -> str:
    """Return the network of an address, /24 or /48, so that no single machine is named."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        # A dual-stack server sees IPv4 visitors as ::ffff:203.0.113.9, all in one /48.
        address = address.ipv4_mapped or address
    prefix = 24 if address.version == 4 else 48
    return str(ipaddress.ip_network((address, prefix), strict=False))


def story(session: Session, key: str) -> Sequence[str]:
    """Tell what happened with an address in plain sentences, the oldest first."""
    lines = []
    subscriber = session.scalar(select(Subscriber).where(Subscriber.email_key == key))
    suppression = suppression_of(session, key)
    if subscriber is None and suppression is None:
        return [f"{key} is not known here."]
    if subscriber is not None:
        rows = session.execute(
            select(Consent, List.name, Import)
            .join(List, List.id == Consent.list_id)
            .outerjoin(Import, Import.id == Consent.import_id)
            .where(Consent.subscriber_id == subscriber.id)
            .order_by(Consent.at, Consent.id)
        )
        lines += [_sentence(line, name, file) for line, name, file in rows]
        states = session.execute(
            select(List.name, Subscription.state)
            .join(List, List.id == Subscription.list_id)
            .where(Subscription.subscriber_id == subscriber.id)
            .order_by(List.name)
        )
        lines += [f"Now: {state} on {name}." for name, state in states]
    if suppression is not None and suppression.reason == SuppressionReason.ERASED:
        lines.append(
            f"Erased on {suppression.created_at:%Y-%m-%d %H:%M} UTC."
            " Nothing is mailed to it, unless its owner signs up again and confirms."
        )
    elif suppression is not None:
        detail = f" ({suppression.detail})" if suppression.detail else ""
        lines.append(
            f"Suppressed since {suppression.created_at:%Y-%m-%d %H:%M} UTC:"
            f" {suppression.reason}{detail}. Nothing is mailed to {_what(suppression, key)}."
        )
    return [*lines, *(f"Note: {MEANINGS[flag]}." for flag in flags_of(key))]


def _sentence(line: Consent, name: str, file: Import | None) -> str:
    said = SENTENCES[ConsentKind(line.kind)].format(list=name)
    how = WAYS.get(line.via, f" by {line.via}" if line.via else "")
    if line.via == "csv" and line.kind == ConsentKind.IMPORTED:
        how = " from a file"
    # An import is done by its file, which is named.
    by = "" if line.actor in ("self", "import") else f", done by {line.actor}"
    wording, source = line.wording, line.source
    if file is not None:
        source = whence(file, line)
        # Of whom it says that they left, or never confirmed, it does not say that they agreed.
        wording = file.wording if line.kind == ConsentKind.IMPORTED else ""
    words = f" — “{wording}”" if wording else ""
    source = f" ({source})" if source else ""
    return f"{line.at:%Y-%m-%d %H:%M} UTC: {said}{how}{by}{words}{source}."


def whence(file: Import, line: Consent) -> str:
    """Say which file a line of evidence comes from, and what it tells besides."""
    at = "" if line.import_line is None else f" · line {line.import_line}"
    return f"{file.file} · sha256 {file.sha256}{at}{line.source}"


def _what(suppression: Suppression, key: str) -> str:
    return "it" if suppression.email_key == key else f"anybody at {suppression.email_key[1:]}"
