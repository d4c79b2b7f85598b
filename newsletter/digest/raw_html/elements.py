"""Which elements of HTML are what to a mail; an element in none of these is as if it were not there.

Names as in https://html.spec.whatwg.org/multipage/indices.html#elements-3
"""

# Part paragraphs and are nothing else to a mail.
GROUPING = frozenset(
    [
        "address",
        "article",
        "body",
        "center",
        "dialog",
        "div",
        "fieldset",
        "footer",
        "form",
        "head",
        "header",
        "hgroup",
        "html",
        "legend",
        "main",
        "nav",
        "optgroup",
        "option",
        "p",
        "search",
        "section",
    ]
)
HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
# Their words stand for the whole of the element around them.
TITLES = frozenset(["caption", "figcaption", "summary"])
LISTS = frozenset(["dir", "menu", "ol", "ul"])
BLOCKS = (
    GROUPING
    | HEADINGS
    | TITLES
    | LISTS
    | frozenset(
        [
            "aside",
            "blockquote",
            "dd",
            "details",
            "dl",
            "dt",
            "figure",
            "li",
            "table",
            "tbody",
            "td",
            "tfoot",
            "th",
            "thead",
            "tr",
        ]
    )
)
# What is kept of the elements inside a line. `b` and `i` say as much as `strong` and `em`.
INLINE = frozenset(
    [
        "a",
        "abbr",
        "cite",
        "code",
        "del",
        "dfn",
        "ins",
        "kbd",
        "mark",
        "q",
        "s",
        "samp",
        "small",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
    ]
)
SAME = {"b": "strong", "i": "em", "strike": "s", "strong": "strong", "em": "em"}
# Hold something other than words of the post: they are shown as a link, if at all.
FOREIGN = frozenset(
    [
        "applet",
        "audio",
        "canvas",
        "embed",
        "iframe",
        "math",
        "noembed",
        "noframes",
        "object",
        "script",
        "select",
        "style",
        "svg",
        "template",
        "textarea",
        "title",
        "video",
    ]
)
# Have no closing tag.
VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
# Where one of the second column is not open, the element is none.
PARENTS = {
    "caption": frozenset(("table",)),
    "dd": frozenset(("dl",)),
    "dt": frozenset(("dl",)),
    "figcaption": frozenset(("figure",)),
    "li": LISTS,
    "summary": frozenset(("details",)),
    **dict.fromkeys(("tbody", "td", "tfoot", "th", "thead", "tr"), frozenset(("table",))),
}
# What holds the blocks in a list.
ITEMS = {**dict.fromkeys(LISTS, "li"), "dl": "dd"}
# What an opening tag closes: the outermost of these that is open in its parent.
SECTIONS = ("caption", "thead", "tbody", "tfoot", "tr")
IMPLIED = {
    "li": frozenset(("li",)),
    **dict.fromkeys(("dd", "dt"), frozenset(("dd", "dt"))),
    **dict.fromkeys(("td", "th"), frozenset(("td", "th", "caption"))),
    "tr": frozenset(("tr", "caption")),
    **dict.fromkeys(("thead", "tbody", "tfoot"), frozenset(SECTIONS)),
}
