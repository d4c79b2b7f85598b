"""Where the admin's pages may be opened: over https, or on this machine alone."""

from urllib.parse import urlsplit

from newsletter.providers.hosts import is_loopback


def is_safe(public_url: str) -> bool:
    """Return whether a password may be typed there."""
    parts = urlsplit(public_url)
    return parts.scheme == "https" or is_loopback(parts.hostname or "")


def is_ours(origin: str, *, public_url: str, host: str) -> bool:
    """Return whether a browser that says `Origin` sent a form of a page of ours.

    `host` is the request's: on this machine any port of it is ours, and elsewhere PUBLIC_URL is.
    """
    if origin == _origin(public_url):
        return True
    parts = urlsplit(public_url)
    at_home = parts.scheme == "http" and is_loopback(parts.hostname or "")
    return at_home and origin == f"http://{host}" and is_loopback(_name(host))


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def _name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
