"""Everything that makes plain Markdown of a Quarto or R Markdown post, in order."""

import re

from newsletter.digest.code_spans import Hidden
from newsletter.digest.dialects.dialect import Lifted, Page
from newsletter.digest.dialects.includes import included
from newsletter.digest.dialects.lines import added, composed, settled
from newsletter.digest.dialects.quarto.chunks import lift_chunks
from newsletter.digest.dialects.quarto.dashed_tables import lift_dashed_tables
from newsletter.digest.dialects.quarto.divs import lift_divs
from newsletter.digest.dialects.quarto.examples import lift_examples
from newsletter.digest.dialects.quarto.grids import lift_grids
from newsletter.digest.dialects.quarto.inline import lift_lines, lift_raw, lift_small, run_code
from newsletter.digest.dialects.quarto.numbers import read_numbers
from newsletter.digest.dialects.quarto.pictures import lift_attributes
from newsletter.digest.dialects.quarto.references import References
from newsletter.digest.dialects.quarto.shortcodes import lift_shortcodes
from newsletter.digest.dialects.unknown import Unknown

INCLUDE = re.compile(r"^[ \t]*\{\{<[ \t]*include[ \t]+([^\s<>{}]{1,300})[ \t]*>\}\}[ \t]*$", re.M)
LARGEST = 200_000
MOST_FILES = 50


def lift_quarto(body: str, page: Page) -> Lifted:
    """Return a body without machinery, and what could not be kept."""
    whole = _with_includes(body, page)
    whole = composed(whole, settled(lift_dashed_tables(lift_grids(whole.text))))
    return composed(whole, _lift(whole.text, page))


def _lift(body: str, page: Page) -> Lifted:
    unknown = Unknown()
    language = page.metadata.language or str(page.site.settings.get("lang", ""))
    numbers = read_numbers(body, language)
    references = References(page, numbers, unknown)
    hidden = Hidden(lift_chunks(body, page, numbers, unknown))
    text = lift_divs(lift_raw(hidden), numbers)
    text = lift_shortcodes(lift_examples(text), page, unknown)
    text = lift_attributes(lift_lines(text, numbers), numbers)
    text = lift_small(references.lift(text))
    text = hidden.shown(text, run_code(page, unknown))
    return settled(text, (*unknown.findings(page.path), *references.findings()))


def _with_includes(body: str, page: Page) -> Lifted:
    """Return the body with other files in the place of `{{< include _x.qmd >}}`."""
    left = LARGEST
    known: dict[str, str | None] = {}

    def include(tag: re.Match[str]) -> str:
        nonlocal left
        if tag[1] not in known:
            known[tag[1]] = included(page, tag[1]) if len(known) < MOST_FILES else None
        text = known[tag[1]]
        if text is None or len(text) > left:
            return tag[0]
        left -= len(text)
        return added(text)

    return settled(INCLUDE.sub(include, body) if "include" in body else body)
