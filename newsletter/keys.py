"""The key ring: the secrets that sign links and seal ids, newest first."""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hmac import HMAC

from newsletter.errors import LinkInvalid, SettingsError

MIN_LENGTH = 32
MAC_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Key:
    """One secret and what is derived from it; `fingerprint` may be stored and shown."""

    fingerprint: str
    tag: int
    erasing: bytes = field(repr=False)
    _signing: HMAC = field(repr=False)
    _sealing: "Cipher[modes.ECB]" = field(repr=False)

    @classmethod
    def of(cls, secret: str) -> "Key":
        """Derive a key from a secret of at least 32 characters; raises SettingsError."""
        if len(secret) < MIN_LENGTH:
            raise SettingsError(
                f"SECRET_KEYS: a key needs at least {MIN_LENGTH} characters",
                "python3 -c 'import secrets; print(secrets.token_urlsafe(32))' makes one",
            )

        def derive(purpose: bytes) -> bytes:
            return hmac.digest(secret.encode(), b"broadsheet:" + purpose, "sha256")

        fingerprint = hashlib.sha256(derive(b"fingerprint")).hexdigest()[:16]
        # One block under a key of its own is a permutation: ids stay secret, equal ids give
        # equal tokens, and nothing longer than a block is ever encrypted with it.
        sealing = Cipher(algorithms.AES(derive(b"sealing")), modes.ECB())  # noqa: S305
        return cls(
            fingerprint=fingerprint,
            tag=int(fingerprint[:2], 16),
            erasing=derive(b"erasing"),
            _signing=HMAC(derive(b"signing"), hashes.SHA256()),
            _sealing=sealing,
        )

    def mac(self, payload: bytes) -> bytes:
        """Return the 16-byte HMAC-SHA256 of a payload."""
        (mac,) = self.macs((payload,))
        return mac

    def macs(self, payloads: Iterable[bytes]) -> list[bytes]:
        """Return the 16-byte HMAC-SHA256 of each payload."""
        # A third of what the standard library takes for a copy that was given the key before.
        copy, made = self._signing.copy, []
        for payload in payloads:
            signing = copy()
            signing.update(payload)
            made.append(signing.finalize()[:MAC_LENGTH])
        return made

    def seal(self, blocks: bytes) -> bytes:
        """Encrypt blocks of 16 bytes, each by itself and always alike."""
        return self._sealing.encryptor().update(blocks)

    def unseal(self, blocks: bytes) -> bytes:
        """Undo `seal`."""
        return self._sealing.decryptor().update(blocks)


class KeyRing:
    """All keys in force: the first signs and seals, every one opens."""

    def __init__(self, secrets: Sequence[str]) -> None:
        """Take the secrets, newest first; raises SettingsError for none or a short one."""
        if not secrets:
            raise SettingsError("SECRET_KEYS is empty", "set it, or let `newsletter init` make one")
        self.keys = tuple(Key.of(secret) for secret in secrets)

    @property
    def erasing(self) -> bytes:
        """The secret by which erased addresses are known again: of the oldest key, so for ever."""
        return self.keys[-1].erasing

    @property
    def newest(self) -> Key:
        """The key that signs and seals."""
        return self.keys[0]

    def sign(self, payload: bytes) -> bytes:
        """Return the payload with its key's tag before and its MAC behind it."""
        key = self.newest
        message = bytes((key.tag,)) + payload
        return message + key.mac(message)

    def verify(self, signed: bytes) -> bytes:
        """Return the payload of what `sign` made with any key of the ring; raises LinkInvalid."""
        message, mac = signed[:-MAC_LENGTH], signed[-MAC_LENGTH:]
        if len(message) < 2:
            raise LinkInvalid("the link is cut off")
        for key in self.keys:
            if key.tag == message[0] and hmac.compare_digest(key.mac(message), mac):
                return message[1:]
        raise LinkInvalid("the link's signature does not match")
