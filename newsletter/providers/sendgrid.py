"""SendGrid: up to 1,000 recipients a call, through the official client with a safe transport.

The client builds each call and a Wire carries it.
"""

import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count
from typing import Any
from urllib.parse import quote, urlsplit

import orjson

from newsletter.errors import ProviderMisused, ProviderRefused, ProviderUnavailable, Unmailable
from newsletter.message import Envelope, Mailbox, RenderedEmail, SendResult, SendStatus
from newsletter.providers.hosts import is_loopback
from newsletter.providers.sendgrid_answer import Meaning, Verdict, judge, refusal, told
from newsletter.providers.sendgrid_client import Client, Quiet
from newsletter.providers.sendgrid_lists import PAGE, Kept, Suppressed, read_page
from newsletter.providers.sendgrid_request import Request, groups, sandboxed
from newsletter.providers.sendgrid_row import Row
from newsletter.providers.wire import Answer, AnswerLost, NotSent, Wire

HOST = "https://api.sendgrid.com"
DEADLINE = 30.0
# So many single rows refused for no reason named, and never a row accepted: it is not the rows.
SUSPECTS = 3
_KEY = re.compile(r"[!-~]+")
# Results that came together: none of them is told without the others.
Run = Sequence[SendResult]


class SendGrid:
    """Provider `sendgrid`: the v3 API with one key, at `host` (the EU has its own, SG-8)."""

    name = "sendgrid"
    at_once = 0
    reports = True
    counts = True

    def __init__(
        self,
        api_key: str,
        *,
        host: str = HOST,
        lanes: int = 1,
        deadline: float = DEADLINE,
        context: ssl.SSLContext | None = None,
    ) -> None:
        """Take the key, the host and the seconds one call may take in all."""
        self._key = api_key
        self._host = host
        self.lanes = lanes
        self._deadline = deadline
        self._context = context

    def check(self, sender: Mailbox | None = None) -> None:
        """Ask for the rights of the key, and try a mail of this sender in the sandbox.

        Raises ProviderError when it may not send. A sandbox delivers nothing and costs nothing.
        """
        client = self._client()
        try:
            self._check_key(_answer(client.scopes.get()))
            if sender is not None:
                body = Quiet(sandboxed(sender))
                self._check_sandbox(_answer(client.mail.send.post(request_body=body)))
        except (NotSent, AnswerLost) as error:
            raise ProviderUnavailable(
                f"SendGrid cannot be reached: {error}", "look at SENDGRID_HOST, or wait"
            ) from None
        finally:
            client.wire.close()

    def _check_key(self, answer: Answer) -> None:
        if answer.status != 200:
            raise refusal(answer.status, f"{answer.status} {told(answer)}", answer.headers)
        try:
            scopes = set(orjson.loads(answer.body)["scopes"])
        except (ValueError, KeyError, TypeError):
            raise ProviderMisused(
                "SENDGRID_HOST does not answer as SendGrid", f"the usual one is {HOST}"
            ) from None
        if "mail.send" not in scopes:
            raise ProviderRefused("the key may not send mail", "give it the right Mail Send")

    def _check_sandbox(self, answer: Answer) -> None:
        detail = f"{answer.status} {told(answer)}".strip()
        if answer.status == 400:
            raise ProviderRefused(
                f"SendGrid refuses a mail of this sender: {detail}", "mend what it names"
            )
        # A sandbox answers 200, and only it does: 202 would be a mail that was taken.
        if answer.status != 200:
            raise refusal(answer.status, detail, answer.headers)

    def suppressed(self, kept: Kept, *, since: datetime, until: datetime) -> Iterator[Suppressed]:
        """Yield who came onto one of SendGrid's lists between two moments."""
        span = {"start_time": int(since.timestamp()), "end_time": int(until.timestamp())}
        with self._asking() as client:
            for offset in count(0, PAGE):
                query = span | {"limit": PAGE, "offset": offset}
                answer = _answer(client.suppression._(kept.value).get(query_params=query))
                if answer.status != 200:
                    raise refusal(answer.status, f"{answer.status} {told(answer)}", answer.headers)
                page = read_page(answer.body)
                yield from page
                # By what the answer held, and not by what of it made sense.
                if len(orjson.loads(answer.body)) < PAGE:
                    return

    def let_in(self, email: str) -> None:
        """Take an address off SendGrid's lists of bounces, complaints and goodbyes."""
        with self._asking() as client:
            written = quote(email, safe="@")
            for path in (
                "suppression/bounces",
                "suppression/spam_reports",
                "asm/suppressions/global",
            ):
                place = client
                for part in (*path.split("/"), written):
                    place = place._(part)
                answer = _answer(place.delete())
                if answer.status not in (200, 204, 404):
                    raise refusal(answer.status, f"{answer.status} {told(answer)}", answer.headers)

    @contextmanager
    def _asking(self) -> Iterator["Client"]:
        """Open a client for questions; what did not come through is ProviderUnavailable."""
        client = self._client()
        try:
            yield client
        except (NotSent, AnswerLost) as error:
            raise ProviderUnavailable(f"SendGrid cannot be reached: {error}", "wait") from None
        finally:
            client.wire.close()

    def prepare(self, email: RenderedEmail) -> "SendGridMailing":
        """Encode what everybody shares; the connection opens with the first call."""
        return SendGridMailing(self._client(), Request(email))

    def _client(self) -> "Client":
        if not _KEY.fullmatch(self._key):
            raise ProviderMisused("SENDGRID_API_KEY is empty or no key", "set SENDGRID_API_KEY")
        if not _is_safe(self._host):
            raise ProviderMisused(
                "SENDGRID_HOST is no address that may see the key", f"the usual one is {HOST}"
            )
        wire = Wire(self._host, deadline=self._deadline, context=self._context)
        return Client.over(wire, self._key, self._host)


