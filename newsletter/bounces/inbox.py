"""INBOX_URL: where bounces, complaints and goodbyes arrive, and who may be asked for them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

from newsletter.bounces.imap import Account, Imap
from newsletter.bounces.maildir import Maildir
from newsletter.errors import SettingsError
from newsletter.providers.hosts import is_loopback

HANDLED = "Broadsheet"
MEND = "such as imaps://user:password@mail.example.org/INBOX, or maildir:///var/mail/bounces"


class Inbox(Protocol):
    """Mails that wait, by names that stay the same while it is open."""

    def names(self) -> list[str]:
        """Return the names of all mails there are, the oldest first."""
        ...

    def read(self, names: Sequence[str]) -> list[tuple[str, bytes]]:
        """Return these mails as they came, cut after a megabyte; one that went is left out."""
        ...

    def put_away(self, names: Sequence[str]) -> None:
        """Move these mails into the folder of what is done; one that went is passed over."""
        ...


@contextmanager
def open_inbox(url: str) -> Iterator[Inbox]:
    """Open the inbox of INBOX_URL.

    Raises SettingsError for a URL that makes no sense, which it never shows, and InboxAway, here
    or later, for what cannot be reached or refuses us.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
        query = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=True))
    except ValueError:
        raise SettingsError("INBOX_URL is no URL", MEND) from None
    handled, starttls = query.pop("handled", HANDLED), query.pop("starttls", "required")
    if query or not handled.isascii() or not handled.isprintable():
        raise SettingsError("INBOX_URL has a part that nobody knows", MEND)
    if parts.scheme == "maildir" and parts.path.strip("/") and not parts.netloc:
        yield Maildir(unquote(parts.path), handled)
        return
    if parts.scheme not in ("imap", "imaps") or not parts.hostname or not parts.username:
        raise SettingsError("INBOX_URL is no address of an inbox", MEND)
    folder = unquote(parts.path.strip("/")) or "INBOX"
    account = Account(
        parts.hostname,
        port or (993 if parts.scheme == "imaps" else 143),
        unquote(parts.username),
        unquote(parts.password or ""),
        is_tls=parts.scheme == "imaps",
        has_starttls=parts.scheme == "imap" and starttls == "required",
    )
    if not (folder + account.user + account.password).isascii():
        raise SettingsError("INBOX_URL has letters beyond ASCII", MEND)
    if not (account.is_tls or account.has_starttls or is_loopback(account.host)):
        raise SettingsError("INBOX_URL would send a password in the clear", "imaps://…")
    opened = Imap(account, folder, handled)
    try:
        yield opened
    finally:
        opened.close()
