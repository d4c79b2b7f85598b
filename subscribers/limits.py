"""How often somebody may sign up, counted in the database so that every process sees it.

Every sign-up counts alike, whoever it names: a limit that counted only new addresses would tell
which ones are new. RULES S-1, S-2.
"""

import ipaddress
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from subscribers.models import Attempt
from subscribers.suppressions import hidden

PER_NETWORK = ((timedelta(minutes=1), 5), (timedelta(hours=1), 20))
EVERYBODY = timedelta(hours=1)


def take_attempt(session: Session, ip: str, *, most: int, now: datetime) -> timedelta | None:
    """Count one sign-up, or return how long whoever asks should wait.

    `most` is how many the house takes in an hour, whoever they are from; see PER_NETWORK for
    those from one network. Who is turned away is not counted, so that waiting helps.
    """
    where = network_of(session, ip)
    for span, allowed, narrowed in (
        *((span, allowed, (Attempt.network == where,)) for span, allowed in PER_NETWORK),
        (EVERYBODY, most, ()),
    ):
        counted = (
            select(func.count()).select_from(Attempt).where(Attempt.at > now - span, *narrowed)
        )
        if (session.scalar(counted) or 0) >= allowed:
            return span
    session.execute(delete(Attempt).where(Attempt.at <= now - EVERYBODY))
    session.add(Attempt(at=now, network=where))
    session.flush()
    return None


def network_of(session: Session, ip: str) -> str:
    """Return a keyed hash of the machine's IPv4 address, or of its /64; all unknown ones are one."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return hidden(session, "network unknown")
    if isinstance(address, ipaddress.IPv6Address):
        # A dual-stack server sees IPv4 visitors as ::ffff:203.0.113.9, all in one /64.
        address = address.ipv4_mapped or address
    prefix = 32 if address.version == 4 else 64
    return hidden(session, f"network {ipaddress.ip_network((address, prefix), strict=False)}")
