"""OpenSMTPD for submission, unpacked and configured for one test."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from tests.mailservers.transfer_agent import Ports, TransferAgent


class OpenSmtpd(TransferAgent):
    """No PIPELINING, and a limit on mails a session, a hundred unless told: 451 4.5.3 or 421.

    In the clear and without a login: the key of Debian 12's (6.8.0) lies with another process of
    it by a way that its OpenSSL 3 no longer goes, so that no handshake comes to its end.
    """

    part = "opensmtpd"
    users = ("opensmtpd", "opensmtpq", "vmail")
    folders: ClassVar[Mapping[str, tuple[str, int]]] = {
        "spool/smtpd": ("root", 0o711),
        "lib/opensmtpd/empty": ("root", 0o755),
    }
    queues = ("smtpd/queue",)
    is_secure = False
    _configuration = """
table known file:/srv/known
table everybody {{ "@" = vmail }}
smtp limit max-mails 40
listen on 127.0.0.1 port {smtp} hostname localhost
action "dovecot" lmtp "127.0.0.1:{lmtp}" rcpt-to virtual <everybody>
match from any for rcpt-to <known> action "dovecot"
"""
    accepting = ("smtpd", "-F", "-P", "mda", "-f", "/srv/smtpd.conf")
    delivering = ("smtpd", "-F", "-f", "/srv/smtpd.conf")

    def files(self, ports: Ports, pem: str, known: Sequence[str]) -> Mapping[str, str]:
        """Write its configuration."""
        return {
            "smtpd.conf": self._configuration.format(smtp=ports.smtp, lmtp=ports.lmtp),
            "known": "".join(f"{address}\n" for address in known),
        }

    def is_mail(self, file: Path) -> bool:
        """An envelope is named by sixteen hexadecimal digits."""
        return file.is_file() and len(file.name) == 16
