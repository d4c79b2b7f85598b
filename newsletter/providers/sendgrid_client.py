"""The official client over a Wire: it builds the calls, and the key never enters it (RULES PY-6).

Its own transport has no timeout, follows redirects with the key, and logs key and addresses
(RULES PY-1, PY-5).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from email.message import Message
from typing import Any, Self
from urllib.request import Request as UrlRequest

import python_http_client
from sendgrid import SendGridAPIClient

from newsletter.providers.wire import Answer, Wire

Header = tuple[str, str]
Send = Callable[[str, str, Iterable[Header], bytes], Answer]


class Quiet(bytes):
    """Bytes that show only their number: the client formats bodies into its log (PY-6)."""

    def __str__(self) -> str:
        return f"<{len(self)} bytes>"

    def encode(self, _encoding: str) -> "Quiet":
        """Let the client take these bytes as they are."""
        return self


@dataclass(frozen=True, slots=True)
class _Reply:
    """What the client's Response asks of an answer."""

    answer: Answer

    def getcode(self) -> int:
        return self.answer.status

    def read(self) -> bytes:
        return Quiet(self.answer.body)

    def info(self) -> Any:
        return self.answer.headers


class Client(python_http_client.Client):  # type: ignore[misc]
    """The official client over a Wire; the key is added on the wire and nowhere before."""

    def __init__(self, wire: Wire, authorization: str, **settings: Any) -> None:
        super().__init__(**settings)
        self.wire = wire
        self._request: Send = wire.request
        self._authorization = authorization
        # Anything but plain "application/json" makes the client leave the body to us.
        self.request_headers["Content-Type"] = "application/json; charset=utf-8"

    @classmethod
    def over(cls, wire: Wire, key: str, host: str) -> Self:
        """Return a client of its own: the official ones share and change their headers (PY-9)."""
        headers = dict(SendGridAPIClient(api_key=key, host=host).client.request_headers)
        authorization = headers.pop("Authorization")
        return cls(wire, authorization, host=host, request_headers=headers, version=3)

    def mails(self) -> Callable[[bytes], Answer]:
        """Return what posts a body to mail/send: a call that is built once, as only that differs.

        For a call of a thousand, the client takes as long to build it as to send it.
        """
        built: list[tuple[str, str, list[Header]]] = []

        def keep(method: str, path: str, headers: Iterable[Header], _: bytes) -> Answer:
            built.append((method, path, list(headers)))
            return Answer(202, Message(), b"")

        drawing = self._build_client()
        drawing._request = keep
        drawing.mail.send.post(request_body=Quiet())
        ((method, path, headers),) = built
        return lambda body: self._request(method, path, headers, body)

    def _build_client(self, name: str | None = None) -> "Client":
        made = Client(
            self.wire,
            self._authorization,
            host=self.host,
            version=self._version,
            request_headers=self.request_headers,
            url_path=[*self._url_path, name] if name else self._url_path,
        )
        made._request = self._request
        return made

    def _make_request(self, opener: Any, request: UrlRequest, timeout: Any = None) -> _Reply:
        headers = [*request.header_items(), ("Authorization", self._authorization)]
        body = request.data if isinstance(request.data, bytes) else b""
        return _Reply(self._request(request.get_method(), request.selector, headers, body))


def answered(response: Any) -> Answer:
    """Return the answer that the client's Response holds."""
    return Answer(response.status_code, response.headers, bytes(response.body))
