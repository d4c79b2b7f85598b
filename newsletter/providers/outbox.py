"""The outbox: one .eml file a recipient, for a first look, for tests and for demonstrations.

A mail is accepted when its file bears its name, which is one `link` of a file written whole: the
death of this process leaves a mail there or not there, never half. It is not forced to the disk
first: that costs more than all the rest, and no mail to a person hangs on a power cut here.
"""

import errno
import os
import re
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from newsletter.compose import Composer
from newsletter.errors import ProviderRefused, ProviderUnavailable, Unmailable
from newsletter.message import Envelope, Mailbox, RenderedEmail, SendResult, SendStatus
from newsletter.providers.signing import Signers

_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,128}")
_WAITS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.EIO})


class Outbox:
    """Provider `outbox`: writes each mail into a folder of its issue under `folder`."""

    name = "outbox"
    at_once = 1
    lanes = 1
    reports = False
    counts = False

    def __init__(
        self, folder: Path, *, signers: Signers | None = None, smtputf8: bool = False
    ) -> None:
        self._folder = folder
        self._signers = signers or Signers()
        self._smtputf8 = smtputf8

    def check(self, sender: Mailbox | None = None) -> None:
        """Make the folder; raises ProviderRefused when it cannot be written to."""
        self._signers.check()
        _make(self._folder)

    def prepare(self, email: RenderedEmail) -> "OutboxMailing":
        """Compile an email for its folder, which is made at the first mail."""
        domain = email.sender.address.rpartition("@")[2]
        signer = self._signers.of(email.sender.address)
        composer = Composer(email, domain=domain, signer=signer, smtputf8=self._smtputf8)
        return OutboxMailing(composer, self._folder / folder_name(email))


class OutboxMailing:
    """One email on its way into its folder."""

    def __init__(self, composer: Composer, folder: Path) -> None:
        self._composer = composer
        self._folder = folder
        self._draft = f".{os.getpid()}-{threading.get_ident()}-{id(self)}.part"

    def send(
        self, envelopes: Sequence[Envelope], *, reference: str = ""
    ) -> Iterator[Sequence[SendResult]]:
        """Write each mail and yield its result; a disk that is full is ProviderUnavailable.

        A second mail of one token becomes `<token>-2.eml`, so whoever counts sees it.
        """
        _make(self._folder)
        # Relative to an open folder, paths are short and the folder stays the same one.
        folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            for envelope in envelopes:
                try:
                    message = self._composer.message(envelope, date=datetime.now(UTC))
                    name = self._write(folder, envelope.token, message)
                except Unmailable as error:
                    yield [SendResult(SendStatus.FAILED, str(error))]
                except OSError as error:
                    raise _refusal(self._folder, error) from error
                else:
                    yield [SendResult(SendStatus.SUBMITTED, reference=name)]
        finally:
            os.close(folder)

    def close(self) -> None:
        """Nothing is kept open between calls."""

    def _write(self, folder: int, token: str, message: bytes) -> str:
        if not _TOKEN.fullmatch(token):
            raise Unmailable("the token of a delivery is no file name")
        draft = os.open(self._draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644, dir_fd=folder)
        try:
            with open(draft, "wb", buffering=0) as file:
                rest = memoryview(message)
                while rest:
                    rest = rest[file.write(rest) :]
            return self._name(folder, token)
        finally:
            os.unlink(self._draft, dir_fd=folder)

    def _name(self, folder: int, token: str) -> str:
        number = 1
        while True:
            name = f"{token}.eml" if number == 1 else f"{token}-{number}.eml"
            try:
                os.link(self._draft, name, src_dir_fd=folder, dst_dir_fd=folder)
            except FileExistsError:
                number += 1
            else:
                return name


def folder_name(email: RenderedEmail) -> str:
    """Return the name of an email's folder: its list's id and its subject, in plain letters."""
    list_id = next((value for name, value in email.headers if name.lower() == "list-id"), "")
    found = re.search(r"<([^<>.]+)", list_id)
    words = f"{found[1] if found else ''} {email.subject}"
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].strip("-") or "mail"


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _refusal(folder, error) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ProviderRefused(f"the outbox {folder} may not be written to", "set OUTBOX_DIR")


def _refusal(folder: Path, error: OSError) -> ProviderRefused | ProviderUnavailable:
    why = f"the outbox {folder} cannot be written: {error.strerror or type(error).__name__}"
    if error.errno in _WAITS:
        return ProviderUnavailable(why, "make room, then go on")
    return ProviderRefused(why, "set OUTBOX_DIR to a folder you may write to")
