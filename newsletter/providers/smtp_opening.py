"""The way into a mail server: connected, greeted, secured, logged in; or a clear refusal."""

import re
import ssl
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace

from newsletter.errors import ProviderError, ProviderRefused, ProviderUnavailable
from newsletter.providers.smtp_url import TLS_PORT, Server
from newsletter.providers.smtp_wire import Reply, Wire, told

Offers = Mapping[str, str]
# Seconds; RFC 5321's five minutes are for who has a mail to lose.
LOOK = 20.0
# Whoever waits for a greeting there waits for a server that waits for them.
_SPEAKS_TLS = f"port {TLS_PORT} speaks TLS from the first byte: smtps:// in SMTP_URL"


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to wait at each stage (RFC 5321 §4.5.3.2).

    A short wait for the final dot's answer makes duplicates (RFC 1047).
    """

    connect: float = 60
    command: float = 300
    data: float = 120
    block: float = 180
    final: float = 600
    goodbye: float = 5

    @property
    def look(self) -> "Timeouts":
        """Those of a look without a mail: somebody waits for what it finds."""
        return replace(self, connect=min(self.connect, LOOK), command=min(self.command, LOOK))


class _Shut(Exception):
    """The server does not let us in."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(str(reply))
        self.reply = reply


class _Lacking(Exception):
    """The server does not offer what we need; the message names it."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what)
        self.mend = mend


def opened(
    server: Server, greeting: str, timeouts: Timeouts, context: ssl.SSLContext | None
) -> tuple[Wire, Offers]:
    """Return a wire that is ready for MAIL, and what the server offers: keyword → parameters.

    `greeting` is the name in EHLO; `context` is wanted where the server has TLS. Raises
    ProviderRefused for what a person has to mend, ProviderUnavailable for what passes.
    """
    where = f"{server.host}:{server.port}"
    try:
        wire = Wire(server.host, server.port, seconds=timeouts.connect)
        try:
            return wire, _Door(wire, server, greeting, timeouts, context).offers()
        except BaseException:
            wire.close()
            raise
    except _Lacking as error:
        raise ProviderRefused(f"{where} does not offer {error} we need", error.mend) from None
    except _Shut as error:
        raise _refusal(where, error.reply) from None
    except ssl.SSLCertVerificationError as error:
        raise ProviderRefused(
            f"{where}: {told(error)}", "mend the host in SMTP_URL, or the server's certificate"
        ) from None
    # A name that IDNA cannot encode raises UnicodeError.
    except (OSError, UnicodeError) as error:
        is_mixed_up = server.port == TLS_PORT and not server.is_tls
        raise ProviderUnavailable(
            f"{where} cannot be reached: {told(error)}",
            _SPEAKS_TLS if is_mixed_up else "mend SMTP_URL, or wait until the server is back",
        ) from None


def _refusal(where: str, reply: Reply) -> ProviderError:
    if reply.kind == 5:
        login = "look at user and password in SMTP_URL"
        other = "read what it says of this machine, or name another server in SMTP_URL"
        return ProviderRefused(
            f"{where} refuses us: {reply}", login if reply.stage == "AUTH" else other
        )
    return ProviderUnavailable(f"{where} does not take mail now: {reply}", "wait, then go on")


class _Door:
    """One connection on its way to being ready."""

    def __init__(
        self,
        wire: Wire,
        server: Server,
        greeting: str,
        timeouts: Timeouts,
        context: ssl.SSLContext | None,
    ) -> None:
        self._wire = wire
        self._server = server
        self._greeting = greeting
        self._timeouts = timeouts
        self._context = context

    def offers(self) -> Offers:
        """Go in, and return what the server offers to whom it let in."""
        if self._server.is_tls:
            self._secure()
        self._expect("CONNECT", 2)
        offers = self._hello()
        if self._server.has_starttls:
            if "STARTTLS" not in offers:
                raise _Lacking(
                    "STARTTLS",
                    "smtps:// is TLS from the first byte; ?starttls=never is for this machine",
                )
            self._say("STARTTLS", "STARTTLS", 2)
            self._secure()
            # What was offered in the clear may have been anybody's words.
            offers = self._hello()
        if self._server.user:
            self._log_in(offers.get("AUTH", "").upper().split())
        return offers

    def _hello(self) -> Offers:
        self._wire.send(f"EHLO {self._greeting}\r\n".encode(), seconds=self._timeouts.command)
        reply = self._wire.reply("EHLO", seconds=self._timeouts.command)
        if reply.kind == 5:
            self._say("HELO", f"HELO {self._greeting}", 2)
            return {}
        if reply.kind != 2:
            raise _Shut(reply)
        # Old servers write AUTH=PLAIN.
        words = [re.split(r"[ =]", line.strip(), maxsplit=1) for line in reply.lines[1:]]
        return {one[0].upper(): " ".join(one[1:]) for one in words}

    def _secure(self) -> None:
        if self._context is None:
            raise TypeError("TLS without a context")
        self._wire.secure(self._context, self._server.host, seconds=self._timeouts.connect)

    def _log_in(self, ways: list[str]) -> None:
        user, password = self._server.user, self._server.password
        if "PLAIN" in ways:
            # RFC 4616: nobody to act for, who logs in, the password.
            self._say("AUTH", "AUTH PLAIN " + _base64(f"\0{user}\0{password}"), 2)
        elif "LOGIN" in ways:
            self._say("AUTH", "AUTH LOGIN", 3)
            self._say("AUTH", _base64(user), 3)
            self._say("AUTH", _base64(password), 2)
        else:
            raise _Lacking(
                "a login (PLAIN or LOGIN)",
                "it may be another port of this server that takes logins, mostly 587 or 465",
            )

    def _say(self, stage: str, line: str, kind: int) -> Reply:
        self._wire.send(f"{line}\r\n".encode("ascii"), seconds=self._timeouts.command)
        return self._expect(stage, kind)

    def _expect(self, stage: str, kind: int) -> Reply:
        reply = self._wire.reply(stage, seconds=self._timeouts.command)
        if reply.kind != kind:
            raise _Shut(reply)
        return reply


def _base64(text: str) -> str:
    return b64encode(text.encode("ascii")).decode("ascii")
