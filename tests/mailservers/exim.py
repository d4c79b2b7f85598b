"""Exim for submission, unpacked and configured for one test."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from tests.mailservers.dovecot import PASSWORD, USER
from tests.mailservers.transfer_agent import Ports, TransferAgent


class Exim(TransferAgent):
    """Its limit is on mails a connection: 421."""

    part = "exim"
    users = ("Debian-exim",)
    folders: ClassVar[Mapping[str, tuple[str, int]]] = {"spool/exim": ("Debian-exim", 0o750)}
    queues = ("exim/input",)
    _configuration = """
primary_hostname = localhost
daemon_smtp_ports = {smtp}
local_interfaces = 127.0.0.1
spool_directory = /var/spool/exim
log_file_path = /var/spool/exim/log/%slog
pid_file_path = /run/exim.pid
never_users =
acl_smtp_rcpt = acl_rcpt
tls_advertise_hosts = *
tls_certificate = /srv/tls.crt
auth_advertise_hosts = ${{if eq{{$tls_in_cipher}}{{}}{{}}{{*}}}}
smtp_accept_max_per_connection = 40
smtp_accept_max = 100
message_size_limit = 10M
queue_only = true
keep_environment =
host_lookup =
rfc1413_hosts =

begin acl
acl_rcpt:
  deny    message = no such person here
          ! local_parts = lsearch;/srv/known
  accept  authenticated = *
          domains = readers.example
  deny    message = relay not permitted

begin routers
all:
  driver = accept
  transport = dovecot

begin transports
dovecot:
  driver = smtp
  protocol = lmtp
  hosts = 127.0.0.1
  port = {lmtp}
  allow_localhost = true
  hosts_override = true
  hosts_try_chunking =

begin retry
*  *  F,1h,1s

begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if and{{{{eq{{$auth2}}{{{user}}}}}{{eq{{$auth3}}{{{password}}}}}}}}}
"""
    accepting = ("/usr/sbin/exim4", "-bdf")
    delivering = ("/usr/sbin/exim4", "-bdf", "-q1s")

    def files(self, ports: Ports, pem: str, known: Sequence[str]) -> Mapping[str, str]:
        """Write its one configuration; only a queue runner delivers."""
        configuration = self._configuration.format(
            smtp=ports.smtp, lmtp=ports.lmtp, user=USER, password=PASSWORD
        )
        return {
            "etc/exim4/exim4.conf": configuration,
            "known": "".join(f"{address.partition('@')[0]}:\n" for address in known),
            # It reads the key as its own user.
            "tls.crt": pem,
        }

    def is_mail(self, file: Path) -> bool:
        """Of a mail's two files the header's comes last."""
        return file.name.endswith("-H")
