"""Dovecot as the mailbox of everybody: mail comes in by LMTP and is read back by IMAP."""

import imaplib
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.mailservers.room import Room

USER, PASSWORD = "everybody", "a-password-of-the-tests"

# One mailbox for all, in which Delivered-To tells whose mail each is.
CONFIGURATION = """
protocols = imap lmtp
ssl = no
disable_plaintext_auth = no
listen = 127.0.0.1
log_path = /dev/stderr
default_internal_user = dovecot
default_internal_group = dovecot
default_login_user = dovenull
mail_location = maildir:/srv/mail
lmtp_add_received_header = no
maildir_very_dirty_syncs = yes
{more}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
service auth {{
  inet_listener {{
    port = {auth}
  }}
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid=vmail gid=vmail home=/srv/mail allow_all_users=yes
}}
"""


class Dovecot:
    """A running Dovecot."""

    def __init__(
        self, part: Path, folder: Path, *, imap: int, lmtp: int, auth: int, more: str = ""
    ) -> None:
        """Start on three ports of loopback; `more` are lines of its configuration."""
        self.imap_port, self.lmtp_port, self.auth_port = imap, lmtp, auth
        text = CONFIGURATION.format(imap=imap, lmtp=lmtp, auth=auth, password=PASSWORD, more=more)
        self.room = Room(
            part,
            folder,
            ("dovecot", "dovenull", "vmail"),
            {"dovecot.conf": text},
            {"mail": ("vmail", 0o700)},
        )
        self.room.start("dovecot", "-F", "-c", "/srv/dovecot.conf")

    @contextmanager
    def mailbox(self) -> Iterator[imaplib.IMAP4]:
        """Open the mailbox as a mail client does."""
        with imaplib.IMAP4("127.0.0.1", self.imap_port, timeout=30) as imap:
            imap.login(USER, PASSWORD)
            yield imap

    def delivered(self) -> Counter[str]:
        """Return how many mails each address got."""
        return Counter(one.strip("<>") for one in self.header("DELIVERED-TO"))

    def header(self, name: str) -> list[str]:
        """Return this header of each mail there is."""
        with self.mailbox() as imap:
            _, (number,) = imap.select("INBOX", readonly=True)
            if number == b"0":
                return []
            _, parts = imap.fetch("1:*", f"(BODY.PEEK[HEADER.FIELDS ({name})])")
        return [_value(part[1]) for part in parts if isinstance(part, tuple)]


def _value(header: bytes) -> str:
    # The first of several is Dovecot's own.
    found = re.match(rb"[A-Za-z-]+:\s*(\S+)\s", header)
    assert found, header
    return found[1].decode("ascii")
