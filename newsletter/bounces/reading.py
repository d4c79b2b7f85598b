"""What one mail of the inbox is to us (RFC 3464, RFC 5965, RFC 3834; RULES U-5).

A report counts when it names a mail of ours by a sealed token: who did not get that mail, or its
bounce, cannot make one up. The addresses in it are believed in nothing.
"""

import hashlib
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import NamedTuple

from newsletter.bounces import words
from newsletter.bounces.mail import Mail, opened
from newsletter.bounces.naming import named
from newsletter.bounces.status import Fate, fate_by_status
from newsletter.errors import LinkInvalid
from newsletter.links import NO_ISSUE, NOBODY, Goodbye, Links
from newsletter.message import Event, EventType
from newsletter.providers.return_path import ReturnPath
from newsletter.status_codes import cause_of, unnamed

SOURCE = "inbox"
GOODBYE = "mailto"
LONGEST_DETAIL = 500
_GOODBYE = re.compile(r"\s*unsubscribe\s+([A-Za-z0-9_-]{20,128})\s*", re.IGNORECASE)
_COMPLAINTS = {
    "abuse": EventType.COMPLAINED,
    "fraud": EventType.COMPLAINED,
    "virus": EventType.COMPLAINED,
    "other": EventType.COMPLAINED,
    "miscategorized": EventType.COMPLAINED,
    "opt-out": EventType.UNSUBSCRIBED,
    "opt-out-list": EventType.UNSUBSCRIBED,
}
# By this field of the copy Outlook.com names whom a complaint is of, where it writes no report.
_OUTLOOK = "x-hmxmroriginalrecipient"
_ANSWERED = ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-response-suppress")
_AWAY = re.compile(
    r"\s*(?:automatic(?:ally generated)? reply|auto(?:matic)?[ -]?(?:reply|response)|"
    r"out of (?:the )?office|abwesen|réponse automatique|respuesta automática|"
    r"risposta automatica|automatisch antwoord|autosvar)",
    re.IGNORECASE,
)
_NEVER = datetime.fromtimestamp(0, UTC)


class Kind(StrEnum):
    """What a mail is: only OTHER is for people to read."""

    REPORT = "report"
    GOODBYE = "goodbye"
    AUTOMATIC = "automatic"
    OTHER = "other"


class Reading(NamedTuple):
    """What a mail is, and the event that it tells.

    `leaves` is whose goodbye came with a letter: of a letter nothing is told.
    """

    kind: Kind
    event: Event | None = None
    leaves: Goodbye | None = None


_IGNORED, _OTHER = Reading(Kind.AUTOMATIC), Reading(Kind.OTHER)


def read(raw: bytes, links: Links, path: ReturnPath | None = None) -> Reading:
    """Say what a mail is; the same bytes always tell the same event. Raises nothing."""
    mail = opened(raw)
    if mail is None:
        return _OTHER
    goodbye = _goodbye(mail, links)
    if goodbye is not None:
        if goodbye.issue_id == NO_ISSUE:
            return Reading(Kind.GOODBYE, leaves=goodbye)
        token = links.seal_delivery(goodbye.issue_id, goodbye.subscriber_id)
        return Reading(
            Kind.GOODBYE, _event(GOODBYE, raw, mail, Fate(EventType.UNSUBSCRIBED), token)
        )
    fate = _complaint(mail) or fate_by_status(mail)
    if fate is None and not _is_automatic(mail) and words.is_bounce(mail, raw):
        told = words.said(mail)
        waits = words.waits(mail)
        fate = (
            Fate(EventType.DEFERRED, words=told)
            if waits
            else Fate(EventType.BOUNCED, cause_of("", told), told)
        )
    if fate is None:
        return _IGNORED if _is_automatic(mail) else _OTHER
    token = named(mail, links, path)
    return Reading(Kind.REPORT, _event(SOURCE, raw, mail, fate, token)) if token else _OTHER


def _goodbye(mail: Mail, links: Links) -> Goodbye | None:
    """Return who leaves by the header of a mail that they had, None for nobody."""
    found = _GOODBYE.fullmatch(mail.subject)
    if found is None:
        return None
    try:
        goodbye = links.read_goodbye(found[1])
    except LinkInvalid:
        return None
    return goodbye if goodbye.subscriber_id != NOBODY else None


def _complaint(mail: Mail) -> Fate | None:
    """Return what a report of a complaint says (RFC 5965), None for what is none."""
    for part in mail.of_kind("message/feedback-report"):
        for block in part.blocks:
            kind = next(iter(block.get("feedback-type", ())), "").lower()
            if kind in _COMPLAINTS:
                return Fate(_COMPLAINTS[kind], words=kind)
    copies = (block for part in mail.of_kind("message/rfc822") for block in part.blocks)
    if any(_OUTLOOK in block for block in copies):
        return Fate(EventType.COMPLAINED, words="junk")
    return None


def _is_automatic(mail: Mail) -> bool:
    """Say whether a machine answers for a person who is away, or says that a mail was shown."""
    submitted = mail.first("auto-submitted").partition(";")[0].strip().lower()
    return (
        mail.report in ("disposition-notification", "feedback-report")
        or (submitted not in ("", "no") and not words.is_from_a_server(mail))
        or mail.first("precedence").lower() in ("auto_reply", "auto-reply")
        or any(name in mail.headers for name in _ANSWERED)
        or bool(_AWAY.match(mail.subject))
    )


def _event(source: str, raw: bytes, mail: Mail, fate: Fate, token: str) -> Event:
    # By what it says, however its lines end: IMAP and files differ in that.
    name = hashlib.sha256(raw.replace(b"\r\n", b"\n")).hexdigest()[:40]
    return Event(
        source, name, fate.type, _moment(mail.first("date")), token, _line(fate.words), fate.cause
    )


def _line(text: str) -> str:
    """Return words from outside on one line, cut, and without anybody's address (RULES WH-7)."""
    text = "".join(char if char.isprintable() else " " for char in text[: 4 * LONGEST_DETAIL])
    return " ".join(unnamed(text).split())[:LONGEST_DETAIL]


def _moment(written: str) -> datetime:
    try:
        moment = parsedate_to_datetime(written)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return _NEVER
