"""Which mail of ours another one is about, by the sealed tokens that it holds."""

import re
from collections.abc import Iterator

from newsletter.bounces.mail import Mail
from newsletter.links import Links
from newsletter.providers.return_path import ReturnPath

_MESSAGE_ID = re.compile(r"<?([A-Za-z0-9_-]{22})@")
_IN_TEXT = re.compile(r"^[> \t]*message-id:\s*<?([A-Za-z0-9_-]{22})@", re.IGNORECASE | re.MULTILINE)
# Where a copy of what was sent is, or of its head.
_COPIES = (
    "message/rfc822",
    "message/global",
    "message/global-headers",
    "text/rfc822-headers",
    "text/rfc822",
)
# To whom a bounce came, as servers write it.
_TO = (
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "to",
    "x-forwarded-to",
)
_REPLIES = ("in-reply-to", "references")
MOST = 100


def named(mail: Mail, links: Links, path: ReturnPath | None) -> str:
    """Return the token of the mail of ours that this one is about, empty for none."""
    tokens = list(dict.fromkeys(_candidates(mail, path)))[:MOST]
    sealed = links.unseal_deliveries(tokens)
    return next((token for token, found in zip(tokens, sealed, strict=True) if found), "")


def _candidates(mail: Mail, path: ReturnPath | None) -> Iterator[str]:
    """Yield what may be a token, the surest places first."""
    for part in mail.of_kind(*_COPIES):
        for block in part.blocks:
            for value in block.get("message-id", ()):
                yield from _MESSAGE_ID.findall(value)
    if path is not None:
        for name in _TO:
            for value in mail.headers.get(name, ()):
                yield from path.tokens(value)
    for name in _REPLIES:
        for value in mail.headers.get(name, ()):
            yield from _MESSAGE_ID.findall(value)
    for part in mail.parts:
        yield from _IN_TEXT.findall(part.text)
