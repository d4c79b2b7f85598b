"""A sender's domain as it should be, for tests to spoil."""

import base64

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from newsletter.compose.dkim import Signer

DOMAIN = "ledger.org"
KEY = Ed25519PrivateKey.generate()
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def public(bits: int = 0) -> bytes:
    """Return the public half of our key, or of another one of RSA with so many bits."""
    pem = PEM
    if bits:
        key = generate_private_key(65537, bits)
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Signer(pem, domain=DOMAIN, selector="news").public


def dkim(key: bytes, kind: str = "ed25519") -> str:
    """Return the record that publishes a key."""
    return f"v=DKIM1; k={kind}; p={base64.b64encode(key).decode()}"


def zone(**spoiled: list[str]) -> dict[str, list[str]]:
    """Return the records of DOMAIN; `spoiled`: spf, dkim, dmarc, mx instead, empty for none."""
    names = {
        "spf": f"TXT {DOMAIN}",
        "dkim": f"TXT news._domainkey.{DOMAIN}",
        "dmarc": f"TXT _dmarc.{DOMAIN}",
        "mx": f"MX {DOMAIN}",
    }
    sound = {
        "spf": ["v=spf1 mx -all"],
        "dkim": [dkim(public())],
        "dmarc": ["v=DMARC1; p=none"],
        "mx": [f"10 mail.{DOMAIN}."],
    }
    records = {names[name]: value for name, value in (sound | spoiled).items() if value}
    # The domain itself is there, whatever it has not.
    return {f"A {DOMAIN}": []} | records
