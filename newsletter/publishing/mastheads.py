"""A List as rendering and checks need it: from its row, from newsletter.toml, or made up."""

import re
from typing import TYPE_CHECKING

from newsletter.message import Mailbox, Masthead
from newsletter.tracking import to_count

if TYPE_CHECKING:
    # A post is rendered and checked without a database, and sooner without its library.
    from newsletter.declared import ListTable
    from subscribers.models import List

SAMPLE = Masthead(
    slug="sample",
    name="Sample list",
    sender=Mailbox("editor@newsletter.example", "Sample list"),
    postal_address="Sample Street 1, 12345 Sampletown",
)


def masthead_of(list_: "List") -> Masthead:
    """Return a List's row as the plain data that rendering needs."""
    return Masthead(
        slug=list_.slug,
        name=list_.name,
        sender=Mailbox(list_.sender_address, list_.sender_name),
        reply_to=Mailbox(list_.reply_to) if list_.reply_to else None,
        postal_address=list_.postal_address,
        language=list_.language,
        time_zone=list_.time_zone,
        accent=list_.accent,
        layout=list_.layout,
        logo_url=list_.logo_url,
        site_url=list_.site_url,
        privacy_url=list_.privacy_url,
        merge_fields=list_.merge_fields,
        provider_counts=bool(to_count(list_.click_tracking, list_.open_tracking, list_.counted_by)),
    )


def masthead_from(slug: str, table: "ListTable") -> Masthead:
    """Return a `[lists.NAME]` table as the same plain data; for checks without a database."""
    return Masthead(
        slug=slug,
        name=table.name,
        sender=mailbox(table.sender),
        reply_to=mailbox(table.reply_to) if table.reply_to else None,
        postal_address=table.postal,
        language=table.language,
        time_zone=table.time_zone,
        accent=table.accent,
        layout=table.layout,
        logo_url=table.logo_url,
        site_url=table.site_url,
        privacy_url=table.privacy_url,
        merge_fields=table.merge_fields,
        provider_counts=bool(to_count(table.clicks, table.opens, table.counted_by)),
    )


def mailbox(written: str) -> Mailbox:
    """Read `Name <address>` or a bare address; the address is not judged here."""
    found = re.fullmatch(r"\s*(?:\"?(?P<name>[^\"<]*?)\"?\s*)<(?P<address>[^<>]+)>\s*", written)
    if found:
        return Mailbox(found["address"].strip(), found["name"].strip())
    return Mailbox(written.strip())
