"""Passwords: made, judged, and kept as Argon2id (RFC 9106) in a PHC string."""

import secrets
import threading
from functools import cache

from cryptography.exceptions import InvalidKey, UnsupportedAlgorithm
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from newsletter.errors import AccessError

SHORTEST, LONGEST = 12, 1_000
# OWASP's second choice, for machines that are small: 19 MiB, two rounds.
KIB, ROUNDS, LANES, LENGTH = 19 * 1024, 2, 1, 32
# One at a time: strangers who all try at once must not take the memory of the machine.
_TURN = threading.Lock()


def generated() -> str:
    """Return a new password of 24 letters, digits, `-` and `_`: 144 bits."""
    return secrets.token_urlsafe(18)


def hashed(password: str) -> str:
    """Return what is kept of a password; raises AccessError for one that is too easy."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise AccessError(
            f"a password has at least {SHORTEST} characters", "without one, a good one is made"
        )
    return _hashed(password)


def matches(password: str, kept: str | None) -> bool:
    """Return whether a password is the one that was kept; the same work where None was (RULES S-9)."""
    with _TURN:
        try:
            Argon2id.verify_phc_encoded(_bytes(password[:LONGEST]), kept or _nobodys())
        except InvalidKey:
            return False
    return kept is not None


def _hashed(password: str) -> str:
    try:
        made = Argon2id(
            salt=secrets.token_bytes(16),
            length=LENGTH,
            iterations=ROUNDS,
            lanes=LANES,
            memory_cost=KIB,
        )
    except UnsupportedAlgorithm:
        raise AccessError(
            "this machine's cryptography library has no Argon2id",
            "pip install --upgrade cryptography",
        ) from None
    with _TURN:
        return made.derive_phc_encoded(_bytes(password))


@cache
def _nobodys() -> str:
    """Return the hash of a password that nobody has."""
    made = Argon2id(salt=bytes(16), length=LENGTH, iterations=ROUNDS, lanes=LANES, memory_cost=KIB)
    return made.derive_phc_encoded(secrets.token_bytes(32))


def _bytes(password: str) -> bytes:
    # A form may send half of a character; it is no password, and no error.
    return password.encode("utf-8", "replace")
