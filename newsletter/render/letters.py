"""Letters: the confirmation, the welcome, the fresh link and their kin: one button each.

A letter holds no promotion, no pixel and no counted link (RULES L-3); its one address is the
slot `letter`. Nothing a stranger may have typed stands in it: whoever signs somebody else up
would otherwise choose the words of a mail that we send.
"""

from pathlib import Path

from newsletter.errors import RenderError
from newsletter.flowed import SIGNATURE, stuffed
from newsletter.message import Masthead, RenderedEmail
from newsletter.render.blocks import Blocks
from newsletter.render.design import looks
from newsletter.render.layout import DIGEST, Layout
from newsletter.render.page import page
from newsletter.render.renderer import address_lines
from newsletter.render.templates import template_set
from newsletter.render.wrapping import flow
from newsletter.slots import slot

KINDS = ("confirm", "welcome", "fresh_link", "new_address", "old_address", "still_want")


def render_letter(kind: str, masthead: Masthead, *, templates: Path | None = None) -> RenderedEmail:
    """Return a letter of a List in its language; its kind is one of KINDS.

    Its only slot is `letter`; the address behind it differs for every recipient. Values that
    fill holes in the HTML are escaped by whoever fills them. `templates` is a project's own
    folder. Raises RenderError.
    """
    if kind not in KINDS:
        raise RenderError(f"there is no letter {kind!r}", f"it is one of {', '.join(KINDS)}")
    own = template_set(templates)
    said = own.words(masthead.language)
    layout = Layout(DIGEST, 0, looks(masthead.accent, said.direction, own), said, own)
    values = {"masthead": masthead, "link": slot("letter")}
    subject, preheader = (
        " ".join(said.say(f"{kind}.{part}", list=masthead.name).split())
        for part in ("subject", "preheader")
    )
    blocks = Blocks()
    html = page(
        f"{kind}.mjml",
        layout,
        blocks,
        preheader=preheader,
        title=subject,
        masthead_block=blocks.hold(
            layout.fill("_partials/masthead.html", masthead=masthead, online="")
        ),
        postal=address_lines(masthead),
        **values,
    )
    filled = own.fill(f"{kind}.txt", say=said.say, **values)
    return RenderedEmail(
        sender=masthead.sender,
        subject=subject,
        html=html,
        text="\n".join(line for part in filled.split("\n") for line in _wrapped(part)) + "\n",
        preheader=preheader,
        reply_to=masthead.reply_to,
    )


def _wrapped(line: str) -> list[str]:
    """Return a line of a text template, flowed; an address, and the signature, as they are."""
    return [line] if line.startswith("<") or line == SIGNATURE else stuffed(flow(line))
