"""Tags of a site's generator, and merge fields of other services, that readers would see."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape

from newsletter.findings import Finding
from newsletter.message import MERGE_FIELDS, Mailbox, Masthead, RenderedEmail
from newsletter.preflight.checked import Checked
from newsletter.preflight.written import CODE, Piece
from newsletter.render.merging import switched_on
from newsletter.slots import Hole, cut

# What has no end within 300 characters is a line of words: a search costs no more than its text.
MACHINERY = re.compile(
    r"""
    \{\{[^{}\n]*\}\}                                   # Hugo, Liquid, Jinja, Vue
  | \{\{[<%] | [>%]\}\}                                # a shortcode that nobody closed
  | \{%-?\s*\w[^\n]{0,300}?%\} | \{%-?\s*\w+           # Liquid, Jinja, Nunjucks
  | <%[=#-]?[^\n]{0,300}?%>                            # ERB, EJS
  | ^:{3,}[ \t]*(?:\{[^}\n]*\}|\w[\w-]*|$)             # fenced divs, admonitions
  | ^(?:!!!|\?\?\?\+?|===)[ \t]+["\w][^\n]*            # MkDocs
  | \{:[^}\n]*\} | \{[.#][\w-]+[^}\n]*\}               # attribute lists
  | \{/\*.{0,300}?\*/\}                                      # a comment in MDX
  | ^import[ ][\w{*][^\n]*\bfrom\b[^\n]* | ^export[ ](?:const|default|function)\b[^\n]*
  | \{[a-z]\w*(?:\.\w+)+\}                             # an expression in MDX
  | \{(?:filename|static|attach|index)\}               # Pelican
  | \{[a-z][\w:-]*\}(?=CODE)                           # a role in MyST
  | \[@[\w:-]{1,80}[^\]\n]{0,300}\] | (?<!\w)@(?:fig|tbl|sec|eq|lst)-[\w-]+   # Quarto
  | ^\[(?:TOC|toc)\]$ | \[\[_?(?:toc|TOC)_?\]\]
  | !?\[\[[^\W\d_][^\[\]\n]{0,300}\]\] | %%[^%\n]{1,300}%%          # Obsidian
  | ^::[\w-]+(?:\[[^\]\n]*\])?\{[^}\n]*\}                  # directives of remark
  | \[(?:audio|caption|embed|gallery|playlist|video|youtube)[ ]\w+=[^\]\n]{0,300}\]
  | \[/(?:audio|caption|embed|gallery|playlist|video)\]     # WordPress
  | ^\.\.[ ](?:title|slug|date|tags|category|link|description|type):[^\n]*   # Nikola
  | \$\$ | \\(?:begin|end|ref|cite|label)\{[^}\n]*\}   # maths
    """.replace("CODE", CODE),
    re.MULTILINE | re.VERBOSE,
)
NAMED = (
    r"(?:(?:first|last|full|user|given|recipient|subscriber|contact)[ _.-]?)?name"
    r"|fname|lname|e-?mail(?:[ _.-]?address)?|(?:recipient|subscriber|contact|user)\.\w+"
)
MERGE_FIELD = re.compile(
    rf"\{{{{?\s*\$?(?:{NAMED})\s*(?:\|[^{{}}\n]*)?\}}?\}}"
    r"|\*?\|(?:FNAME|LNAME|EMAIL|UNSUB|MERGE\d+|[A-Z]+:[A-Z_]+)\|\*?"
    rf"|%%?(?:{NAMED})%%?|<<\s*(?:{NAMED})\s*>>|\[(?:{NAMED})\]",
    re.IGNORECASE,
)
OURS = re.compile(r"\{([\w.-]+)(\|[^{}\n]*)?\}")
ANY_FIELD = re.compile(
    rf"{MERGE_FIELD.pattern}|\{{\w[\w.-]*\|[^{{}}|\n]{{1,100}}\}}", re.IGNORECASE
)
# Without a List, only the post itself can switch them on.
NO_LIST = Masthead("", "", Mailbox(""))
SET_IN = re.compile(r"^(?: {4}|\t).*", re.MULTILINE)
NOTE_MARK = re.compile(r"\[\^[^\]\s]+\]")
NO_LINK = re.compile(r"\[[^\]\[\n]{0,300}\]\([^)\n]{0,300}\)?")


def check_machinery(checked: Checked) -> Iterator[Finding]:
    """Find what a generator would have replaced and a reader would read, each kind once."""
    for found, place in _found(checked, MACHINERY, *_own(checked)):
        if not MERGE_FIELD.fullmatch(found):
            told = f"Readers would see {_short(found)}"
            yield checked.finding("machinery", told, line=place.line, path=place.path)


def check_merge_fields(checked: Checked) -> Iterator[Finding]:
    """Find what looks like a merge field and is none, so that it would be mailed as it is."""
    is_on = switched_on(checked.digest, checked.masthead or NO_LIST)
    filled = _filled(checked.email)
    pattern = ANY_FIELD if is_on else MERGE_FIELD
    for found, place in _found(checked, pattern, *_own(checked)):
        if found not in filled:
            code, said = _judged(found, is_on=is_on)
            told = f"{_short(found)} {said}"
            yield checked.finding(code, told, line=place.line, path=place.path)


def _filled(email: RenderedEmail) -> set[str]:
    """Return the fields that are filled in for each reader, as their author wrote them."""
    said = (email.personal_subject, email.text, unescape(email.html))
    holes = {part for text in said for part in cut(text) if isinstance(part, Hole)}
    return {f"{{{name}|{fallback}}}" if fallback else f"{{{name}}}" for name, fallback in holes}


def _judged(found: str, *, is_on: bool) -> tuple[str, str]:
    """Return the code of a field that is not filled in, and what is wrong with it."""
    written = OURS.fullmatch(found) if is_on else None
    if written is None or (written[1] in MERGE_FIELDS and written[2]):
        return "merge-field", "is filled in for nobody: readers would see it."
    if written[1] in MERGE_FIELDS:
        return "merge-field-bare", "says nothing to a reader who gave no name."
    return "merge-field-unknown", f"is none of {', '.join(MERGE_FIELDS)}."


def check_markup(checked: Checked) -> Iterator[Finding]:
    """Find Markdown that did not become what it was meant for: marks of notes, links."""
    for found, place in _found(checked, NOTE_MARK):
        told = f"There is no note for {_short(found)}"
        yield checked.finding("note-missing", told, line=place.line)
    for found, place in _found(checked, NO_LINK):
        told = f"{_short(found)} did not become a link."
        yield checked.finding("link-malformed", told, line=place.line)


def _own(checked: Checked) -> tuple[Piece, ...]:
    """Return the text beside the post without its code: the lines that are set in."""
    own = checked.text_file
    return () if own is None else (replace(own, text=SET_IN.sub(CODE, own.text)),)


def _found(checked: Checked, pattern: re.Pattern[str], *more: Piece) -> Iterator[tuple[str, Piece]]:
    """Yield each match once, as a piece that says where it stands."""
    seen: set[str] = set()
    email = checked.email
    heads = Piece(email.subject, 1), Piece(email.preheader, 1)
    for piece in (*heads, *checked.written.words, *more):
        for match in pattern.finditer(piece.text):
            if match[0] not in seen:
                seen.add(match[0])
                yield match[0], replace(piece, line=_line(piece, match.start()))


def _line(piece: Piece, at: int) -> int | None:
    return None if piece.line is None else piece.line + piece.text.count("\n", 0, at)


def _short(found: str) -> str:
    return found if len(found) <= 60 else found[:59] + "…"
