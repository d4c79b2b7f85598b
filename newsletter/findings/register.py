"""The register of findings: each code once, in the chapters of docs/findings.md."""

from collections.abc import Mapping

from newsletter.findings.domain import DOMAIN
from newsletter.findings.house import HOUSE
from newsletter.findings.kind import Kind
from newsletter.findings.links import LINKS
from newsletter.findings.mail import LIST, MAIL, SUBJECT
from newsletter.findings.pictures import MADE_FIT, PICTURES
from newsletter.findings.post import FOREIGN, POST
from newsletter.findings.roundup import ROUNDUP
from newsletter.findings.sources import SOURCES

CHAPTERS: Mapping[str, tuple[Kind, ...]] = {
    "The post": POST,
    "What no mail can hold": FOREIGN,
    "Sources": SOURCES,
    "Links": LINKS,
    "Pictures": (*PICTURES, *MADE_FIT),
    "Subject and preheader": SUBJECT,
    "The mail": MAIL,
    "The list": LIST,
    "The house": HOUSE,
    "The sender's domain": DOMAIN,
    "A roundup": ROUNDUP,
}
KINDS: Mapping[str, Kind] = {kind.code: kind for kinds in CHAPTERS.values() for kind in kinds}
