"""Asks a web server whether a page is there, and reaches nothing but the public Internet.

For `check --online`, for the look at what an issue shows before it goes, and for alerts. A host is resolved
once and refused when any of its addresses is private; each redirect is judged anew, and there are
at most three (RULES S-16). Nothing of a body is read, and no proxy, cookie or credential is used.
"""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import idna

MOST_REDIRECTS = 3
CHECKING = "Broadsheet (newsletter check --online: do the links of an issue work?)"
UNSAFE = "%/:=&?~+!$,;'@()*[]"
NO_SUCH_NAME = {
    getattr(socket, name) for name in ("EAI_NONAME", "EAI_NODATA") if hasattr(socket, name)
}

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Turn = Callable[[str], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of asking: the last status, or 0 and why there is none.

    `nameless`: the host does not exist. `headers` are those of the last answer, by names in lower
    case.
    """

    status: int = 0
    why: str = ""
    nameless: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


def resolved(host: str, port: int) -> Sequence[str]:
    """Return a host's addresses as this machine resolves it; raises socket.gaierror."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: IPAddress) -> bool:
    """Return whether an address belongs to the Internet, also when another one is wrapped in it."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if int(address) >> 32 == 0x64FF9B << 64:  # NAT64, RFC 6052
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast


@dataclass(frozen=True, slots=True)
class Network:
    """The way out: how a name is resolved, which addresses may be reached, how long to wait.

    `timeout` is in seconds and counts for each read; `agent` says to the server who asks.
    """

    resolve: Callable[[str, int], Sequence[str]] = resolved
    may_reach: Callable[[IPAddress], bool] = is_public
    timeout: float = 10.0
    agent: str = CHECKING
    redirects: int = MOST_REDIRECTS


class _Refused(Exception):
    """This address is not asked; the message says why."""


def ask(url: str, network: Network, turn: Turn) -> Answer:
    """Ask for a page with HEAD, and with GET where a server refuses or denies HEAD.

    `turn(host)` is entered when the host may be asked, and left when it has answered. Raises
    nothing: what fails is in the Answer.
    """
    try:
        answer = _followed("HEAD", url, network, turn)
        if answer.status >= 400 and answer.status != 429:
            answer = _followed("GET", url, network, turn)
        return answer
    except _Refused as refused:
        return Answer(why=str(refused))
    except socket.gaierror as error:
        nameless = error.errno in NO_SUCH_NAME
        why = "its host does not exist" if nameless else "its host could not be looked up"
        return Answer(why=why, nameless=nameless)
    except TimeoutError:
        return Answer(why="it did not answer in time")
    except ssl.SSLError as error:
        return Answer(why=f"its certificate is not good ({error.reason or 'TLS'})")
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Answer(why=f"it could not be asked ({type(error).__name__})")


def post(url: str, body: bytes, headers: Mapping[str, str], network: Network) -> Answer:
    """Post a body once; no redirect is followed. Raises nothing: what fails is in the Answer."""
    try:
        status, got = _request("POST", urlsplit(url), network, body, headers)
    except _Refused as refused:
        return Answer(why=str(refused))
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Answer(why=f"it could not be asked ({type(error).__name__})")
    return Answer(status, http.client.responses.get(status, ""), headers=got)


def _followed(method: str, url: str, network: Network, turn: Turn) -> Answer:
    for _ in range(network.redirects + 1):
        parts = urlsplit(url)
        with turn(parts.hostname or ""):
            status, headers = _request(method, parts, network)
        location = headers.get("location", "")
        if not (300 <= status < 400 and location):
            return Answer(status, http.client.responses.get(status, ""), headers=headers)
        url = urljoin(url, location)
    often = f"more than {network.redirects} times" if network.redirects else f"to {url}"
    raise _Refused(f"it redirects {often}")


def _request(
    method: str,
    parts: SplitResult,
    network: Network,
    body: bytes | None = None,
    more: Mapping[str, str] = MappingProxyType({}),
) -> tuple[int, Mapping[str, str]]:
    connection = _connection(parts, network)
    try:
        target = quote(parts.path or "/", safe=UNSAFE)
        target += f"?{quote(parts.query, safe=UNSAFE)}" if parts.query else ""
        headers = {"User-Agent": network.agent, "Accept": "*/*", **more}
        connection.request(method, target, body=body, headers=headers)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}
    finally:
        connection.close()


def _connection(parts: SplitResult, network: Network) -> http.client.HTTPConnection:
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise _Refused("it leads to no web address")
    host = _ascii(parts.hostname)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    addresses = network.resolve(host, port)
    if not all(network.may_reach(ipaddress.ip_address(one.partition("%")[0])) for one in addresses):
        raise _Refused("its host has a private address")
    connect = _Connector(addresses, port, network.timeout)
    if parts.scheme == "https":
        return _Encrypted(host, port, connect)
    return _Plain(host, port, connect)


def _ascii(host: str) -> str:
    if host.isascii():
        return host
    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError:
        raise _Refused("its host is no proper name") from None


@dataclass(frozen=True, slots=True)
class _Connector:
    """Connects to the addresses that were judged, whatever the name resolves to by now."""

    addresses: Sequence[str]
    port: int
    timeout: float

    def __call__(self) -> socket.socket:
        failed: OSError = OSError("no address")
        for address in self.addresses:
            try:
                return socket.create_connection((address, self.port), self.timeout)
            except OSError as error:
                failed = error
        raise failed


class _Plain(http.client.HTTPConnection):
    def __init__(self, host: str, port: int, connect: _Connector) -> None:
        super().__init__(host, port)
        self._connect = connect

    def connect(self) -> None:
        self.sock = self._connect()


class _Encrypted(http.client.HTTPSConnection):
    def __init__(self, host: str, port: int, connect: _Connector) -> None:
        self._tls = ssl.create_default_context()
        super().__init__(host, port, context=self._tls)
        self._connect = connect

    def connect(self) -> None:
        self.sock = self._tls.wrap_socket(self._connect(), server_hostname=self.host)
