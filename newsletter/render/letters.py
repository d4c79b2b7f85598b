"""Letters: the confirmation, the welcome and the fresh link, each with one button.

A letter holds no promotion, no pixel and no counted link (RULES L-3); its one address is the
slot `letter`. Nothing a stranger may have typed stands in it: whoever signs somebody else up
would otherwise choose the words of a mail that we send.
"""

from newsletter.errors import RenderError
from newsletter.message import Masthead, RenderedEmail, slot
from newsletter.render.blocks import Blocks
from newsletter.render.page import page
from newsletter.render.renderer import address_lines
from newsletter.render.templates import fill, looks

KINDS = ("confirm", "welcome", "fresh_link")


def render_letter(kind: str, masthead: Masthead) -> RenderedEmail:
    """Return a letter of a List: `confirm`, `welcome` or `fresh_link`.

    Its only slot is `letter`; the address behind it differs for every recipient. Values that
    fill holes in the HTML are escaped by whoever fills them. Raises RenderError.
    """
    if kind not in KINDS:
        raise RenderError(f"there is no letter {kind!r}", f"it is one of {', '.join(KINDS)}")
    design = looks(masthead.accent)
    blocks = Blocks()
    values = {
        "masthead": masthead,
        "link": slot("letter"),
        "postal": address_lines(masthead),
    }
    subject, preheader, text = _text(fill(f"{kind}.txt", masthead=masthead, link=slot("letter")))
    html = page(
        f"{kind}.mjml",
        design,
        blocks,
        preheader=preheader,
        title=subject,
        language="en",
        masthead_block=blocks.hold(fill("_partials/masthead.html", masthead=masthead, online="")),
        **values,
    )
    return RenderedEmail(
        sender=masthead.sender,
        subject=subject,
        html=html,
        text=text,
        preheader=preheader,
        reply_to=masthead.reply_to,
    )


def _text(filled: str) -> tuple[str, str, str]:
    """Split a letter's text file: a line of subject, a line of preheader, an empty line, the text."""
    head, _, body = filled.partition("\n\n")
    subject, _, preheader = head.partition("\n")
    return (
        " ".join(subject.removeprefix("Subject:").split()),
        " ".join(preheader.removeprefix("Preheader:").split()),
        body + "\n",
    )
