"""What an address says by itself: whole or malformed, public or private, a page or its preview."""

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

# What mail programs follow; anything else loses its address in the mail.
FOLLOWED = ("http", "https", "mailto", "tel")
# Names that never lead out of a machine or a network: RFC 6761, RFC 6762, RFC 8375, ICANN's .internal.
PRIVATE = (
    *("localhost", "local", "internal", "intranet", "lan", "home", "corp", "private"),
    *("home.arpa", "localdomain", "test"),
)
# A preview's host, as each service forms it. Where a site may live under the plain name
# (x.netlify.app, x.vercel.app, x.pages.dev) only the names of branches and builds count.
PREVIEW = re.compile(
    r"""
    [\w-]+--[\w-]+\.netlify\.(?:app|com)                       # deploy-preview-12--x, branch--x
  | [\w-]+-git-[\w-]+\.(?:vercel\.app|now\.sh)                 # x-git-branch-team
  | [\w-]+-(?=[a-z]*\d)[a-z0-9]{9}-[\w-]+\.(?:vercel\.app|now\.sh)   # x-build-team
  | [\w-]+\.[\w-]+\.pages\.dev                                 # branch.x
  | [\w-]+--[\w-]+-[a-z0-9]{8}\.web\.app                       # x--channel-build
  | [\w-]+-pr-\d+\.(?:onrender\.com|herokuapp\.com|fly\.dev|up\.railway\.app)
  | [\w.-]+\.(?:ngrok\.(?:io|app|dev)|ngrok-free\.(?:app|dev)|trycloudflare\.com|loca\.lt
      |localhost\.run|lhr\.life|serveo\.net|ws-[\w-]+\.gitpod\.io|app\.github\.dev)
    """,
    re.VERBOSE,
)
NUMBER = re.compile(r"(?:0x[0-9a-f]{1,8}|\d{1,11})(?:\.(?:0x[0-9a-f]{1,8}|\d{1,11})){0,3}")
LONGEST_HOST = 253  # RFC 1035 §2.3.4, less the length of the last label
HOST = re.compile(r"(?!-)[\w-]{1,63}(?:\.[\w-]{1,63})*\.?")


def malformed(url: str) -> str:
    """Return what is wrong with an address, or nothing; a bare `#fragment` is well-formed."""
    if url.startswith("#"):
        return ""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 (raises ValueError for what is no port)
    except ValueError:
        return "is no address"
    if not parts.scheme:
        return "does not begin with https://"
    if parts.scheme not in FOLLOWED:
        return f"begins with {parts.scheme}:, which no mail program follows"
    if parts.scheme == "mailto":
        return "" if re.search(r"[^@\s]@[^@\s]", url) or "to=" in parts.query else "names nobody"
    if parts.scheme == "tel":
        return ""
    return _malformed_web(url, parts)


def _malformed_web(url: str, parts: SplitResult) -> str:
    host = parts.hostname or ""
    if not host:
        return "has no host"
    if host in ("http", "https") or re.match(r"https?:/*https?:/", url, re.IGNORECASE):
        return "says http twice"
    if len(host) > LONGEST_HOST or (_number(host) is None and not HOST.fullmatch(host)):
        return f"has no proper host: {host[:60]}"
    return ""


def is_private(url: str) -> bool:
    """Return whether an address leads to this machine, or to a network that is not the Internet."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".").lower()
    except ValueError:
        return False
    if url.lower().startswith("file:"):
        return True
    number = _number(host)
    if number is not None:
        return not number.is_global
    return bool(host) and ("." not in host or any(host.endswith(f".{end}") for end in PRIVATE))


def is_preview(url: str) -> bool:
    """Return whether an address is one that a host gives to a branch, a build or a tunnel."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".").lower()
    except ValueError:
        return False
    return len(host) <= LONGEST_HOST and bool(PREVIEW.fullmatch(host))


def _number(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    # As browsers read it (WHATWG URL, IPv4 parser): 127.1 is this machine, and so is 0x7f000001.
    if not NUMBER.fullmatch(host):
        return None
    *first, last = map(_whole, host.split("."))
    address = last + sum(part << 24 - 8 * place for place, part in enumerate(first))
    return ipaddress.IPv4Address(address) if address < 1 << 32 else None


def _whole(digits: str) -> int:
    if digits.startswith("0x"):
        return int(digits, 16)
    is_octal = digits.startswith("0") and not set(digits) & set("89")
    return int(digits, 8 if is_octal else 10)
