"""What `newsletter roundup` says of the posts of a folder."""

from newsletter.findings.kind import Kind, Severity

ROUNDUP = (
    Kind(
        "roundup-unread",
        Severity.ERROR,
        "A post cannot be read",
        "The roundup is written without it, and the command ends with exit code 1.",
        "Mend the post at that place, and run the command again with --force.",
    ),
    Kind(
        "roundup-no-address",
        Severity.WARNING,
        "A post's address is not known",
        "It is named without a link.",
        "Set NEWSLETTER_SITE_URL, or name the generator with --dialect.",
    ),
    Kind(
        "roundup-left-out",
        Severity.INFO,
        "A post is left out of a roundup",
        "It is a draft, has no date or one to come, is in another language, or is not Markdown.",
        "Nothing to do, when that is what you meant.",
    ),
)
