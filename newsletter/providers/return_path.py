"""Where bounces go: one address for all mails, or one for each, in which its token stands (VERP).

`bounces@example.org` is one for all. In `bounces+*@example.org` or `*@bounces.example.org` the
star becomes the token: servers that send nothing back of a mail name it all the same. Addresses
may lose their capitals on the way, so that the token stands there in base32.
"""

import base64
import binascii
import re

from newsletter.errors import SettingsError, Unmailable

STAR = "*"
# What stands instead of a token where no mail is meant.
NAMELESS = "goodbye"
_LENGTH = 26
_WRITTEN = re.compile(r"[A-Za-z0-9._+=*-]{1,38}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


class ReturnPath:
    """An address for bounces, as the setting INBOX_ADDRESS writes it; both ways."""

    def __init__(self, written: str) -> None:
        """Take the setting; raises SettingsError for what is no address, or has two stars."""
        if not _WRITTEN.fullmatch(written) or written.count(STAR) > 1:
            raise SettingsError(
                "INBOX_ADDRESS is no address",
                "such as bounces@example.org, or bounces+*@example.org for one a mail",
            )
        self._written = written
        before, _, after = (re.escape(part) for part in written.partition(STAR))
        self._one = re.compile(f"{before}([a-z2-7]{{{_LENGTH}}}){after}", re.IGNORECASE)

    def of(self, token: str) -> str:
        """Return where the bounce of one mail goes; raises Unmailable for what is no token."""
        if STAR not in self._written:
            return self._written
        try:
            block = base64.urlsafe_b64decode(token + "==")
        except (ValueError, binascii.Error):
            raise Unmailable("the token of a delivery is no part of an address") from None
        return self._written.replace(STAR, base64.b32encode(block).decode().rstrip("=").lower())

    @property
    def address(self) -> str:
        """The address that names no mail."""
        return self._written.replace(STAR, NAMELESS)

    def tokens(self, text: str) -> list[str]:
        """Return the tokens of all addresses in a text that are ours, whether true or not."""
        if STAR not in self._written:
            return []
        blocks = (base64.b32decode(f"{found.upper()}======") for found in self._one.findall(text))
        return [base64.urlsafe_b64encode(block).decode().rstrip("=") for block in blocks]
