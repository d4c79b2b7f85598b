"""The public half of a DKIM key, as the name service has it (RFC 6376 §3.6.1, RFC 8463)."""

import base64
import binascii
from typing import NamedTuple

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

FEWEST_BITS = 1024  # RFC 8301 §3.2
WISE_BITS = 2048
_ED25519_BYTES = 32


class DkimRecord(NamedTuple):
    """A published key: its bytes as they stand there, its bits (Ed25519: 256), and its fault."""

    key: bytes = b""
    bits: int = 0
    fault: str = ""

    @property
    def is_short(self) -> bool:
        """Whether an RSA key is allowed and no longer wise."""
        return FEWEST_BITS <= self.bits < WISE_BITS


def tags(text: str) -> dict[str, str]:
    """Return the tags of a record such as `v=DKIM1; p=…`, the names in small letters."""
    pairs = (part.partition("=") for part in text.split(";"))
    return {name.strip().lower(): "".join(value.split()) for name, _, value in pairs if value}


def read_dkim(text: str) -> DkimRecord:
    """Read a TXT record as a key; one that no receiver takes has a fault."""
    found = tags(text)
    if not found.get("p"):
        return DkimRecord(fault="holds no key: it was withdrawn")
    try:
        key = base64.b64decode(found["p"], validate=True)
        if found.get("k", "rsa").lower() == "ed25519":
            whole = len(key) == _ED25519_BYTES
            return DkimRecord(key, 256, "" if whole else "holds no key of Ed25519")
        public = load_der_public_key(key)
    except (binascii.Error, ValueError, UnsupportedAlgorithm):
        return DkimRecord(fault="holds no key that can be read")
    if not isinstance(public, RSAPublicKey):
        return DkimRecord(fault="holds no key of RSA or Ed25519")
    if public.key_size < FEWEST_BITS:
        return DkimRecord(
            key, public.key_size, f"holds a key of {public.key_size} bits; {FEWEST_BITS} are asked"
        )
    return DkimRecord(key, public.key_size)
