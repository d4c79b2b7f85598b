"""What machines may find in an email, with the reason why it is meant so."""

# Rules of html-validate that contradict email, or that judge an author's words.
RULES = {
    "no-conditional-comment": "Outlook for Windows is laid out with nothing else",
    "no-inline-style": "Gmail's apps keep little else of a message's looks",
    "no-deprecated-attr": "Outlook for Windows reads widths, colours and places from attributes",
    "prefer-native-element": "webmail drops main, header and footer; roles stay",
    "long-title": "the title is the author's",
    "no-trailing-whitespace": "code is kept as it was written",
}

# Rules of SpamAssassin that judge where an author's links lead, or in which script they write.
SPAM_RULES = {
    "GOOGLE_DOC_SUSP": "the author links a form at Google's",
    "PDS_OTHER_BAD_TLD": "the author links a site under .online, .top and the like",
    "HTML_OBFUSCATE_05_10": "Chinese has no blanks, so every bold word stands in the middle of one",
}

# Mail programs that are asked about, as caniemail names them: a family, and where it runs. Left
# out are those of which it knows a few features only, and Windows Mail, which is no more.
CLIENTS = (
    "aol.android",
    "aol.desktop-webmail",
    "aol.ios",
    "apple-mail.ios",
    "apple-mail.macos",
    "fastmail.desktop-webmail",
    "gmail.android",
    "gmail.desktop-webmail",
    "gmail.ios",
    "gmail.mobile-webmail",
    "gmx.desktop-webmail",
    "hey.desktop-webmail",
    "mail-ru.desktop-webmail",
    "outlook.android",
    "outlook.ios",
    "outlook.macos",
    "outlook.outlook-com",
    "outlook.windows",
    "protonmail.android",
    "protonmail.desktop-webmail",
    "protonmail.ios",
    "samsung-email.android",
    "thunderbird.macos",
    "yahoo.android",
    "yahoo.desktop-webmail",
    "yahoo.ios",
)
FAMILIES = tuple(dict.fromkeys(client.partition(".")[0] for client in CLIENTS))

# Of what is as old as HTML in mail, nobody asked some programs: an email without it is hard to find.
AS_OLD_AS_MAIL = frozenset(
    {
        "<code> element",
        "<hr> element",
        "<img> element",
        "<pre> element",
        "border-collapse",
        "cellpadding attribute",
        "cellspacing attribute",
        "font-size",
        "height attribute",
        "width attribute",
    }
)

# What we use although programs lack it, or nobody asked them, and what their readers see instead.
DEGRADES = {
    "!important keyword": "our style sheet loses to the inline styles, which are whole by themselves",
    "<abbr> element": "what it stands for is told in brackets where it stands first",
    "<body> element": "its colours and language stand on the div inside it as well",
    "<style> element": "no dark colours, no phone layout; inline styles make one readable column",
    "@media": "no dark colours, no phone layout; inline styles make one readable column",
    "Attribute selector": "only Outlook's dark mode and dark colours are chosen by attributes",
    "Chaining selectors": "used for small things in the dark and on phones",
    "Child combinator": "used for small things in the dark and on phones",
    "Class selector": "as with <style>: inline styles are whole by themselves",
    "Descendant combinator": "as with <style>: inline styles are whole by themselves",
    "ID selector": "as with <style>: MJML resets Outlook.com with one",
    "Type selector": "as with <style>: inline styles are whole by themselves",
    "Local anchors": "a link within the message does nothing; what it leads to is in the message",
    "aspect-ratio": "a picture whose file is away keeps no height, which is what is wanted",
    "border-radius": "corners are square",
    "color-scheme CSS property": "the program chooses colours as it does for any mail",
    "color-scheme meta tag": "the program chooses colours as it does for any mail",
    "dir attribute": "left to right is the default, and align attributes say the other",
    "display:none": "the preheader shows as the first line, in small letters",
    "height attribute": "the style of a picture says that it follows from the width",
    "height property": "heights follow from what is in the box",
    "lang attribute": "the reader's own language is assumed",
    "max-height property": "the preheader has display:none as well",
    "outline": "a link in focus looks as the program draws it",
    "overflow": "the preheader has display:none as well",
    "overflow-wrap": "a long word breaks by word-break, or the column grows",
    "role attribute": "a layout table is read out as a table",
    "target attribute": "links open as the program opens links",
    "text-decoration": "links look as the program draws links",
    "text-wrap": "headings break where the line is full",
    "webP image format": "a picture that was left at its site shows its words",
    "white-space": "code keeps its line breaks by <pre>, and does not wrap",
    "width attribute": "styles say it of pictures; a cell is as wide as what is in it",
    "word-break": "a long word makes the column grow",
    "word-wrap": "code does not wrap",
}

