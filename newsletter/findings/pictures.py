"""What is found while pictures are made fit for mail."""

from newsletter.findings.kind import Kind, Severity

MADE_FIT = (
    Kind(
        "picture-drawn",
        Severity.INFO,
        "An SVG was drawn with letters of this machine",
        "Words in a drawing look as the fonts here make them, not as on your screen.",
        "Look at it, or turn its words into outlines.",
    ),
    Kind(
        "picture-still",
        Severity.WARNING,
        "An animation is shown as a still",
        "In 200 KB it cannot move, so its first frame is shown.",
        "Make it shorter or smaller.",
    ),
    Kind(
        "picture-format",
        Severity.WARNING,
        "A picture stays at the site in a format that some inboxes do not show",
        "Outlook for Windows shows no WebP and no AVIF, and a file at the site is not rewritten.",
        "Put a PNG or JPEG there, or the file beside the post and NEWSLETTER_IMAGES=service.",
    ),
    Kind(
        "picture-heavy",
        Severity.WARNING,
        "A picture stays at the site and is heavy",
        "It has over 1 MB, which readers on a phone pay for.",
        "Make it smaller there, or NEWSLETTER_IMAGES=service.",
    ),
    Kind(
        "pictures-heavy",
        Severity.WARNING,
        "The embedded pictures are heavy",
        "With NEWSLETTER_IMAGES=embed every single mail carries them, here over 1 MB.",
        "Show fewer, or serve them: NEWSLETTER_IMAGES=service.",
    ),
    Kind(
        "pictures-too-heavy",
        Severity.ERROR,
        "The embedded pictures are too heavy",
        "Over 7 MB of pictures make a mail of 10 MB, which many servers refuse.",
        "Show fewer, or serve them: NEWSLETTER_IMAGES=service.",
    ),
)
