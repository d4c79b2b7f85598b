"""The name service, asked for what a domain publishes of its mail."""

from collections.abc import Sequence
from typing import Any

import dns.exception
import dns.resolver

SECONDS = 5.0
# Names that nobody's name service knows: RFC 2606, RFC 6761, RFC 6762.
RESERVED = ("example", "invalid", "internal", "local", "localhost", "test")


class DnsAway(Exception):
    """The name service cannot be asked, or gives no answer; what was asked for stays unknown."""


class Dns:
    """Asks the name servers of this machine, or those that are named."""

    def __init__(self, servers: Sequence[str] = (), port: int = 53) -> None:
        """Take the addresses of name servers, none for those of this machine."""
        self._servers, self._port = servers, port

    def texts(self, name: str) -> list[str]:
        """Return the TXT records of a name, each in one piece; none for a name that is none.

        Raises DnsAway.
        """
        return [b"".join(one.strings).decode("latin-1") for one in self._ask(name, "TXT")]

    def takes_mail(self, domain: str) -> bool:
        """Say whether mail to a domain goes anywhere (RFC 5321 §5.1, RFC 7505); raises DnsAway."""
        found = [one.exchange.to_text() for one in self._ask(domain, "MX")]
        if found:
            return found != ["."]
        return any(self._ask(domain, kind) for kind in ("A", "AAAA"))

    def _ask(self, name: str, kind: str) -> list[Any]:
        try:
            resolver = dns.resolver.Resolver(configure=not self._servers)
            if self._servers:
                resolver.nameservers = list(self._servers)
                resolver.port = self._port
            return list(resolver.resolve(name, kind, lifetime=SECONDS, search=False))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except dns.exception.DNSException as error:
            raise DnsAway(f"{name} {kind}: {error}") from None


def is_reserved(domain: str) -> bool:
    """Say whether a domain is one that stands in no name service, such as monthly-ledger.example."""
    return "." not in domain or domain.rpartition(".")[2] in RESERVED
