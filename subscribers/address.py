"""One address, two forms: as typed for sending, and the key that makes two spellings one."""

import re
import unicodedata
from dataclasses import dataclass

from email_validator import EmailNotValidError, EmailSyntaxError, validate_email

from subscribers.errors import AddressRefused

LONGEST = 254
# What email-validator accepts of plain ASCII and leaves as it is: it judges everything else.
_PLAIN = re.compile(
    r"(?P<local>[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*)"
    r"@(?P<domain>(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63})"
)
_RESERVED = (".local", ".localhost", ".invalid", ".test", ".arpa")


@dataclass(frozen=True, slots=True)
class Address:
    """An address as typed (`email`) and its `key`, unique for one mailbox."""

    email: str
    key: str


def parse(typed: str) -> Address:
    """Read one address; raises AddressRefused with the reason.

    The key is the local part in NFC and lowered, `@`, and the domain's A-label (IDNA 2008).
    No case folding, no dots or plus tags taken out: those are other people's mailboxes.
    """
    typed = typed.strip(" \t")
    plain = _PLAIN.fullmatch(typed)
    if plain and _surely_fine(plain["local"], plain["domain"], len(typed)):
        return Address(typed, typed.lower())
    return _judged(typed)


def _surely_fine(local: str, domain: str, length: int) -> bool:
    lowered = domain.lower()
    return (
        length <= LONGEST
        and len(local) <= 64
        and "--" not in lowered
        and not lowered.endswith(_RESERVED)
        and not lowered.startswith("xn--")
    )


def _judged(typed: str) -> Address:
    try:
        judged = validate_email(
            typed, check_deliverability=False, allow_smtputf8=True, test_environment=True
        )
    except (EmailSyntaxError, EmailNotValidError) as error:
        raise AddressRefused(f"{_shown(typed)}: {error}") from None
    if not judged.ascii_email:
        raise AddressRefused(
            f"{_shown(typed)}: its part before the @ needs SMTPUTF8, which few servers take"
        )
    if judged.ascii_domain.endswith((".localhost", ".invalid", ".arpa", ".local")):
        raise AddressRefused(f"{_shown(typed)}: no mail can reach that domain")
    local = unicodedata.normalize("NFC", judged.local_part).lower()
    return Address(judged.normalized, f"{local}@{judged.ascii_domain}")


def _shown(typed: str) -> str:
    printable = "".join(char if char.isprintable() else "\ufffd" for char in typed)
    return printable if len(printable) <= 80 else printable[:77] + "…"
