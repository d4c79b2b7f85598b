"""The generic path: whatever still looks like a generator's machinery is taken out and named.

What a dialect left, or what stands in a post of no known generator: template tags, `:::` boxes,
components, modules, chunks. Plain prose has braces, colons and angle brackets of its own.
"""

import re
from dataclasses import replace

from newsletter.digest.code_spans import Hidden
from newsletter.digest.dialects.dialect import Lifted, Page
from newsletter.digest.dialects.kramdown.markdown_in_html import without_markdown_attributes
from newsletter.digest.dialects.lines import composed, is_alone, line_numbers, lines_of, settled
from newsletter.digest.dialects.mdx.lifting import lift_boxes, lift_components
from newsletter.digest.dialects.mdx.modules import lift_modules
from newsletter.digest.dialects.outputs import output_value
from newsletter.digest.dialects.quarto.chunks import lift_chunks
from newsletter.digest.dialects.quarto.divs import lift_divs
from newsletter.digest.dialects.quarto.numbers import Numbers
from newsletter.digest.dialects.unknown import Unknown, online
from newsletter.digest.dialects.wiki_links import lift_wiki_links
from newsletter.digest.dialects.written import words

# Mathematics, whose braces are its own; then output, tags and comments of Liquid, Nunjucks, Tera,
# Twig, Jinja, Handlebars and Vue.
TAG = re.compile(
    r"(?P<maths>\$\$.{1,2000}?\$\$|\$[^\s$](?:[^$\n]{0,400}[^\s$])?\$)"
    r"|\{\{(?![<%])(?P<output>[^{}\n]{1,400})\}\}|\{%[^%\n]{1,400}%\}|\{#[^#\n]{0,400}#\}",
    re.DOTALL,
)
NAME = re.compile(r"[{%#\s-]*([\w./-]{1,40})")
CONTENTS = re.compile(r"^[ \t]*(?:\[\[_?toc_?\]\]|\[toc\])[ \t]*$", re.MULTILINE | re.IGNORECASE)
MARKED = re.compile(r"<[a-z][^<>]{0,400}\smarkdown\b", re.IGNORECASE)
COMPONENT = re.compile(r"<[A-Z]")
# What a chunk looks like, whichever generator the file is for: Hugo reads R Markdown too.
CHUNKS = (".rmd", ".qmd")


def lift_rest(body: str, page: Page) -> Lifted:
    """Return a body without machinery, and a finding for each kind of it; code stays.

    A tag alone on its line becomes a link to the post; one within a sentence goes.
    """
    parted = _with_markdown_in_html(body)
    body = parted.text
    unknown = Unknown()
    if page.path.suffix.lower() in CHUNKS:
        body = lift_chunks(body, page, Numbers({}, {}), unknown)
    hidden = Hidden(body)
    text, modules = lift_modules(hidden.text, exports=False)
    text = lift_divs(text, Numbers({}, {})) if "{" in text else text
    text = _without_tags(_without_contents(text, unknown), page, unknown)
    text, lost = lift_wiki_links(text, page, unknown)
    lifted = settled(text, lost)
    if COMPONENT.search(text):
        lifted = composed(
            lifted,
            lift_components(lifted.text, hidden, modules.names, page, braces=False, html=False),
        )
    if ":::" in text:
        lifted = lift_boxes(lifted, page)
    findings = (*lifted.findings, *unknown.findings(page.path))
    return composed(parted, replace(lifted, text=hidden.shown(lifted.text), findings=findings))


def _with_markdown_in_html(body: str) -> Lifted:
    """Return the body with the Markdown that an attribute `markdown` says to be in its HTML."""
    if not MARKED.search(body):
        return Lifted(body)
    lines = without_markdown_attributes(lines_of(Lifted(body)))
    return Lifted("\n".join(line.text for line in lines), (), tuple(line.number for line in lines))


def _without_contents(text: str, unknown: Unknown) -> str:
    if "toc]" not in text.lower():
        return text
    line = line_numbers(text)
    for mark in CONTENTS.finditer(text):
        unknown.leave(mark[0].strip(), line(mark.start()))
    return CONTENTS.sub("", text)


def _without_tags(text: str, page: Page, unknown: Unknown) -> str:
    if not any(sign in text for sign in ("{{", "{%", "{#")):
        return text
    line = line_numbers(text)

    def lift(tag: re.Match[str]) -> str:
        if tag["maths"]:
            return tag[0]
        if tag[0].startswith("{#"):
            # `{#id}` is the anchor of a heading.
            return tag[0] if not tag[0].endswith("#}") else ""
        value = output_value(tag["output"], page) if tag["output"] else None
        if value is not None:
            return words(value)
        name = NAME.match(tag[0])
        unknown.add(name[1] if name else tag[0][:40], line(tag.start()))
        shown = tag["output"] and is_alone(text, tag.start(), tag.end())
        return online(page) if shown else ""

    return TAG.sub(lift, text)
