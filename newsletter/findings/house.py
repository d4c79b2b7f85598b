"""What `newsletter doctor` finds in a house."""

from newsletter.findings.kind import Kind, Severity

HOUSE = (
    Kind(
        "template-broken",
        Severity.ERROR,
        "A template of your own cannot be used",
        "Letters are made of it, so nobody could confirm or leave by a fresh link.",
        "Mend it at the place that is named, or take it out of the folder.",
    ),
    Kind(
        "templates",
        Severity.INFO,
        "There are templates of your own",
        "They stand for ours of the same name.",
        "Nothing to do.",
    ),
    Kind(
        "no-list",
        Severity.WARNING,
        "There is no list yet",
        "Nobody can subscribe, and nothing can be sent.",
        "newsletter lists add",
    ),
    Kind(
        "provider-away",
        Severity.ERROR,
        "The provider cannot be used",
        "What is scheduled waits until the provider answers again.",
        "Look at the provider's settings, its account and the network.",
    ),
    Kind(
        "provider-answers",
        Severity.INFO,
        "The provider answers",
        "The credentials are right and mail can be handed over.",
        "Nothing to do.",
    ),
    Kind(
        "public-url-http",
        Severity.ERROR,
        "Our links would not be encrypted",
        "Mail programs take the one-click unsubscribe only at an https address (RFC 8058).",
        "Set PUBLIC_URL to the https address of `newsletter serve`.",
    ),
    Kind(
        "public-url-local",
        Severity.INFO,
        "Our links lead to this machine",
        "That is enough for the outbox; smtp and sendgrid want an https address.",
        "Set PUBLIC_URL to the https address of `newsletter serve` before real mail leaves.",
    ),
    Kind(
        "no-worker",
        Severity.WARNING,
        "No worker is alive",
        "What is scheduled waits until somebody sends it.",
        "newsletter worker, newsletter serve, or send --wait",
    ),
    Kind(
        "inbox-away",
        Severity.ERROR,
        "The inbox cannot be read",
        "Bounces, complaints and goodbyes that come by mail wait there, unheard.",
        "Look at INBOX_URL, the account and the network; docs/how-to/bounce-mailbox.md.",
    ),
    Kind(
        "inbox-answers",
        Severity.INFO,
        "The inbox can be read",
        "The worker looks through it every minute.",
        "Nothing to do.",
    ),
    Kind(
        "bounces-unheard",
        Severity.WARNING,
        "Bounces and complaints are not heard",
        "A mail server reports them by mail. Without an inbox dead addresses and those who complained "
        "are mailed again and again.",
        "Set INBOX_URL and INBOX_ADDRESS; docs/bounces-and-complaints.md says what follows.",
    ),
    Kind(
        "events-unheard",
        Severity.WARNING,
        "SendGrid's events are not heard",
        "No report is taken without a key: what was delivered is not known, what is in doubt stays "
        "so, and bounces and complaints are heard once a day, from SendGrid's own lists.",
        "Turn the signed Event Webhook on, to PUBLIC_URL/webhooks/sendgrid, and set "
        "SENDGRID_WEBHOOK_KEYS.",
    ),
    Kind(
        "events-unread",
        Severity.WARNING,
        "Posts of events could not be read",
        "What the provider told in them is in no figure, and nobody was suppressed for it. They are "
        "kept for 90 days.",
        "Tell us the reason that is named; the posts stand in the table `event_post`.",
    ),
    Kind(
        "events-unknown",
        Severity.INFO,
        "There are reports of kinds that nobody knows here",
        "They are kept as long as others and counted here; nothing follows from them, and they are "
        "in no figure of an issue.",
        "Nothing to do; a newer version may know what they say.",
    ),
    Kind(
        "python-email",
        Severity.INFO,
        "This Python's email package has a known fault",
        "CVE-2024-6923 lets a line break into a header; our composer does not fold with it.",
        "Python 3.12.5 or newer has the fix.",
    ),
    Kind(
        "database",
        Severity.INFO,
        "The database is up to date",
        "Its schema is the one that this version needs.",
        "Nothing to do.",
    ),
    Kind(
        "pooler",
        Severity.INFO,
        "PostgreSQL is reached through a pooler",
        "A pooler such as PgBouncer gives each transaction to another server's connection: nothing "
        "prepared in one is there in the next, and nobody can be woken through it.",
        "Nothing to do; a fleet finds its work a little sooner with the server's own address.",
    ),
)
