"""SendGrid: up to 1,000 recipients a call, through the official client with a safe transport.

The client builds the calls, that of a mailing once for all, and a Wire carries them.
"""

import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from urllib.parse import quote, urlsplit

import orjson

from newsletter.errors import ProviderMisused, ProviderRefused, ProviderUnavailable
from newsletter.message import Mailbox, RenderedEmail
from newsletter.providers.hosts import is_loopback
from newsletter.providers.sendgrid_answer import refusal, told
from newsletter.providers.sendgrid_client import Client, Quiet, answered
from newsletter.providers.sendgrid_lists import PAGE, Kept, Suppressed, read_page
from newsletter.providers.sendgrid_mailing import SendGridMailing
from newsletter.providers.sendgrid_request import Request, sandboxed
from newsletter.providers.wire import Answer, AnswerLost, NotSent, Wire

HOST = "https://api.sendgrid.com"
DEADLINE = 30.0
_KEY = re.compile(r"[!-~]+")


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
            self._check_key(answered(client.scopes.get()))
            if sender is not None:
                body = Quiet(sandboxed(sender))
                self._check_sandbox(answered(client.mail.send.post(request_body=body)))
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
                answer = answered(client.suppression._(kept.value).get(query_params=query))
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
                answer = answered(place.delete())
                if answer.status not in (200, 204, 404):
                    raise refusal(answer.status, f"{answer.status} {told(answer)}", answer.headers)

    @contextmanager
    def _asking(self) -> Iterator[Client]:
        """Open a client for questions; what did not come through is ProviderUnavailable."""
        client = self._client()
        try:
            yield client
        except (NotSent, AnswerLost) as error:
            raise ProviderUnavailable(f"SendGrid cannot be reached: {error}", "wait") from None
        finally:
            client.wire.close()

    def prepare(self, email: RenderedEmail) -> SendGridMailing:
        """Encode what everybody shares; the connection opens with the first call."""
        return SendGridMailing(self._client(), Request(email))

    def _client(self) -> Client:
        if not _KEY.fullmatch(self._key):
            raise ProviderMisused("SENDGRID_API_KEY is empty or no key", "set SENDGRID_API_KEY")
        if not _is_safe(self._host):
            raise ProviderMisused(
                "SENDGRID_HOST is no address that may see the key", f"the usual one is {HOST}"
            )
        wire = Wire(self._host, deadline=self._deadline, context=self._context)
        return Client.over(wire, self._key, self._host)


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
