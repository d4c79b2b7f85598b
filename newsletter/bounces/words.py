"""Bounces in nobody's format: told by who writes them, and read by their words."""

import logging
import re
from importlib import import_module
from typing import Any

from newsletter.bounces.mail import DEFECTS, Mail
from newsletter.status_codes import enhanced

# Where a copy of what was sent begins: its words are ours and say nothing of its fate.
_COPY = re.compile(
    r"^[ >\t]*(?:-{2,}|_{3,}|={3,}|received:|return-path:|message-id:|subject:|reporting-mta:)"
    r"|^.*(?:copy of (?:the|your) (?:message|mail)|original message|message headers follow)",
    re.IGNORECASE | re.MULTILINE,
)
_FROM_SERVERS = re.compile(
    r"\b(?:mailer-?daemon|mail-?daemon|postmaster|mdaemon|mailerdaemon|bounces?-?handler|"
    r"mail delivery (?:sub)?system)\b",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"\bdelayed\b|not yet (?:been )?delivered|(?:will|to) (?:continue|keep) (?:to )?try|"
    r"warning:? (?:message|could not send)|still (?:being )?(?:trying|retried)|temporary (?:problem|failure)"
    r"[^.]*will be (?:re)?tried|do not need to resend|no action is required",
    re.IGNORECASE,
)
_FAILED = re.compile(
    r"(?:could|can)(?:not| not|n't) be delivered|undeliver|delivery (?:has )?failed|failure notice|"
    r"permanent (?:error|failure)|returned mail|returning (?:your )?mail|unable to deliver|"
    r"wasn't able to deliver|not delivered|rejected|failed permanently",
    re.IGNORECASE,
)
_TEXTS = ("text/plain", "text/html")
LONGEST = 3_000


def said(mail: Mail) -> str:
    """Return what a mail says before a copy of another begins, on one line."""
    for part in mail.of_kind(*_TEXTS):
        begun = part.text.lstrip()
        # A rule in the first lines is an ornament, and no copy has begun.
        copied = _COPY.search(begun, min(len(begun), 200))
        words = " ".join(begun[: copied.start() if copied else LONGEST][:LONGEST].split())
        if words:
            return words
    return ""


def is_from_a_server(mail: Mail) -> bool:
    """Say whether a mail server wrote this, and no person and no person's answering machine."""
    senders = f"{mail.first('from')} {mail.first('return-path')}"
    return bool(_FROM_SERVERS.search(senders)) or "x-failed-recipients" in mail.headers


def is_bounce(mail: Mail, raw: bytes) -> bool:
    """Say whether a mail tells of one that failed or waits, in whatever words."""
    if is_from_a_server(mail):
        told = said(mail)
        words = f"{mail.subject} {told}"
        # The words of other tongues are not known; the code says it in all of them.
        has_failed = _FAILED.search(words) or enhanced(told).startswith("5")
        return bool(has_failed or _LATER.search(words)) or _detected(raw)
    return _detected(raw)


def waits(mail: Mail) -> bool:
    """Say whether a bounce says that delivery is still tried."""
    subject = mail.subject
    # "Undeliverable: The bridge is delayed": behind the first word it is the subject of ours.
    told = said(mail) if _FAILED.match(subject) else f"{subject} {said(mail)}"
    return bool(_LATER.search(told))


def _detected(raw: bytes) -> bool:
    """Ask flufl.bounce, where it is installed, whether this is one of the many formats it knows."""
    from email import message_from_bytes

    # It prints a traceback for each of its detectors that a mail breaks.
    logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)
    try:
        scan: Any = import_module("flufl.bounce").all_failures
    except ModuleNotFoundError:
        return False
    try:
        temporary, permanent = scan(message_from_bytes(raw))
    except DEFECTS:
        return False
    return bool(temporary or permanent)
