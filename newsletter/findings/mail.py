"""What a check finds in the email itself, in its first line, and in the List it is for."""

from newsletter.findings.kind import Kind, Severity

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
        "Filters and readers take capitals and rows of marks for shouting.",
        "Write it as a sentence, with one mark at its end.",
    ),
    Kind(
        "no-description",
        Severity.INFO,
        "The preheader was written from the text",
        "The line that an inbox shows beside the subject comes from the description.",
        "Set `description:` in the front matter to choose the words yourself.",
    ),
    Kind(
        "subject-reply",
        Severity.WARNING,
        "The subject pretends to be an answer",
        "Filters and readers take it for a trick.",
        "Take the Re: or Fwd: out.",
    ),
    Kind(
        "preheader-repeats",
        Severity.WARNING,
        "The preheader repeats the subject",
        "An inbox shows both beside each other, so one of them is wasted.",
        "Write a `description:` that says what else is inside.",
    ),
)

MAIL = (
    Kind(
        "text-wide",
        Severity.INFO,
        "A line of your own text is wide",
        "`index.txt` is mailed line by line; a line of over 78 columns breaks where nobody chose.",
        "Break it yourself, before column 72.",
    ),
    Kind(
        "text-link-missing",
        Severity.WARNING,
        "Your own text lacks links of the post",
        "`index.txt` takes the place of the text part, so who reads text alone never sees them.",
        "Add the links, or delete the file: the text part is then written from the post.",
    ),
    Kind(
        "layout-unknown",
        Severity.WARNING,
        "There is no layout of that name",
        "The list's own is used.",
        "Write `layout: digest` or `layout: letter`.",
    ),
    Kind(
        "clipped",
        Severity.ERROR,
        "Gmail would cut the email",
        "It cuts at 102,400 bytes of HTML and hides what follows, the goodbye link among it.",
        "Shorten the digest, or let --fit leave the long stories to be read online.",
    ),
    Kind(
        "story-shortened",
        Severity.WARNING,
        "Some of the post is left to be read online",
        "With --fit the HTML shows a link in place of stories, or of the end of a post without any; "
        "the text part has all of it.",
        "Shorten the digest, or take --fit away and see what Gmail cuts.",
    ),
    Kind(
        "fit-nowhere",
        Severity.WARNING,
        "Nothing can be left to be read online",
        "The address of the post at its site is not known.",
        "Set NEWSLETTER_SITE_URL.",
    ),
    Kind(
        "nearly-clipped",
        Severity.WARNING,
        "The email is nearly too large for Gmail",
        "It has over 90,000 bytes of HTML, and Gmail cuts at 102,400.",
        "Shorten the digest a little.",
    ),
    Kind(
        "spam",
        Severity.ERROR,
        "SpamAssassin takes the email for spam",
        "It scores 5 or more without asking the network; many servers refuse such mail.",
        "Look at the rules that it names; shouting and too few words beside pictures are the usual ones.",
    ),
    Kind(
        "nearly-spam",
        Severity.WARNING,
        "SpamAssassin nearly takes the email for spam",
        "It scores more than 2 without asking the network.",
        "Look at the rules that it names.",
    ),
    Kind(
        "spam-unchecked",
        Severity.INFO,
        "SpamAssassin gave no score",
        "It is installed and did not answer in time, or not with a score.",
        "Run `spamassassin -D -L` by hand on the email.eml that `newsletter render` writes.",
    ),
    Kind(
        "no-unsubscribe",
        Severity.ERROR,
        "The email has no link to leave by",
        "The law and every large mailbox provider ask for one in every mail.",
        'Put it back into the template: {{ slot("unsubscribe") }}',
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
        Severity.ERROR,
        "The list names no privacy notice",
        "Readers want to know what is kept of them, and the law asks for it in many places.",
        "newsletter lists edit SLUG --privacy-url https://…",
    ),
    Kind(
        "provider-counts-nothing",
        Severity.ERROR,
        "The provider cannot count clicks and opens",
        "The list leaves them to its provider, and only SendGrid counts any: an issue would wait.",
        "Set PROVIDER=sendgrid, or newsletter lists edit SLUG --counted-by own",
    ),
    Kind(
        "accent-faint",
        Severity.INFO,
        "The list's colour cannot be read as text",
        "Links are drawn in the nearest shade that can be read (a contrast of 4.5, WCAG 2.1, 1.4.3).",
        "Choose a darker accent if the shade is not yours: newsletter lists edit SLUG --accent …",
    ),
    Kind(
        "contrast-low",
        Severity.WARNING,
        "A colour of the design is hard to read",
        "Words want a contrast of 4.5 on their ground (WCAG 2.1, 1.4.3).",
        "Mend it in templates/email/tokens.toml.",
    ),
    Kind(
        "letter-tracked",
        Severity.ERROR,
        "A letter holds more than its one link",
        "A confirmation holds no promotion, no pixel and no counted link: it asks somebody who has not agreed yet.",
        "Take it out of the letter's template.",
    ),
)
