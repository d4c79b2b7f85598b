"""A test as it really arrived: whether it was signed, and the way out with it (RFC 8058 §4)."""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from email.utils import parseaddr

from newsletter.findings import Finding
from newsletter.sender_domains.dkim_record import tags
from newsletter.sender_domains.dmarc import is_aligned

WAY_OUT = ("list-unsubscribe", "list-unsubscribe-post")
# What the receiving server judged; `;` stands between the methods (RFC 8601).
_FAILED = re.compile(
    r"\b(spf|dkim|dmarc)\s*=\s*(?:fail|softfail|permerror|temperror|none)\b", re.IGNORECASE
)


def check_received(raw: bytes) -> Iterator[Finding]:
    """Yield what is wrong with a mail of ours that was saved with all its headers.

    The verdicts are those of its uppermost Authentication-Results, which the reader's own server
    wrote; whoever saved the file answers for it.
    """
    mail = message_from_bytes(raw)
    sender = parseaddr(str(mail.get("From", "")))[1].rpartition("@")[2].lower()
    if not sender:
        yield Finding("received-unread", "the file is no mail with a From")
        return
    found = [*_signatures(mail, sender), *_verdicts(mail)]
    yield from found
    if not found:
        yield Finding("received-fine", f"the mail is signed for {sender}, and its way out too")


def _signatures(mail: Message, sender: str) -> Iterator[Finding]:
    signatures = [tags(str(value)) for value in mail.get_all("DKIM-Signature", ())]
    own = [one for one in signatures if is_aligned(one.get("d", "").lower(), sender)]
    if not own:
        by = ", ".join(sorted(one.get("d", "?") for one in signatures)) or "nobody"
        yield Finding("received-unsigned", f"the mail is from {sender} and signed by {by}")
        return
    missing = [
        name
        for name in WAY_OUT
        if not any(name in one.get("h", "").lower().split(":") for one in own)
    ]
    if missing:
        yield Finding("received-unsigned", f"the signature leaves out {' and '.join(missing)}")


def _verdicts(mail: Message) -> Iterator[Finding]:
    failed = {one.lower() for one in _FAILED.findall(str(mail.get("Authentication-Results", "")))}
    if failed:
        yield Finding("received-failed", f"the server that took it says no to {_listed(failed)}")


def _listed(names: set[str]) -> str:
    return " and ".join(sorted(name.upper() for name in names))
