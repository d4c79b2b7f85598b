"""What is found in a post's links."""

from newsletter.findings.kind import Kind, Severity

LINKS = (
    Kind(
        "link-relative",
        Severity.WARNING,
        "A link leads nowhere from an inbox",
        "Its words stay, its address is gone: the site's address is not known, or it has no such page.",
        "Name a page that is there, write the whole address, or set NEWSLETTER_SITE_URL.",
    ),
    Kind(
        "link-undefined",
        Severity.WARNING,
        "A reference link has no address",
        "`[words][name]` is written, and no line `[name]: https://…` is; the words stay.",
        "Write the line at the end of the post, or keep the included file that has it.",
    ),
    Kind(
        "link-to-file",
        Severity.INFO,
        "A link names the file of another page",
        "The generator leaves such a link as it is unless the theme resolves it, so it may be dead "
        "on the site; in the email it leads to the page.",
        "Look whether it works on the site; Hugo's `ref` always does.",
    ),
    Kind(
        "render-hook",
        Severity.INFO,
        "The site's own template decides where links or pictures lead",
        "Such a template is not run: in the email they lead where the generator itself would lead "
        "them, which may differ from the site.",
        "Compare one of them with the site.",
    ),
    Kind(
        "link-local",
        Severity.ERROR,
        "A link leads to a private machine",
        "Only you, or your own network, can reach it.",
        "Point it at the published page.",
    ),
    Kind(
        "link-malformed",
        Severity.WARNING,
        "A link is malformed",
        "Its words stay, its address leads nowhere.",
        "Write the whole address, beginning with https://, without blanks.",
    ),
    Kind(
        "link-preview",
        Severity.WARNING,
        "A link leads to a preview",
        "The host belongs to a branch, a build or a tunnel, and will be gone before the mail is read.",
        "Point it at the published page.",
    ),
    Kind(
        "link-dead",
        Severity.WARNING,
        "A link is dead",
        "Its host does not exist, or answers 404 or 410; only `check --online` asks.",
        "Mend it, or link to a copy in an archive.",
    ),
    Kind(
        "link-unchecked",
        Severity.INFO,
        "A link could not be checked",
        "It answered with a refusal or an error, or not in time; a browser may still open it.",
        "Open it yourself once.",
    ),
)
