"""Who may send for a domain: its SPF record, read as a receiver reads it (RFC 7208)."""

import re
from collections.abc import Callable

MOST_LOOKUPS = 10  # RFC 7208 §4.6.4
_VERSION = re.compile(r"v=spf1(?: |$)", re.IGNORECASE)
_ASKS = re.compile(r"[+?~-]?(include:|a(?=[:/]|$)|mx(?=[:/]|$)|ptr(?=:|$)|exists:)", re.IGNORECASE)
_FURTHER = re.compile(r"(?:[+?~-]?include:|redirect=)([^\s/]+)", re.IGNORECASE)
_EVERYBODY = re.compile(r"\+?all", re.IGNORECASE)
Texts = Callable[[str], list[str]]


def spf_records(domain: str, texts: Texts) -> list[str]:
    """Return the SPF records of a domain, of which there may be one."""
    return [text for text in texts(domain) if _VERSION.match(text)]


def spf_fault(domain: str, texts: Texts) -> str:
    """Return what is wrong with the SPF record that a domain has, empty for a sound one."""
    lookups = 0

    def walk(name: str, *, is_first: bool) -> str:
        nonlocal lookups
        records = spf_records(name, texts)
        if len(records) != 1:
            return f"{name} has {len(records)} SPF records where one is wanted"
        for term in records[0].split()[1:]:
            if is_first and _EVERYBODY.fullmatch(term):
                return "it lets every machine of the world send for you (+all)"
            further = _FURTHER.match(term)
            lookups += bool(_ASKS.match(term) or further)
            if lookups > MOST_LOOKUPS:
                return f"it takes more than {MOST_LOOKUPS} lookups, so receivers do not read it"
            # With a macro in it the name depends on each mail.
            if further and "%" not in further[1]:
                fault = walk(further[1].rstrip("."), is_first=False)
                if fault:
                    return fault
        return ""

    return walk(domain, is_first=True)
