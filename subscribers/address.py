"""One address, two forms: as typed for sending, and the key that makes two spellings one."""

import re
import unicodedata
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from subscribers.errors import AddressRefused

LONGEST = 254
LONGEST_LOCAL = 64
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]++"
# No two hyphens together: such a label may be an A-label, or pretend to be one.
_LABEL = r"[A-Za-z0-9]++(?>(?:-[A-Za-z0-9]++)*)"
_RESERVED = r"(?i:arpa|invalid|local|localhost|onion|test)"
# What email-validator surely takes of plain ASCII and leaves as it is, its own key when lowered, if
# it is no longer than a local part may be: no part of it is too long then (RFC 5321 4.5.3.1, RFC
# 1035 2.3.4). Whatever stands after it must be no letter of an address.
PLAIN = (
    rf"{_ATOM}(?>(?:\.{_ATOM})*)@(?>(?:{_LABEL}\.)+)(?!{_RESERVED}(?![A-Za-z]))[A-Za-z]{{2,63}}+"
)
_PLAIN = re.compile(PLAIN)
# Domains of which one person's mailbox has several names.
_SAME_MAILBOX = {
    "googlemail.com": "gmail.com",
    "mac.com": "icloud.com",
    "me.com": "icloud.com",
    "pm.me": "proton.me",
    "protonmail.ch": "proton.me",
    "protonmail.com": "proton.me",
    "ya.ru": "yandex.com",
    "yandex.by": "yandex.com",
    "yandex.kz": "yandex.com",
    "yandex.ru": "yandex.com",
}
_DOTLESS = ("gmail.com",)


@dataclass(frozen=True, slots=True)
class Address:
    """An address as typed (`email`) and its `key`, unique for one mailbox."""

    email: str
    key: str


def parse(typed: str, *, smtputf8: bool = False) -> Address:
    """Read one address; raises AddressRefused with the reason.

    The key is the local part in NFC and lowered, `@`, and the domain's A-label (IDNA 2008).
    No case folding, no dots or plus tags taken out: those are other people's mailboxes.
    `smtputf8` takes letters beyond ASCII before the `@` too (RFC 6531), which few servers do.
    """
    typed = typed.strip(" \t")
    if len(typed) <= LONGEST_LOCAL and _PLAIN.fullmatch(typed):
        return Address(typed, typed.lower())
    return _judged(typed, smtputf8)


def key_of(typed: str) -> str:
    """Return the key by which an address is looked for, taken or not; raises AddressRefused."""
    return parse(typed, smtputf8=True).key


def piece_of(typed: str) -> str:
    """Return a piece of an address as keys spell it; a domain after an `@` only when it is whole."""
    spelled = unicodedata.normalize("NFC", typed).lower()
    local, at, domain = spelled.rpartition("@")
    if not at or domain.isascii():
        return spelled
    try:
        return local + parse_domain(domain)
    except AddressRefused:
        return spelled


def mailbox_of(key: str) -> str:
    """Return what the spellings of one mailbox share: no plus tag, one domain, at Gmail no dots.

    Only for limits (RULES S-2): two people may share it where a plus is a letter like others.
    """
    local, _, domain = key.rpartition("@")
    domain = _SAME_MAILBOX.get(domain, domain)
    local = local.partition("+")[0] or local
    return f"{local.replace('.', '') if domain in _DOTLESS else local}@{domain}"


def parse_domain(typed: str) -> str:
    """Return the key in which all addresses of a domain end: `@` and its A-label."""
    address = parse(f"x{typed if typed.startswith('@') else '@' + typed}")
    return address.key[1:]


def _judged(typed: str, smtputf8: bool) -> Address:
    if not typed:
        raise AddressRefused("there is no address")
    try:
        judged = validate_email(typed, check_deliverability=False, allow_smtputf8=True, strict=True)
    except EmailNotValidError as error:
        raise AddressRefused(f"{_shown(typed)}: {error}") from None
    if judged.ascii_email is None and not smtputf8:
        raise AddressRefused(
            f"{_shown(typed)}: its part before the @ needs SMTPUTF8, which few servers take"
        )
    local = unicodedata.normalize("NFC", judged.local_part).lower()
    return Address(judged.normalized, f"{local}@{judged.ascii_domain}")


def _shown(typed: str) -> str:
    printable = "".join(char if char.isprintable() else "\ufffd" for char in typed[:81])
    return printable if len(typed) <= 80 else printable[:79] + "…"
