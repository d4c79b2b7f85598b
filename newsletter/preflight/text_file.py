"""The text that an author wrote beside a post: it is mailed as it is, so it is looked at as it is."""

from collections.abc import Iterator

from newsletter.findings import Finding
from newsletter.preflight.checked import Checked
from newsletter.preflight.links import text_links
from newsletter.render.wrapping import width

# What a line of a mail should not exceed (RFC 5322 §2.1.1).
WIDEST = 78
MOST_NAMED = 3


def check_text_file(checked: Checked) -> Iterator[Finding]:
    """Find lines too wide for a mail, and links of the post that its own text lacks.

    Its addresses, and machinery left in it, are found with those of the post.
    """
    own = checked.text_file
    if own is None:
        return
    for number, line in enumerate(own.text.split("\n"), 1):
        # An address, or code that is set in, is as wide as it is.
        if width(line) > WIDEST and " " in line.strip() and not line.startswith(("    ", "\t")):
            told = f"The line has {width(line)} columns."
            yield checked.finding("text-wide", told, line=number, path=own.path)
    there = {link.text.rstrip("/") for link in text_links(own)}
    lost = [link.url for link in checked.email.links if link.url.rstrip("/") not in there]
    if lost:
        named = ", ".join(lost[:MOST_NAMED]) + (" and others" if len(lost) > MOST_NAMED else "")
        told = f"{len(lost)} links of the post are not in its text: {named}."
        yield checked.finding("text-link-missing", told, path=own.path)
