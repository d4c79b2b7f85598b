"""What is found in a post's pictures, and while they are made fit for mail."""

from newsletter.findings.kind import Kind, Severity

PICTURES = (
    Kind(
        "picture-missing",
        Severity.WARNING,
        "A picture's file is not there",
        "It is left at the site where the site is known, else left out.",
        "Put it beside the post, or take the line out.",
    ),
    Kind(
        "picture-outside",
        Severity.WARNING,
        "A picture lies outside of the post's folder",
        "It is not read: a post must not mail files of the machine it is sent from.",
        "Put it beside the post.",
    ),
    Kind(
        "picture-refused",
        Severity.WARNING,
        "A picture is neither a file nor a web address",
        "Mail programs show no `data:` pictures.",
        "Save it beside the post and name the file.",
    ),
    Kind(
        "picture-svg",
        Severity.WARNING,
        "A picture is an SVG",
        "Mail programs show none, so it is left out.",
        "Install broadsheet[svg], which draws it, or export it as PNG, twice as wide as shown.",
    ),
    Kind(
        "picture-unreadable",
        Severity.WARNING,
        "A picture cannot be read",
        "Its file is broken or of a format that is not known, so it is left out.",
        "Save it anew as PNG or JPEG.",
    ),
    Kind(
        "picture-huge",
        Severity.WARNING,
        "A picture has too many pixels",
        "Over 25 million are not decoded, so it is left out.",
        "Shrink it to about 1,200 pixels wide.",
    ),
    Kind(
        "picture-twice",
        Severity.WARNING,
        "A picture is shown more than once",
        "A reader takes the second one for a mistake.",
        "Take one out, or show another picture.",
    ),
    Kind(
        "no-alt",
        Severity.WARNING,
        "A picture has no alternative text",
        "Whoever sees no pictures, by choice or not, learns nothing of it (WCAG 2.1, 1.1.1).",
        'Write what it shows, as in `![Turbines in the morning]`; `![""]` says that it only decorates.',
    ),
)

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
