"""From a filled MJML template to the HTML of a mail: the order of the steps matters."""

import re
from typing import Any

from markupsafe import Markup, escape

from newsletter.render.blocks import Blocks
from newsletter.render.inline import inline
from newsletter.render.layout import Layout
from newsletter.render.mjml import compile_mjml
from newsletter.render.preheader import padded
from newsletter.render.prune import prune
from newsletter.render.squeeze import squeeze

PREHEADER = '<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">'
_PADDING = "zzpaddingzz"
_HIDDEN = re.compile(rf'(mso-hide:all">[^<]*){_PADDING}</div>')


def page(
    template: str, layout: Layout, blocks: Blocks, *, title: str, preheader: str, **values: Any
) -> str:
    """Return the finished HTML of an MJML template.

    `blocks` holds what mrml must not see; `title` goes into the head, `values` are the
    template's own: no author's words, which might hold a block key. Raises RenderError.
    """
    hidden = Markup("{}{}{}</div>").format(Markup(PREHEADER), preheader, _PADDING)  # noqa: S704
    source = layout.fill(
        template,
        **values,
        language=layout.words.language,
        title=blocks.hold(escape(title)),
        hold=blocks.hold,
        styles=blocks.hold(layout.design.styles),
        preheader_block=blocks.hold(hidden),
    )
    html = blocks.put_back(compile_mjml(source, template=template))
    html = prune(squeeze(inline(html, layout.design.content)))
    # Last: lxml would turn the entities into characters that nobody can see in a diff.
    return _HIDDEN.sub(lambda match: f"{match[1]}{padded(preheader)}</div>", html, count=1)
