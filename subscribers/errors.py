"""Errors of the subscriber store.

SubscriberError
├── AddressRefused      an address that cannot be mailed, with the reason
├── ListRefused         a list that cannot be made or changed like this
├── MarkRefused         an attribute or tag that cannot be kept
├── NotFound            no such list, subscriber or request
├── LinkSpent           a link whose request was answered, replaced or withdrawn
├── SegmentRefused      a filter that cannot be read, with the character that is wrong
├── FileRefused         an import file that cannot be read at all
└── SchemaBehind        the database was made by another version

Each carries a sentence for the person (`str(error)`) and, where one helps, a `mend`.
"""

import unicodedata


class SubscriberError(Exception):
    """Something the store refuses or cannot find; `mend` says what helps."""

    def __init__(self, message: str, mend: str = "") -> None:
        super().__init__(message)
        self.mend = mend


class AddressRefused(SubscriberError):
    """This address cannot be mailed; the message gives the reason."""


class ListRefused(SubscriberError):
    """This list cannot be made or changed like this; the message says why."""


class MarkRefused(SubscriberError):
    """This attribute or tag cannot be kept; the message says why."""


class NotFound(SubscriberError):
    """There is no such list, subscriber, subscription or request."""


class LinkSpent(SubscriberError):
    """The request this link names was answered, replaced or withdrawn since.

    `why` is one word for the case, by which a page says it in a language of its own.
    """

    def __init__(self, why: str, message: str, mend: str = "") -> None:
        super().__init__(message, mend)
        self.why = why


class SegmentRefused(SubscriberError):
    """This filter cannot be read; `text` is the whole of it, `at` the character (from 0).

    `reason` is the message without the place.
    """

    def __init__(self, message: str, text: str, at: int) -> None:
        shown = "".join(char if char.isprintable() else " " for char in text)
        super().__init__(
            f"{message}\n    {shown}\n    {' ' * _width(shown[:at])}^",
            "docs/how-to/segments.md has examples",
        )
        self.reason = message
        self.text = text
        self.at = at


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes: two of a wide letter, none of a mark."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(unicodedata.combining(char) > 0 for char in text)


class FileRefused(SubscriberError):
    """This import file cannot be read at all; nothing of it was taken."""


class SchemaBehind(SubscriberError):
    """The database's schema is not the one this version needs."""