class SendGridMailing:
    """One email on its way, a call for at most 1,000 recipients and 20 MB."""

    def __init__(self, client: "Client", request: Request) -> None:
        self._client = client
        self._request = request
        self._was_accepted = False

    def send(
        self, envelopes: Sequence[Envelope], *, reference: str = ""
    ) -> Iterator[Sequence[SendResult]]:
        """Send the recipients in as few calls as the limits allow; yield results as they come.

        A bad recipient among many is found and FAILED, the others go out (R-6). A call whose
        answer was lost makes its recipients IN_DOUBT, and then a ProviderError is raised.
        """
        made = self._request.rows(envelopes, reference)
        rows = [one for one in made if not isinstance(one, Unmailable)]
        runs = self._certain(self._settled(rows))
        if len(rows) < len(made):
            runs = _woven(
                [_failed(one) if isinstance(one, Unmailable) else None for one in made], runs
            )
        return runs

    def close(self) -> None:
        """Hang up."""
        self._client.wire.close()

    def _settled(self, rows: Sequence[Row]) -> Iterator[Run]:
        for group in groups(self._request, rows):
            yield from self._group(group)

    def _group(self, rows: Sequence[Row]) -> Iterator[Run]:
        """Send rows until no row is named an offender; yield results in the order of the rows."""
        failed: dict[int, SendResult] = {}
        places = list(range(len(rows)))
        rest = rows
        verdict = self._call(rest)
        while verdict.meaning is Meaning.OFFENDERS:
            for index, why in verdict.offenders.items():
                failed[places[index]] = SendResult(SendStatus.FAILED, why)
            places = [place for place in range(len(rows)) if place not in failed]
            rest = [rows[place] for place in places]
            verdict = self._call(rest) if rest else Verdict(Meaning.ACCEPTED)
        runs = self._outcome(verdict, rest)
        yield from _woven(list(map(failed.get, range(len(rows)))), runs) if failed else runs

    def _outcome(self, verdict: Verdict, rows: Sequence[Row]) -> Iterator[Run]:
        match verdict.meaning:
            case Meaning.ACCEPTED:
                self._was_accepted |= bool(rows)
                accepted = SendResult(SendStatus.SUBMITTED, verdict.detail, verdict.reference)
                yield [accepted] * len(rows)
            case Meaning.UNKNOWN:
                yield [SendResult(SendStatus.IN_DOUBT, verdict.detail)] * len(rows)
            case Meaning.SOMEWHERE | Meaning.TOO_LARGE if len(rows) > 1:
                half = len(rows) // 2
                yield from self._group(rows[:half])
                yield from self._group(rows[half:])
            case Meaning.SOMEWHERE | Meaning.TOO_LARGE:
                yield [_Suspect(SendStatus.FAILED, verdict.detail)]
        if verdict.error is not None:
            raise verdict.error

    def _certain(self, runs: Iterator[Run]) -> Iterator[Run]:
        """Hold suspects, and what follows them, until a row is accepted or there are no more.

        Raises ProviderMisused for too many of them; those held are then nobody's fate.
        """
        held: list[SendResult] = []
        for run in runs:
            if self._was_accepted and not held:
                yield run
                # From here on nobody is held.
                yield from runs
                return
            held += run
            is_told = self._was_accepted or run[0].status is SendStatus.IN_DOUBT
            suspects = [one for one in held if isinstance(one, _Suspect)]
            if not is_told and len(suspects) >= SUSPECTS:
                raise ProviderMisused(
                    f"SendGrid refuses one recipient after the other: {run[0].detail}",
                    "look at sender and email: it is not the recipients",
                )
            if is_told or not suspects:
                yield held
                held = []
        if held:
            yield held

    def _call(self, rows: Sequence[Row]) -> Verdict:
        try:
            reply = self._client.mail.send.post(request_body=Quiet(self._request.body(rows)))
        except NotSent as error:
            unreachable = ProviderUnavailable(f"SendGrid cannot be reached: {error}", "wait")
            return Verdict(Meaning.REFUSED, error=unreachable)
        except AnswerLost as error:
            lost = ProviderUnavailable(f"SendGrid's answer was lost: {error}", "wait, then go on")
            return Verdict(Meaning.UNKNOWN, f"no answer: {error}", error=lost)
        return judge(_answer(reply), len(rows))


def _is_safe(url: str) -> bool:
    """Return whether a host is named, and the way there is TLS or stays on this machine."""
    try:
        parts = urlsplit(url)
        is_named = bool(parts.hostname) and parts.port != 0 and parts.username is None
    except ValueError:
        return False
    return is_named and (
        parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
    )


@dataclass(frozen=True, slots=True)
class _Suspect(SendResult):
    """A row refused without a reason that names it."""


def _woven(known: Sequence[SendResult | None], runs: Iterator[Run]) -> Iterator[Run]:
    """Yield what is known already in its places, and what comes in the others."""
    results = chain.from_iterable(runs)
    for one in known:
        yield [next(results) if one is None else one]
    # What is raised after the last of them is raised here.
    for one in results:
        yield [one]


def _failed(error: Unmailable) -> SendResult:
    return SendResult(SendStatus.FAILED, str(error))


def _answer(response: Any) -> Answer:
    return Answer(response.status_code, response.headers, bytes(response.body))
