"""What travels: one RenderedEmail, many Envelopes, results back, and later Events."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple


def content_id(asset_name: str) -> str:
    """Return the Content-ID of an embedded picture, without its angle brackets."""
    return f"{asset_name}@pictures.invalid"


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A name (may be empty) and an address."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Masthead:
    """A List as its readers see it: the plain data that rendering and checks need of the row."""

    slug: str
    name: str
    sender: Mailbox
    reply_to: Mailbox | None = None
    postal_address: str = ""
    language: str = "en"
    time_zone: str = "UTC"
    accent: str = "#1f4fd8"
    layout: str = "digest"
    logo_url: str = ""
    site_url: str = ""
    privacy_url: str = ""
    merge_fields: bool = False
    provider_counts: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the issue: its slot number, where it leads, its words and its story (from 1).

    `changed_at`, in ISO 8601, is when one of a mail already out was led elsewhere; `was` is where
    its post leads.
    """

    number: int
    url: str
    label: str = ""
    story: int | None = None
    changed_at: str = ""
    was: str = ""


@dataclass(frozen=True, slots=True)
class Asset:
    """A picture as it is served or embedded; `name` is `<hash>.<ext>` of `data`, sizes in pixels."""

    name: str
    media_type: str
    data: bytes = field(repr=False)
    width: int = 0
    height: int = 0

    @property
    def content_id(self) -> str:
        """The name by which a mail's own HTML finds it: `cid:…` (RFC 2392)."""
        return content_id(self.name)


@dataclass(frozen=True, slots=True)
class ToCount:
    """What the provider is asked to count of an addressed email itself; nothing unless told.

    Never the links of the text part: nothing there could keep it from the one to leave by.
    """

    clicks: bool = False
    opens: bool = False

    def __bool__(self) -> bool:
        """Whether it is asked for anything."""
        return self.clicks or self.opens


NOTHING_TO_COUNT = ToCount()


@dataclass(frozen=True, slots=True)
class RenderedEmail:
    """An email that is the same for everybody, with slots or, once addressed, with holes.

    `text` is flowed (`flowed.py`). `personal_subject` is the subject with its merge fields, where
    it has any; `subject` is what anybody may see. `headers` are those that are the same for everybody (List-Id,
    List-Archive, Precedence …) but for the tokens in their holes.
    Of `assets`, a mail carries those that its HTML names by their Content-ID.
    """

    sender: Mailbox
    subject: str
    html: str
    text: str
    preheader: str = ""
    reply_to: Mailbox | None = None
    headers: tuple[tuple[str, str], ...] = ()
    links: tuple[Link, ...] = ()
    assets: tuple[Asset, ...] = ()
    personal_subject: str = ""
    to_count: ToCount = NOTHING_TO_COUNT

    @property
    def embedded(self) -> tuple[Asset, ...]:
        """The assets that travel inside each mail, once the email is addressed."""
        return tuple(one for one in self.assets if f"cid:{one.content_id}" in self.html)


class Envelope(NamedTuple):
    """What differs for one recipient.

    `token` is the sealed name of the delivery (Message-ID, custom_args, VERP); `values` fill
    the holes.
    """

    address: str
    token: str
    name: str = ""
    values: Mapping[str, str] = MappingProxyType({})

    def value(self, name: str) -> str:
        """Return what fills a hole: a value given, or a merge field's; KeyError for another."""
        given = self.values.get(name)
        return MERGE_FIELDS[name](self) if given is None else given


def _one_line(text: str) -> str:
    if not text.isprintable():
        text = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(text.split())


def _first_name(envelope: Envelope) -> str:
    # "Lovelace, Ada" is how address books sort.
    last, comma, first = _one_line(envelope.name).partition(",")
    return next(iter((first if comma else last).split()), "")


# What an author may have filled in for each reader, and nothing else.
MERGE_FIELDS: Mapping[str, Callable[[Envelope], str]] = {
    "name": lambda envelope: _one_line(envelope.name),
    "first_name": _first_name,
    "email": lambda envelope: _one_line(envelope.address),
}


class SendStatus(StrEnum):
    """What became of one recipient in one call.

    SUBMITTED: the provider took it. FAILED: refused for good. LATER: refused for now, not
    accepted. IN_DOUBT: the answer was lost after the last byte left; never resent blindly. UNTRIED:
    surely not accepted, and not refused either, while others behind it were answered.
    """

    SUBMITTED = "submitted"
    FAILED = "failed"
    LATER = "later"
    IN_DOUBT = "in_doubt"
    UNTRIED = "untried"


@dataclass(frozen=True, slots=True)
class SendResult:
    """What happened to one recipient; `reference` is the provider's name for the message."""

    status: SendStatus
    detail: str = ""
    reference: str = ""


class EventType(StrEnum):
    """What an outside report says of a delivery, whoever made it; UNKNOWN is kept and counted."""

    PROCESSED = "processed"
    DELIVERED = "delivered"
    DEFERRED = "deferred"
    BOUNCED = "bounced"
    REJECTED = "rejected"
    OPENED = "opened"
    CLICKED = "clicked"
    COMPLAINED = "complained"
    UNSUBSCRIBED = "unsubscribed"
    UNKNOWN = "unknown"


class Cause(StrEnum):
    """Why a mail bounced or was rejected (RULES WH-9).

    ADDRESS: nobody has it. MAILBOX: full, or away for now. BLOCK: the sender's reputation, the
    content, a policy, a defect on the way; never the person's fault. COMPLAINT and GOODBYE: the
    provider knows that the person complained, or left. UNCLEAR: not said.
    """

    NONE = ""
    ADDRESS = "address"
    MAILBOX = "mailbox"
    BLOCK = "block"
    COMPLAINT = "complaint"
    GOODBYE = "goodbye"
    UNCLEAR = "unclear"


class Visitor(StrEnum):
    """Who opened or clicked, as far as can be told; figures show the three apart (RULES M-1)."""

    PERSON = "person"
    MACHINE = "machine"
    UNKNOWN = "unknown"


class Visit(NamedTuple):
    """What a provider tells of an open or a click that it counted itself.

    `url` is where a click led, `place` which of the mail's links alike it was, from 0, and
    `in_text` whether in the text part. `agent` and `address` are only looked at, and kept nowhere.
    """

    url: str = ""
    place: int | None = None
    in_text: bool = False
    agent: str = ""
    address: str = ""


class Event(NamedTuple):
    """One report on a delivery; (`source`, `source_id`) is the same however often it comes.

    `token` is the sealed delivery it names, empty when it names none. `cause` is that of a bounce
    or a rejection; `visitor` is who opened or clicked, as far as the report says by itself.
    """

    source: str
    source_id: str
    type: EventType
    at: datetime
    token: str = ""
    detail: str = ""
    cause: Cause = Cause.NONE
    visitor: str = ""
    visit: Visit | None = None
