"""DKIM signatures (RFC 6376, RFC 8463): by them a receiver knows whose mail it is, and that it is whole.

Written here and not by `dkimpy`, which needs ten times as long a message (decision 0011). Header
fields are taken `relaxed`, the body `simple`: it is quoted-printable, which nobody on the way
rewrites, and ends as `simple` wants it.
"""

import hashlib
import re
from base64 import b64encode
from datetime import datetime

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from newsletter.errors import Unmailable

# Each once more than it stands, so that none can be added (§8.15): one-click leaving is worth
# nothing without the two of the list (RFC 8058 §4), and a second From would deceive.
SIGNED = (
    b"from",
    b"to",
    b"subject",
    b"date",
    b"message-id",
    b"reply-to",
    b"list-id",
    b"list-unsubscribe",
    b"list-unsubscribe-post",
    b"mime-version",
    b"content-type",
)
FEWEST_BITS = 1024  # RFC 8301 §3.2
_FIELD_ENDS = re.compile(rb"\r\n(?![ \t])")
_BLANKS = re.compile(rb"[ \t\r\n]+")
_WIDTH = 74


class Signer:
    """Signs for one domain with one key; `selector` says under which name the key is published."""

    def __init__(self, pem: bytes, *, domain: str, selector: str) -> None:
        """Read a private key, RSA of 1024 bits or more or Ed25519; raises Unmailable for another."""
        try:
            key = load_pem_private_key(pem, password=None)
        except (ValueError, TypeError):
            key = None
        if isinstance(key, RSAPrivateKey) and key.key_size >= FEWEST_BITS:
            self._kind = b"rsa-sha256"
        elif isinstance(key, Ed25519PrivateKey):
            self._kind = b"ed25519-sha256"
        else:
            raise Unmailable("the DKIM key is no private key of RSA (1024 bits) or Ed25519 in PEM")
        self._key = key
        self.domain, self.selector = domain, selector
        self._start = b"v=1; a=%b; c=relaxed/simple; d=%b; s=%b;" % (
            self._kind,
            domain.encode("ascii"),
            selector.encode("ascii"),
        )

    @property
    def public(self) -> bytes:
        """The public half as `p=` of its TXT record holds it (RFC 6376 §3.6.1, RFC 8463 §4.2)."""
        public = self._key.public_key()
        if isinstance(self._key, Ed25519PrivateKey):
            return public.public_bytes(Encoding.Raw, PublicFormat.Raw)
        return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def signature(self, message: bytes, *, date: datetime) -> bytes:
        """Return the field that stands before a message with CRLF throughout, CRLF behind it."""
        end = message.index(b"\r\n\r\n")
        hashed = b64encode(hashlib.sha256(memoryview(message)[end + 4 :]).digest())
        fields = _fields(message[:end])
        names = [name for name in SIGNED for _ in range(len(fields.get(name, ())) + 1)]
        value = b"%b\r\n t=%d;\r\n h=%b;\r\n bh=%b;\r\n b=" % (
            self._start,
            int(date.timestamp()),
            _folded(names),
            hashed,
        )
        # From the last of its name to the first (§5.4.2); what is not there counts as empty.
        signed = b"".join(line for name in SIGNED for line in reversed(fields.get(name, [])))
        own = b"dkim-signature:" + _BLANKS.sub(b" ", value)
        written = b64encode(self._sign(signed + own))
        lines = [written[at : at + _WIDTH] for at in range(0, len(written), _WIDTH)]
        return b"DKIM-Signature: %b\r\n %b\r\n" % (value, b"\r\n ".join(lines))

    def _sign(self, data: bytes) -> bytes:
        if isinstance(self._key, Ed25519PrivateKey):
            # RFC 8463 §3: it signs the hash.
            return self._key.sign(hashlib.sha256(data).digest())
        return self._key.sign(data, PKCS1v15(), hashes.SHA256())


def _fields(head: bytes) -> dict[bytes, list[bytes]]:
    """Return the fields that are signed as `relaxed` writes them (§3.4.2), by name."""
    fields: dict[bytes, list[bytes]] = {}
    for line in _FIELD_ENDS.split(head):
        name, _, value = line.partition(b":")
        name = name.lower()
        if name in SIGNED:
            written = b"%b:%b\r\n" % (name, _BLANKS.sub(b" ", value).strip())
            fields.setdefault(name, []).append(written)
    return fields


def _folded(names: list[bytes]) -> bytes:
    lines, line = [], names[0]
    for name in names[1:]:
        if len(line) + 1 + len(name) > _WIDTH - 4:
            lines.append(line)
            line = name
        else:
            line += b":" + name
    return b":\r\n ".join([*lines, line])
