"""Passwords: made, judged, and kept as Argon2id (RFC 9106) in a PHC string."""

import secrets
import threading
from datetime import timedelta
from functools import cache

from cryptography.exceptions import InvalidKey, UnsupportedAlgorithm
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from newsletter.errors import AccessError, SignInRefused

SHORTEST, LONGEST = 12, 1_000
# OWASP's second choice, for machines that are small: 19 MiB, two rounds.
KIB, ROUNDS, LANES, LENGTH = 19 * 1024, 2, 1, 32
# One at a time, and none waits for long: strangers who all try at once must take neither the memory
# of the machine nor the threads that answer readers.
_TURN = threading.Lock()
PATIENCE, A_WHILE = 2.0, timedelta(seconds=30)


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
    """Return whether a password is the one that was kept; the same work where None was (RULES S-9).

    Raises SignInRefused when too many are looked at just now.
    """
    if not _TURN.acquire(timeout=PATIENCE):
        raise SignInRefused("too many at once", wait=A_WHILE)
    try:
        Argon2id.verify_phc_encoded(_bytes(password[:LONGEST]), kept or _nobodys())
    except InvalidKey:
        return False
    finally:
        _TURN.release()
    return kept is not None


def _hashed(password: str) -> str:
    try:
        made = _argon2id(secrets.token_bytes(16))
    except UnsupportedAlgorithm:
        raise AccessError(
            "this machine's cryptography library has no Argon2id",
            "pip install --upgrade cryptography",
        ) from None
    return made.derive_phc_encoded(_bytes(password))


@cache
def _nobodys() -> str:
    """Return the hash of a password that nobody has."""
    return _argon2id(bytes(16)).derive_phc_encoded(secrets.token_bytes(32))


def _argon2id(salt: bytes) -> Argon2id:
    return Argon2id(salt=salt, length=LENGTH, iterations=ROUNDS, lanes=LANES, memory_cost=KIB)


def _bytes(password: str) -> bytes:
    # A form may send half of a character; it is no password, and no error.
    return password.encode("utf-8", "replace")
