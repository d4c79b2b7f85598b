"""Postfix for submission, unpacked and configured for one test."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from tests.mailservers.transfer_agent import Ports, TransferAgent


class Postfix(TransferAgent):
    """Its limit is on recipients a client and a time: 450 4.7.1, and a quota bounces nobody."""

    part = "postfix"
    users = ("postfix", "postdrop")
    folders: ClassVar[Mapping[str, tuple[str, int]]] = {
        "spool/postfix": ("root", 0o755),
        "spool/postfix-data": ("postfix", 0o700),
    }
    queues = ("postfix/maildrop", "postfix/incoming", "postfix/active", "postfix/deferred")
    _main = """
compatibility_level = 3.6
myhostname = localhost
mydestination =
inet_interfaces = loopback-only
inet_protocols = ipv4
queue_directory = /var/spool/postfix
data_directory = /var/spool/postfix-data
daemon_directory = /usr/lib/postfix/sbin
shlib_directory = /usr/lib/postfix
meta_directory = /etc/postfix
maillog_file = /srv/log
maillog_file_prefixes = /srv
virtual_mailbox_domains = readers.example
virtual_mailbox_maps = texthash:/srv/known
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
lmtp_destination_concurrency_limit = 2
smtpd_tls_chain_files = /srv/tls.pem
smtpd_tls_security_level = encrypt
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{auth}
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = reject_unlisted_recipient, permit_sasl_authenticated, reject
minimal_backoff_time = 1s
queue_run_delay = 1s
smtpd_client_event_limit_exceptions =
smtpd_client_recipient_rate_limit = 150
anvil_rate_time_unit = 2s
alias_maps =
"""
    _services = """
127.0.0.1:{smtp} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
retry unix - - n - - error
error unix - - n - - error
lmtp unix - - n - - lmtp
scache unix - - n - 1 scache
anvil unix - - n - 1 anvil
qmgr unix n - n 300 1 qmgr
postlog unix-dgram n - n - 1 postlogd
"""
    accepting = ("/usr/sbin/postfix", "-c", "/srv/accepting", "start-fg")
    delivering = ("/usr/sbin/postfix", "-c", "/srv/delivering", "start-fg")

    def files(self, ports: Ports, pem: str, known: Sequence[str]) -> Mapping[str, str]:
        """Write two configurations: with a transport deferred nothing is delivered."""
        main = self._main.format(lmtp=ports.lmtp, auth=ports.auth)
        services = self._services.format(smtp=ports.smtp).lstrip()
        return {
            "accepting/main.cf": main + "defer_transports = lmtp\n",
            "accepting/master.cf": services,
            "delivering/main.cf": main,
            "delivering/master.cf": services,
            "known": "".join(f"{address} here\n" for address in known),
            "tls.pem": pem,
        }

    def is_mail(self, file: Path) -> bool:
        """A file that may be executed is one that was written whole."""
        return file.is_file() and bool(file.stat().st_mode & 0o100)
