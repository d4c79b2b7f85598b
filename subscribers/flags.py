"""What is odd about an address, told and never held against it: a role, a mailbox for an hour."""

# RFC 2142, and the names that firms give to mailboxes which several people read.
ROLES = frozenset({
    "abuse", "accounts", "admin", "administrator", "all", "billing", "careers", "contact", "editor",
    "editors", "enquiries", "everyone", "feedback", "finance", "ftp", "hello", "help", "helpdesk",
    "hostmaster", "hr", "info", "inquiries", "it", "jobs", "legal", "list", "mail",
    "mailer-daemon", "marketing", "media", "news", "newsletter", "no-reply", "noc", "noreply",
    "office", "orders", "postmaster", "press", "privacy", "root", "sales", "security", "service",
    "staff", "subscribe", "support", "team", "unsubscribe", "usenet", "uucp", "webmaster", "www",
})  # fmt: skip
# The best known; a list of all of them would be old before it was read.
DISPOSABLE = frozenset({
    "10minutemail.com", "burnermail.io", "discard.email", "dispostable.com", "einrot.com",
    "emailondeck.com", "fakeinbox.com", "getnada.com", "grr.la", "guerrillamail.biz",
    "guerrillamail.com", "guerrillamail.info", "guerrillamail.net", "guerrillamail.org",
    "mailcatch.com", "maildrop.cc", "mailinator.com", "mailnesia.com", "mintemail.com",
    "moakt.com", "mohmal.com", "mytemp.email", "sharklasers.com", "spam4.me", "spamgourmet.com",
    "temp-mail.org", "tempmail.com", "tempr.email", "throwawaymail.com", "trash-mail.com",
    "trashmail.com", "wegwerfmail.de", "yopmail.com",
})  # fmt: skip
MEANINGS = {
    "role": "a role address: several people may read it, and none of them may have asked",
    "disposable": "a disposable address: it may be gone tomorrow",
}


def flags_of(key: str) -> tuple[str, ...]:
    """Return what is odd about an address key: words of MEANINGS."""
    local, _, domain = key.rpartition("@")
    role = local.partition("+")[0] in ROLES
    return (*(("role",) if role else ()), *(("disposable",) if domain in DISPOSABLE else ()))
