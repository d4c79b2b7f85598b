"""A line of front matter without the markup that some write into it: a title, a description.

Sites differ in whether they read it as Markdown, as HTML or as it is; nobody means the marks
themselves to be read in the subject of a mail.
"""

import html
import re

# Tags that set words off; `Vec<T>` is words.
TAG = re.compile(
    r"</?(?:a|abbr|b|big|cite|code|del|em|font|i|ins|kbd|mark|q|s|small|span|strong|sub|sup|tt|u"
    r"|wbr)\b[^<>]{0,400}>",
    re.IGNORECASE,
)
BREAK = re.compile(r"<(?:br|p|/p)\b[^<>]{0,40}>", re.IGNORECASE)
LINKED = re.compile(r"!?\[([^\[\]]+)\]\([^()\s]*(?:\s+\"[^\"]*\")?\)")
CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
# Around words only: `2*3*4`, `__init__` and `*.md` are none.
STRONG = re.compile(r"(?<![\w*\\])(\*{1,3})(?=[^\s*])([^*]*[^\s*])\1(?![\w*])")
EMPHASIS = re.compile(r"(?<![\w\\])_(?=[^\s_])([^_]*[^\s_])_(?![\w.])")
DELETED = re.compile(r"~~(?=\S)([^~]+)(?<=\S)~~")
ESCAPED = re.compile(r"\\([*_`\[\]#~\\])")
# What is longer is no line, and is looked at by nobody.
LONGEST = 2_000
MARKED = re.compile(r"[*_`\[<&\\~]")


def plain_words(text: str) -> str:
    """Return a line's words: no emphasis, code marks, links, tags or entities of HTML."""
    if not MARKED.search(text) or len(text) > LONGEST:
        return text
    text = TAG.sub("", BREAK.sub(" ", LINKED.sub(r"\1", text)))
    text = CODE.sub(r"\2", text)
    for pattern in (STRONG, DELETED):
        text = pattern.sub(lambda found: found[found.re.groups], text)
    text = ESCAPED.sub(r"\1", EMPHASIS.sub(r"\1", text))
    return " ".join(html.unescape(text).split())
