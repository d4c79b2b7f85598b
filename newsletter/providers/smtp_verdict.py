"""What a mail server's reply means: for one recipient, or for all of us."""

import re

from newsletter.errors import ProviderError, ProviderRefused, ProviderUnavailable
from newsletter.message import SendResult, SendStatus
from newsletter.providers.smtp_wire import Reply

WAIT = "wait, then go on"
# Refusals of us and not of a recipient: a login is wanted, or we may not relay here.
_LOGIN = frozenset({530, 534, 535, 538})
_RELAY = re.compile(r"\brelay", re.IGNORECASE)
# Our allowance (as large providers use X.4.5), the server's room and rest, and its patience with
# us (RFC 3463). RFC 5321's 452 is "insufficient system storage", or too much in one session.
_OURS = re.compile(r"[45]\.4\.5|[45]\.3\.[12]|4\.7\.0|4\.5\.3")
# About this address and nobody else: addressing and mailbox status, letters beyond ASCII.
_THEIRS = re.compile(r"[45]\.[12]\.|5\.6\.7")
_OF_AN_ADDRESS = frozenset({550, 551, 552, 553})
_QUEUED = re.compile(r"queued as (\S+)|\bid=(\S+)", re.IGNORECASE)


def judge(reply: Reply) -> SendResult:
    """Return the result of the recipient whom a reply is about.

    Raises ProviderError for a reply that is about us: nobody is to bounce for a quota, a policy
    of the moment, a full disk or a login.
    """
    if reply.kind == 2:
        found = _QUEUED.search(reply.text)
        queued = (found[1] or found[2]).rstrip(".,;)") if found else ""
        return SendResult(SendStatus.SUBMITTED, str(reply), queued)
    is_full = reply.code == 452 and not reply.enhanced
    if is_full or reply.ends_session or _OURS.fullmatch(reply.enhanced):
        raise ProviderUnavailable(f"the mail server takes no more now: {reply}", WAIT)
    # A relay may know its people too: "user unknown in relay recipient table" is 5.1.1.
    is_theirs = _THEIRS.match(reply.enhanced)
    may_not = reply.kind == 5 and not is_theirs and _RELAY.search(reply.text)
    if reply.code in _LOGIN or may_not:
        raise ProviderRefused(
            f"the mail server refuses us: {reply}", "look at user and password in SMTP_URL"
        )
    if reply.stage == "MAIL":
        raise _of_everybody(reply)
    return SendResult(SendStatus.FAILED if reply.kind == 5 else SendStatus.LATER, str(reply))


def is_suspect(reply: Reply) -> bool:
    """Return whether a refusal may be about us after all, as a blocked address of ours is.

    One such reply condemns its recipient; so many in a row condemn nobody.
    """
    if reply.kind == 2:
        return False
    if reply.enhanced:
        return _THEIRS.match(reply.enhanced) is None
    return reply.code not in _OF_AN_ADDRESS


def condemned(reply: Reply) -> ProviderError:
    """Return what a long row of suspects means."""
    why = f"the mail server refuses one recipient after the other: {reply}"
    if reply.kind == 4:
        return ProviderUnavailable(why, WAIT)
    return ProviderRefused(why, "look at the reply: it is about us, not about the recipients")


def _of_everybody(reply: Reply) -> ProviderError:
    if reply.kind == 4:
        return ProviderUnavailable(f"the mail server takes no mail now: {reply}", WAIT)
    return ProviderRefused(
        f"the mail server refuses our sender or the email: {reply}",
        "send from an address it lets you use, or make the email smaller",
    )
