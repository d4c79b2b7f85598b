"""What `newsletter doctor` finds of the domains that lists send from, and of a test that arrived."""

from newsletter.findings.kind import Kind, Severity

DOMAIN = (
    Kind(
        "spf-missing",
        Severity.ERROR,
        "No SPF record says who may send",
        "Gmail and Yahoo refuse or hide mail to many people from a domain without one.",
        "Publish the TXT record that your mail server or provider names, such as `v=spf1 mx -all`.",
    ),
    Kind(
        "spf-broken",
        Severity.ERROR,
        "The SPF record cannot be used",
        "Receivers treat a record that is wrong, or takes more than ten lookups, as a failure.",
        "Keep one record, without +all, and take out the includes that nobody sends by.",
    ),
    Kind(
        "dkim-missing",
        Severity.ERROR,
        "No DKIM key is published",
        "Signatures that nobody can check are worth nothing.",
        "Publish the key: docs/how-to/dkim.md, or SendGrid's Sender Authentication.",
    ),
    Kind(
        "dkim-broken",
        Severity.ERROR,
        "The DKIM key that is published does not fit",
        "Every signature fails, and with DMARC the mail is refused or hidden.",
        "Publish the public half of the key that signs: docs/how-to/dkim.md.",
    ),
    Kind(
        "dkim-short",
        Severity.WARNING,
        "The DKIM key is short",
        "Keys of 1024 bits are still taken; 2048 are advised (RFC 8301).",
        "Make a key of 2048 bits under another selector: docs/how-to/dkim.md.",
    ),
    Kind(
        "dmarc-missing",
        Severity.ERROR,
        "The domain has no DMARC record",
        "Gmail and Yahoo ask for one from whoever mails many.",
        'Publish TXT "v=DMARC1; p=none" at _dmarc.DOMAIN to begin with.',
    ),
    Kind(
        "domain-deaf",
        Severity.ERROR,
        "Nobody can answer the sender",
        "Servers hold it against mail when its From takes none; readers write to it too.",
        "Give the domain an MX record, or the list a sender whose domain has one.",
    ),
    Kind(
        "dns-away",
        Severity.WARNING,
        "The sender's domain could not be looked up",
        "Whether SPF, DKIM and DMARC are there is not known.",
        "Ask again where name servers can be reached: newsletter doctor",
    ),
    Kind(
        "domain-fine",
        Severity.INFO,
        "The sender's domain is in order",
        "SPF, DKIM and DMARC are what receivers want.",
        "Nothing to do; docs/how-to/sender-domain.md tells how to look at a test that arrived.",
    ),
    Kind(
        "received-unsigned",
        Severity.ERROR,
        "The test arrived without the signature it needs",
        "Mail programs show their unsubscribe button only where both headers are signed (RFC 8058), "
        "and DMARC wants the signer's domain to be that of From.",
        "docs/how-to/dkim.md; let your server sign list-unsubscribe and list-unsubscribe-post.",
    ),
    Kind(
        "received-failed",
        Severity.ERROR,
        "The server that took the test did not believe it",
        "Its other readers will not get the issue, or in the spam.",
        "Mend what `newsletter doctor` says of the domain, and send the test again.",
    ),
    Kind(
        "received-unread",
        Severity.ERROR,
        "The file is no mail",
        "Nothing can be said of it.",
        "Save the test with all its headers, as .eml (“show original”).",
    ),
    Kind(
        "received-fine",
        Severity.INFO,
        "The test arrived as it should",
        "It is signed for its sender's domain, and both headers of one-click leaving with it.",
        "Nothing to do.",
    ),
)
