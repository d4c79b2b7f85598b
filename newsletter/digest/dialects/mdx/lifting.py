"""Everything that makes plain Markdown of MDX, in order."""

import re
from collections.abc import Mapping
from dataclasses import replace

from newsletter.digest.code_spans import Hidden
from newsletter.digest.dialects.code_marks import without_code_marks
from newsletter.digest.dialects.colons import lift_colons
from newsletter.digest.dialects.dialect import Lifted, Page
from newsletter.digest.dialects.includes import included
from newsletter.digest.dialects.lines import added, composed, settled
from newsletter.digest.dialects.mdx.modules import Modules, lift_modules
from newsletter.digest.dialects.mdx.parts import Cutter
from newsletter.digest.dialects.mdx.shows import show
from newsletter.digest.dialects.shortcodes.call import Call, Shown
from newsletter.digest.dialects.shortcodes.lifting import lift
from newsletter.digest.dialects.unknown import Unknown

PARTIAL = re.compile(r"^[ \t]*<([A-Z]\w*)[ \t]*/>[ \t]*$", re.MULTILINE)
LARGEST = 200_000


def lift_mdx(body: str, page: Page) -> Lifted:
    """Return a body without modules, expressions and components, and what could not be kept."""
    whole, modules = _with_partials(without_code_marks(body), page)
    hidden = Hidden(whole.text)
    text, more = lift_modules(hidden.text)
    # Docusaurus: an address that its own router leaves alone.
    text = text.replace("](pathname:///", "](/")
    lifted = lift_components(text, hidden, modules.names | more.names, page, braces=True)
    lifted = composed(whole, lift_boxes(lifted, page))
    return replace(lifted, text=hidden.shown(lifted.text))


def lift_components(
    text: str,
    hidden: Hidden,
    names: Mapping[str, str],
    page: Page,
    *,
    braces: bool,
    html: bool = True,
) -> Lifted:
    """Return text, whose code stays hidden, with Markdown in the place of its components.

    `braces` says that there are expressions in it, `html` that tags of HTML are JSX as well.
    """
    if "<" not in text and not (braces and "{" in text):
        return Lifted(text)
    cutter = Cutter(text, hidden, names, page, braces, html)

    def shown(call: Call) -> Shown | None:
        return show(replace(call, inner=call.inner and hidden.shown(call.inner)))

    lifted = lift(text, list(cutter.parts()), page, shown)
    return replace(lifted, findings=(*lifted.findings, *cutter.unknown.findings(page.path)))


def lift_boxes(lifted: Lifted, page: Page) -> Lifted:
    """Return what was lifted with its `:::` boxes in neutral lines."""
    unknown = Unknown()
    text = lift_colons(lifted.text, unknown.add)
    return composed(lifted, settled(text, unknown.findings(page.path)))


def _with_partials(body: str, page: Page) -> tuple[Lifted, Modules]:
    """Return the body with other posts in the place of the components they are imported as."""
    hidden = Hidden(body)
    text, modules = lift_modules(hidden.text)
    partials = {
        name: file for name, file in modules.names.items() if file.lower().endswith((".md", ".mdx"))
    }
    if not partials:
        return Lifted(body), modules
    left = LARGEST

    def include(tag: re.Match[str]) -> str:
        nonlocal left
        file = partials.get(tag[1])
        inner = included(page, re.sub(r"^@site/", "/", file)) if file else None
        if inner is None or len(inner) > left:
            return tag[0]
        left -= len(inner)
        return added(inner)

    lifted = settled(PARTIAL.sub(include, text))
    return replace(lifted, text=hidden.shown(lifted.text)), modules
