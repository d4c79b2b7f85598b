"""Which hosts are this machine, where a secret may travel without TLS."""

from ipaddress import ip_address


def is_loopback(host: str) -> bool:
    """Return whether a host name or address names this machine and no other."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