# For each program, which of those.
_COLOURS = "color-scheme CSS property|color-scheme meta tag"
_SHEET = (
    "Attribute selector|Chaining selectors|Child combinator|Class selector|Descendant combinator"
    "|ID selector|Type selector"
)
_WRAP = "overflow-wrap|text-wrap"
_GMAIL = f"{_COLOURS}|aspect-ratio|target attribute|{_WRAP}"
_OUTLOOK = f"{_COLOURS}|aspect-ratio|{_WRAP}"
_PROTON = "<body> element|color-scheme meta tag|overflow-wrap|target attribute|word-wrap"
_YAHOO = f"{_GMAIL}|<abbr> element|height property|word-break"
_AOL = f"{_YAHOO}|word-wrap"
_LACKS = {
    "aol.android": f"{_AOL}|<body> element|Local anchors",
    "aol.desktop-webmail": _AOL,
    "aol.ios": f"{_AOL}|<body> element",
    "apple-mail.ios": "color-scheme meta tag",
    "fastmail.desktop-webmail": (
        f"<body> element|{_COLOURS}|aspect-ratio|target attribute|{_WRAP}|word-wrap"
    ),
    "gmail.android": _GMAIL,
    "gmail.desktop-webmail": _GMAIL,
    "gmail.ios": f"{_GMAIL}|Local anchors|word-wrap",
    "gmail.mobile-webmail": f"<style> element|@media|{_SHEET}|{_GMAIL}|display:none|word-wrap",
    "gmx.desktop-webmail": (
        f"!important keyword|<style> element|Attribute selector|Child combinator|Type selector"
        f"|border-radius|dir attribute|lang attribute|role attribute|{_GMAIL}|word-break|word-wrap"
    ),
    "hey.desktop-webmail": (
        f"<abbr> element|Local anchors|height attribute|lang attribute|role attribute"
        f"|width attribute|{_COLOURS}|target attribute|{_WRAP}|word-wrap"
    ),
    "mail-ru.desktop-webmail": (
        f"<abbr> element|<body> element|{_COLOURS}|target attribute|word-wrap"
    ),
    "outlook.android": f"{_OUTLOOK}|word-wrap",
    "outlook.ios": _OUTLOOK,
    "outlook.macos": f"<body> element|{_OUTLOOK}|word-wrap",
    "outlook.outlook-com": f"{_OUTLOOK}|Chaining selectors|target attribute",
    "outlook.windows": (
        f"<abbr> element|@media|Attribute selector|Chaining selectors|Child combinator|border-radius"
        f"|{_OUTLOOK}"
        "|max-height property|outline|overflow|white-space|word-wrap|webP image format"
    ),
    "protonmail.android": (
        f"<abbr> element|Attribute selector|Local anchors|color-scheme CSS property|{_PROTON}"
    ),
    "protonmail.desktop-webmail": f"{_SHEET}|{_PROTON}",
    "protonmail.ios": (
        f"{_SHEET}|Local anchors|color-scheme CSS property|text-decoration|{_PROTON}"
    ),
    "samsung-email.android": (
        "aspect-ratio|color-scheme meta tag|white-space|Local anchors|word-wrap"
    ),
    "thunderbird.macos": f"@media|aspect-ratio|{_WRAP}|word-wrap",
    "yahoo.android": f"{_YAHOO}|<body> element|Local anchors|word-wrap",
    "yahoo.desktop-webmail": _YAHOO,
    "yahoo.ios": f"{_YAHOO}|<body> element|Local anchors|word-wrap",
}
ALLOWED = {client: frozenset(_LACKS.get(client, "").split("|")) - {""} for client in CLIENTS}
