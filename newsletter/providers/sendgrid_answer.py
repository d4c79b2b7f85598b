"""What an answer of SendGrid's v3 mail/send means for the rows of its request (RULES §1.2)."""

import math
import re
import time
from dataclasses import dataclass, field
from email.message import Message
from enum import Enum, auto

import orjson

from newsletter.errors import (
    ProviderError,
    ProviderMisused,
    ProviderRefused,
    ProviderUnavailable,
)
from newsletter.providers.wire import Answer

MAX_WAIT = 900.0
_ROW = re.compile(r"personalizations[.\[](\d+)")
_PRINTABLE = re.compile(r"[^ -~]+")


class Meaning(Enum):
    """ACCEPTED: all rows. REFUSED: no row, and `error` says why. UNKNOWN: nobody knows.

    OFFENDERS: no row, because of the rows named. SOMEWHERE: no row, because of one not named.
    TOO_LARGE: no row, but fewer may do.
    """

    ACCEPTED = auto()
    REFUSED = auto()
    UNKNOWN = auto()
    OFFENDERS = auto()
    SOMEWHERE = auto()
    TOO_LARGE = auto()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The meaning of an answer; `offenders` are positions in the request, with the reason."""

    meaning: Meaning
    detail: str = ""
    reference: str = ""
    offenders: dict[int, str] = field(default_factory=dict)
    error: ProviderError | None = None


def judge(answer: Answer, count: int) -> Verdict:
    """Tell what an answer to a request of `count` rows means. Only 202 counts as accepted."""
    status = answer.status
    detail = f"{status} {told(answer)}".strip()
    if status == 202:
        return Verdict(Meaning.ACCEPTED, detail, _header(answer.headers, "X-Message-Id"))
    if status == 400:
        return _bad_request(answer, count, detail)
    if status == 413:
        return Verdict(Meaning.TOO_LARGE, detail)
    error = refusal(status, detail, answer.headers)
    # 2xx is no refusal, and of 5xx only 503 is one, as we read their pages.
    is_refusal = 300 <= status < 500 or status == 503
    return Verdict(Meaning.REFUSED if is_refusal else Meaning.UNKNOWN, detail, error=error)


def refusal(status: int, detail: str, headers: Message) -> ProviderError:
    """Return the error that an answer without success means for the call."""
    if status in (401, 403):
        # 401 is also how "Maximum credits exceeded" comes.
        return ProviderRefused(
            f"SendGrid refuses us: {detail}",
            "look at the key, its rights, the verified sender and the credits of the account",
        )
    if status in (408, 429) or status >= 500:
        return ProviderUnavailable(
            f"SendGrid takes no mail now: {detail}",
            "wait, then go on",
            retry_after=_wait(headers),
        )
    return ProviderMisused(
        f"SendGrid does not understand us: {detail}", "look at SENDGRID_HOST, or report a defect"
    )


def told(answer: Answer) -> str:
    """Return the first message of an answer, cut to 300 characters; its words are hostile."""
    errors = _errors(answer)
    message = errors[0][1] if errors else ""
    return " ".join(_PRINTABLE.sub(" ", message).split())[:300]


def _bad_request(answer: Answer, count: int, detail: str) -> Verdict:
    errors = _errors(answer)
    offenders: dict[int, str] = {}
    for place, message in errors:
        found = _ROW.match(place)
        if found and int(found[1]) < count:
            words = " ".join(_PRINTABLE.sub(" ", f"{place} {message}").split())
            offenders.setdefault(int(found[1]), f"400 {words}"[:300])
    if offenders:
        return Verdict(Meaning.OFFENDERS, detail, offenders=offenders)
    place = errors[0][0] if errors else ""
    if place and not place.startswith("personalizations"):
        # What everybody shares is wrong: no recipient is to blame.
        where = " ".join(_PRINTABLE.sub(" ", place).split())[:100]
        error = ProviderMisused(
            f"SendGrid refuses the email: {where}: {detail}", "mend what it names"
        )
        return Verdict(Meaning.REFUSED, detail, error=error)
    return Verdict(Meaning.SOMEWHERE, detail)


def _errors(answer: Answer) -> list[tuple[str, str]]:
    """Return (field, message) of each error; the body may be HTML or cut (PY-7)."""
    try:
        errors = orjson.loads(answer.body)["errors"]
        return [(str(one.get("field") or ""), str(one.get("message") or "")) for one in errors]
    except (ValueError, KeyError, TypeError, AttributeError):
        return []


def _wait(headers: Message) -> float | None:
    """Return the seconds to wait by X-RateLimit-Reset (Unix time) or Retry-After, at most 900."""
    for name, base in (("X-RateLimit-Reset", time.time()), ("Retry-After", 0.0)):
        try:
            seconds = float(_header(headers, name)) - base
        except ValueError:
            continue
        if not math.isfinite(seconds):
            continue
        return min(max(seconds, 0.0), MAX_WAIT)
    return None


def _header(headers: Message, name: str) -> str:
    return str(headers.get(name, ""))[:200]
