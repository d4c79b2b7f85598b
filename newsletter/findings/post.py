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
        "expired",
        Severity.WARNING,
        "The post has expired",
        "Its front matter names a last day that is over: the site shows it no more, and the "
        "read-online link leads nowhere.",
        "Mend `expiryDate:`, or send another post.",
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
        "The `newsletter:` table cannot be used",
        "It is no table, or an entry in it is unknown or no text; the rest of it counts.",
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
        "address-unknown",
        Severity.INFO,
        "The post's own address is not known",
        "The site's is, but not where its generator publishes this post: its slug is spelled from "
        "another script, or the file is none of the site's pages.",
        "Write its slug into the front matter, in Latin letters, or put the file where the "
        "site's pages are.",
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
        "Write the sentence so that it needs no name, or switch ours on: `merge_fields: true` below `newsletter:`.",
    ),
    Kind(
        "merge-field-bare",
        Severity.ERROR,
        "A merge field says nothing to who gave no name",
        "Many people subscribe with an address alone.",
        "Say what stands there for them: `{name|there}`.",
    ),
    Kind(
        "merge-field-unknown",
        Severity.ERROR,
        "There is no such merge field",
        "Readers would see it as it is written.",
        "Write one of `{name|there}`, `{first_name|there}` and `{email}`; or write it as code.",
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
