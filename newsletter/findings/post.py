"""What reading a post finds, and what a check finds in what its author wrote."""

from newsletter.findings.kind import Kind, Severity

POST = (
    Kind(
        "draft",
        Severity.ERROR,
        "The post is a draft",
        "The front matter says `draft: true`, so the site does not show it either.",
        "Take `draft: true` out of its front matter, or send with --allow draft.",
    ),
    Kind(
        "not-published",
        Severity.WARNING,
        "The site makes no page of the post",
        "It is headless, or its front matter says that it is not rendered, so the read-online link "
        "would lead nowhere.",
        "Take that out of its front matter, if the post is meant to be read on the site.",
    ),
    Kind(
        "date-in-future",
        Severity.WARNING,
        "The post is dated in the future",
        "Many sites hide such a post, and the read-online link would lead nowhere.",
        "Publish it first, or mend `date:`.",
    ),
    Kind(
        "date-unread",
        Severity.WARNING,
        "The date cannot be read",
        "The email shows no date, and the post counts as undated.",
        "Write it as 2026-11-05 or 2026-11-05T09:00:00+01:00.",
    ),
    Kind(
        "options-unread",
        Severity.WARNING,
        "`newsletter:` is no table",
        "Nothing of it is used.",
        "Write it as `newsletter:` and below it, indented, `subject: …`.",
    ),
    Kind(
        "site-unread",
        Severity.WARNING,
        "The site's configuration cannot be read",
        "The post's own address is not known, so relative links lead nowhere.",
        "Mend the file, or set NEWSLETTER_SITE_URL.",
    ),
    Kind(
        "shortcode",
        Severity.WARNING,
        "A shortcode is not understood",
        "It was left out; what stood between its tags stays.",
        "Write it as Markdown, or look whether the issue reads well without it.",
    ),
    Kind(
        "computed",
        Severity.WARNING,
        "Something is computed only when the site is built",
        "No code of a post is run here; a link to the site stands in its place where it can.",
        "Write the value or the picture into the post, or look whether the issue reads well.",
    ),
    Kind(
        "citation",
        Severity.INFO,
        "A citation is shown by its key",
        "Bibliographies are not read.",
        "Write the source as a footnote if readers need it.",
    ),
    Kind(
        "site-only",
        Severity.INFO,
        "Something belongs to the site only",
        "A table of contents, a form or a script does nothing in a mail, so it is left out.",
        "Nothing to do.",
    ),
    Kind(
        "machinery",
        Severity.WARNING,
        "Readers would see a template's machinery",
        "Something in the text looks like a tag that the site's generator would have replaced.",
        "If it is an example, write it as code; else write as Markdown what it stands for.",
    ),
    Kind(
        "merge-field",
        Severity.WARNING,
        "A merge field would be mailed as it is",
        "It looks like a place where another service puts a reader's name; here nobody fills it in.",
        "Write the sentence so that it needs no name.",
    ),
    Kind(
        "tag-unsupported",
        Severity.WARNING,
        "HTML that mail programs lack",
        "The tag is left out of the mail; the words inside it stay.",
        "Say it in words, or link to the page where it works.",
    ),
    Kind(
        "style-unsupported",
        Severity.INFO,
        "Styles that mail programs lack",
        "The mail has the looks of its own template, so the page's styles are left out.",
        "Look whether the issue reads well without them.",
    ),
)

FOREIGN = (
    Kind(
        "embed",
        Severity.INFO,
        "A film, a sound or a frame stands as a link",
        "No mail program plays or frames what is elsewhere.",
        "Look whether the link says what is behind it; a `title` on the frame is its words.",
    ),
    Kind(
        "script",
        Severity.WARNING,
        "A script runs in no mail",
        "What it writes into the page is not there; a link to the post stands in its place.",
        "Say in words what it shows, or link to it.",
    ),
)

SOURCES = (
    Kind(
        "sources-by-position",
        Severity.INFO,
        "Notes were given to stories by their order",
        "Nothing refers to a note and there are as many as stories: note N went to story N.",
        "Look at the pairs; write [^1] in a story to say that note 1 is its source.",
    ),
    Kind(
        "sources-unassigned",
        Severity.WARNING,
        "Notes belong to no story",
        "No story refers to them, so they stand as a list at the end.",
        "Write the mark in the story that it is a source of.",
    ),
    Kind(
        "note-twice",
        Severity.WARNING,
        "Two notes share a number",
        "The first one counts, as on the site.",
        "Give the second one a number of its own.",
    ),
    Kind(
        "sources-matched",
        Severity.INFO,
        "Which note went to which story",
        "Each note belongs to the story that refers to it; the finding lists the pairs.",
        "Look whether each pair is meant.",
    ),
    Kind(
        "source-odd",
        Severity.WARNING,
        "A source may belong to another story",
        "No word of its label resembles its address or the heading of its story.",
        "Look whether the mark and the link are the right ones; write the name of the source as its label.",
    ),
    Kind(
        "note-missing",
        Severity.WARNING,
        "A mark refers to no note",
        "Readers would see the mark as it is written.",
        "Write the note, or take the mark out.",
    ),
)

LINKS = (
    Kind(
        "link-relative",
        Severity.WARNING,
        "A link leads nowhere from an inbox",
        "Its words stay, its address is gone, because the site's address is not known.",
        "Write the whole address, or set NEWSLETTER_SITE_URL.",
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
