"""Errors of the newsletter package.

NewsletterError
├── SettingsError           a setting is missing or makes no sense
├── PostError               a post cannot be read: file, line, what, mend
├── RenderError             a template cannot be rendered
├── LinkInvalid             a token that is forged, cut, of another purpose or too old
├── Unmailable              an address or header that no mail can carry
├── IssueError              an issue cannot do that in the state it is in
│   └── KeyTaken            the key belongs to another post on this list
├── AccessError             an admin or an API token that cannot be made like this
├── SignInRefused           a name and password that do not open, or too many tries
├── BackupError             a backup cannot be made or put back
├── InboxAway               the inbox of bounces cannot be reached, or refuses us
└── ProviderError           the call to the provider failed; nobody's fate is told by it
    ├── ProviderUnavailable     surely not accepted: wait and go on (429, 503, refused, DNS)
    ├── ProviderRefused         surely not accepted, and waiting does not help (401, 403)
    └── ProviderMisused         our request is wrong (404, 405, 415): a defect or a setting

An exception says that a call failed. What happened to one recipient is a `SendResult`.
A name that is not found is `subscribers.errors.NotFound`, for lists and issues alike.
"""

from datetime import timedelta
from pathlib import Path


class NewsletterError(Exception):
    """Something we refuse or cannot do; `mend` says what helps."""

    def __init__(self, message: str, mend: str = "") -> None:
        super().__init__(message)
        self.mend = mend


class SettingsError(NewsletterError):
    """A setting is missing or makes no sense; the message names it."""


class PostError(NewsletterError):
    """A post cannot be read; `path` and `line` (from 1, or None) say where."""

    def __init__(
        self, message: str, mend: str = "", *, path: Path | None = None, line: int | None = None
    ) -> None:
        super().__init__(message, mend)
        self.path = path
        self.line = line

    def __str__(self) -> str:
        place = "" if self.path is None else f"{self.path}:"
        if place and self.line is not None:
            place += f"{self.line}:"
        return f"{place} {super().__str__()}".lstrip()


class RenderError(NewsletterError):
    """A template cannot be rendered; the message names template and line."""


class LinkInvalid(NewsletterError):
    """A token is forged, cut, made for another purpose, or too old."""


class Unmailable(NewsletterError):
    """An address or a header that no mail can carry; the message never shows the value."""


class IssueError(NewsletterError):
    """The issue cannot do that in the state it is in; the message says why."""


class KeyTaken(IssueError):
    """Another post already went out on this list under this key."""


class AccessError(NewsletterError):
    """An admin or an API token cannot be made like this; the message says why."""


class SignInRefused(NewsletterError):
    """Name and password open nothing; `wait` is how long to wait after too many tries."""

    def __init__(self, message: str, *, wait: timedelta | None = None) -> None:
        super().__init__(message)
        self.wait = wait


class BackupError(NewsletterError):
    """A backup cannot be made, or cannot be put back; the message names the file."""


class InboxAway(NewsletterError):
    """The inbox cannot be reached, read or changed; nothing that it holds is lost."""


class ProviderError(NewsletterError):
    """The call to the provider failed; results yielded before it stand."""


class ProviderUnavailable(ProviderError):
    """The rest was surely not accepted; `retry_after` (seconds) when the provider said so."""

    def __init__(self, message: str, mend: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(message, mend)
        self.retry_after = retry_after


class ProviderRefused(ProviderError):
    """The provider refuses us (key, sender, credit); a person has to act. Nothing was accepted."""


class ProviderMisused(ProviderError):
    """Our request or a setting of ours is wrong; nothing was accepted."""
