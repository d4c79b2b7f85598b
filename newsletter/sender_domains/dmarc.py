"""What a domain asks receivers to do with mail that is not provably its own (RFC 7489)."""

from collections.abc import Iterator

from newsletter.sender_domains.dkim_record import tags
from newsletter.sender_domains.spf import Texts

POLICIES = ("none", "quarantine", "reject")


def dmarc_policy(domain: str, texts: Texts) -> str:
    """Return the policy for a domain, its own or of the nearest one above it; empty for none."""
    for name in upwards(domain):
        for text in texts(f"_dmarc.{name}"):
            found = tags(text)
            if found.get("v") == "DMARC1" and found.get("p", "none").lower() in POLICIES:
                return found.get("p", "none").lower()
    return ""


def upwards(domain: str) -> Iterator[str]:
    """Yield a domain and those above it, down to two labels."""
    labels = domain.split(".")
    yield from (".".join(labels[at:]) for at in range(max(len(labels) - 1, 1)))


def is_aligned(one: str, other: str) -> bool:
    """Say whether two domains are the same or one above the other, as relaxed alignment wants."""
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")
