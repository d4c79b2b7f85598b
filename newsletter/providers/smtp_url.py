"""SMTP_URL: which server, how it is reached, and when a password may not travel."""

from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

from newsletter.errors import ProviderMisused
from newsletter.providers.hosts import is_loopback

MEND = "SMTP_URL looks like smtp://user:password@mail.example.org:587, or smtps://…"

# RFC 8314 §3.3.
TLS_PORT = 465


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server. `is_tls`: TLS from the first byte; `has_starttls`: TLS after STARTTLS."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    is_tls: bool = False
    has_starttls: bool = True


def read(url: str) -> Server:
    """Read a `smtp://` or `smtps://` URL; raises ProviderMisused, which never shows the URL.

    STARTTLS is required but for `?starttls=never`, and then a password goes to this machine only.
    """
    if not url:
        raise ProviderMisused("SMTP_URL is empty", MEND)
    try:
        parts = urlsplit(url)
        port = parts.port
        query = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=True))
    except ValueError:
        raise ProviderMisused("SMTP_URL is no URL", MEND) from None
    starttls = query.pop("starttls", "required")
    if (
        parts.scheme not in ("smtp", "smtps")
        or not parts.hostname
        or parts.path.strip("/")
        or query
        or starttls not in ("required", "never")
    ):
        raise ProviderMisused("SMTP_URL is no address of a mail server", MEND)
    is_tls = parts.scheme == "smtps"
    server = Server(
        host=parts.hostname,
        port=port or (TLS_PORT if is_tls else 587),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        is_tls=is_tls,
        has_starttls=not is_tls and starttls == "required",
    )
    if not (server.user + server.password).isascii():
        raise ProviderMisused("SMTP_URL has a user or password beyond ASCII", "choose another")
    if server.user and not (server.is_tls or server.has_starttls or is_loopback(server.host)):
        raise ProviderMisused(
            "SMTP_URL would send a password in the clear", "leave ?starttls=never out"
        )
    return server
