"""What a check finds in the email itself, in its first line, and in the List it is for."""

from newsletter.findings.finding import Kind, Severity

SUBJECT = (
    Kind(
        "subject-long",
        Severity.WARNING,
        "The subject is long",
        "It has over 70 characters; phones show about 40 of them.",
        "Shorten it, or set `newsletter: subject:` in the front matter.",
    ),
    Kind(
        "subject-shouts",
        Severity.WARNING,
        "The subject shouts",
        "Filters and readers take capitals for shouting.",
        "Write it as a sentence.",
    ),
    Kind(
        "no-description",
        Severity.INFO,
        "The preheader was written from the text",
        "The line that an inbox shows beside the subject comes from the description.",
        "Set `description:` in the front matter to choose the words yourself.",
    ),
)

MAIL = (
    Kind(
        "clipped",
        Severity.ERROR,
        "Gmail would cut the email",
        "It cuts at 102,400 bytes of HTML and hides what follows, the goodbye link among it.",
        "Shorten the digest, or link to the long parts.",
    ),
    Kind(
        "nearly-clipped",
        Severity.WARNING,
        "The email is nearly too large for Gmail",
        "It has over 90,000 bytes of HTML, and Gmail cuts at 102,400.",
        "Shorten the digest a little.",
    ),
)

LIST = (
    Kind(
        "no-postal-address",
        Severity.ERROR,
        "The list has no postal address",
        "The law asks for one in every mail.",
        "newsletter lists edit SLUG --postal …",
    ),
    Kind(
        "no-privacy-notice",
        Severity.WARNING,
        "The list names no privacy notice",
        "Readers want to know what is kept of them, and the law asks for it in many places.",
        "newsletter lists edit SLUG --privacy-url https://…",
    ),
)
