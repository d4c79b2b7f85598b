"""Posts written for a test, rendered as they would leave, and read back as a browser reads them."""

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib

from newsletter.digest.reader import read_post
from newsletter.message import Mailbox, Masthead
from newsletter.render.renderer import Rendering, render_issue

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = sorted((ROOT / "examples" / "site" / "content" / "blog").glob("*/index.md"))

MASTHEAD = Masthead(
    slug="ledger",
    name="The Monthly Ledger",
    sender=Mailbox("editors@ledger.example", "The Monthly Ledger"),
    postal_address="12 Quay Street\n20457 Hafenstadt",
    site_url="https://ledger.example",
    privacy_url="https://ledger.example/privacy/",
)


def rendered(
    folder: Path, body: str, *, front: str = "title: A Title", images: str = "service"
) -> Rendering:
    """Write a post with this body and front matter into a folder, and render it."""
    post = folder / "index.md"
    post.write_text(f"---\n{front}\n---\n\n{body}\n", encoding="utf-8")
    return render_issue(read_post(post), MASTHEAD, images=images)


def document(html: str) -> Element:
    """Return the document as a browser reads it."""
    tree: Element = html5lib.parse(html, treebuilder="etree", namespaceHTMLElements=False)
    return tree


def elements(html: str, *tags: str) -> Iterator[Element]:
    """Yield the elements of these names in the order of the document."""
    for element in document(html).iter():
        if element.tag in tags:
            yield element


def words(element: Element) -> str:
    """Return the words inside an element on one line."""
    return " ".join("".join(element.itertext()).split())
