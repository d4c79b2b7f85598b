"""Tags of a site's generator, and merge fields of other services, that readers would see."""

import re
from collections.abc import Iterator
from dataclasses import replace

from newsletter.findings import Finding
from newsletter.preflight.checked import Checked
from newsletter.preflight.written import CODE, Piece

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
    """Find what looks like a merge field: there are none yet, so it would be mailed as it is."""
    for found, place in _found(checked, MERGE_FIELD, *_own(checked)):
        yield checked.finding(
            "merge-field",
            f"{_short(found)} is filled in for nobody: readers would see it.",
            line=place.line,
            path=place.path,
        )


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
