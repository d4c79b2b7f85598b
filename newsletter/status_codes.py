"""Whose fault a refused mail is, by its status code and its words (RFC 3463, RULES WH-9)."""

import re

from newsletter.message import Cause

_ENHANCED = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?!\.?\d)")
_BASIC = re.compile(r"^\s*([45])\d\d\b")
# Nobody has this address: RFC 3463 §3.2, RFC 7505 (null MX), RFC 5321 §4.2.2.
_DEAD = frozenset({"5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
# Words, where the code says little. What names the sender or the content is no fault of the person.
_BLOCKED = re.compile(
    r"spam|block(?:ed|list)|blacklist|black list|reputation|policy|unsolicited|dmarc|dkim|\bspf\b|"
    r"authenticat|\brbl\b|spamhaus|barracuda|rate limit|too many|throttl|greylist|content|virus|"
    r"tls|relay(?! recipient)|access denied|not accepted|banned|prohibited|listed (?:on|in|by|at)",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"user unknown|unknown user|no such (?:user|recipient|address|mailbox)|unknown (?:recipient|mailbox)|"
    r"does(?: not|n't) exist|invalid (?:recipient|mailbox|address|user)|"
    r"(?:recipient|address|mailbox|user)[^.]{0,40}(?:not found|unknown|invalid)|"
    r"no mailbox (?:here )?by that name|does(?: not|n't) have an? \S+ account|account (?:has been |is )?(?:disabled|inactive|closed)|"
    r"domain (?:not found|does not)|host (?:unknown|not found)",
    re.IGNORECASE,
)
# Microsoft 365 of whom its directory does not hold, and of all while it holds nobody yet
# (Directory-Based Edge Blocking): no policy, and not enough to call an address dead at once.
_UNLISTED = re.compile(r"recipient address rejected: access denied", re.IGNORECASE)
_FULL = re.compile(
    r"full(?![a-z])|quota|over limit|exceeded[^.]{0,30}(?:storage|size|limit)|insufficient (?:system )?storage",
    re.IGNORECASE,
)
# Whose address it was says nothing of why: ada@spamwatch.example may be unknown like anybody.
_ADDRESS = re.compile(r"[^\s<>()\[\]\"',;:]{1,64}@[^\s<>()\[\]\"',;:]{1,255}")


def cause_of(status: str, words: str = "") -> Cause:
    """Return whose fault a refusal is: its enhanced status first, its words where that is vague."""
    words = unnamed(words, "")
    code = enhanced(status) or enhanced(words)
    subject = code[2:].partition(".")[0]
    if subject == "7" or code.startswith("5.3") or code in ("5.6.0", "5.6.7", "5.4.6"):
        return Cause.BLOCK
    if code == "5.4.1" and _UNLISTED.search(words):
        return Cause.UNCLEAR
    if code in _DEAD and not _BLOCKED.search(words):
        return Cause.MAILBOX if _FULL.search(words) else Cause.ADDRESS
    if subject == "2":
        return Cause.MAILBOX
    return _by_words(code or status or words, words)


def unnamed(words: str, instead: str = "…") -> str:
    """Return the words of a server with something else in the place of each address."""
    return _ADDRESS.sub(instead, words) if "@" in words else words


def enhanced(text: str) -> str:
    """Return the first enhanced status code of a text, empty without one."""
    found = _ENHANCED.search(text)
    return found[0] if found else ""


def is_permanent(status: str) -> bool:
    """Say whether a status, enhanced or of three digits, means never again (5)."""
    code = enhanced(status)
    found = _BASIC.match(status)
    return code.startswith("5") or (not code and bool(found and found[1] == "5"))


def _by_words(status: str, words: str) -> Cause:
    if _FULL.search(words):
        return Cause.MAILBOX
    if _BLOCKED.search(words):
        return Cause.BLOCK
    if _NOBODY.search(words) and not status.lstrip().startswith("4"):
        return Cause.ADDRESS
    return Cause.UNCLEAR
