"""How a mail is counted: the tokens of its links and its pixel, and what a site's own statistics read."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from newsletter.links import Links, Reading
from newsletter.message import NOTHING_TO_COUNT, Link, ToCount
from newsletter.slots import hole

READING = "reading"
# Whose words are an address must lead there: mail programs warn of anything else.
_SAYS_WHERE = re.compile(r"\s*https?:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Counting:
    """How a mail is counted: the tokens of its links and of its pixel, empty for none.

    A token is the issue's own, the same in every mail, or `hole("reading")`. `in_text`: the links
    of the text part are counted too. `site` and `utm`: to addresses of this host go these
    parameters. `provider`: what the provider counts instead of us; nothing of ours is in the mail
    then.
    """

    clicks: str = ""
    opens: str = ""
    in_text: bool = False
    site: str = ""
    utm: str = ""
    provider: ToCount = NOTHING_TO_COUNT


UNCOUNTED = Counting()


def counting(
    links: Links,
    issue_id: int,
    *,
    clicks: str,
    opens: str,
    counted_by: str = "own",
    in_text: bool = False,
    site_url: str = "",
    utm: str = "",
) -> Counting:
    """Return how an issue is counted whose tracking modes these are (RULES L-1)."""
    if counted_by == "provider":
        asked = to_count(clicks, opens, counted_by)
        return Counting(site=_host(site_url), utm=utm, provider=asked)
    shared = links.reading_token(Reading(issue_id))
    # By the words of subscribers.models.TrackingMode; this room knows no rows.
    tokens = {"off": "", "aggregate": shared, "individual": hole(READING)}
    return Counting(
        clicks=tokens[clicks],
        opens=tokens[opens],
        in_text=in_text,
        site=_host(site_url),
        utm=utm,
    )


def to_count(clicks: str, opens: str, counted_by: str) -> ToCount:
    """Return what the provider is asked to count: what is counted by name, and nothing else."""
    if counted_by != "provider":
        return NOTHING_TO_COUNT
    return ToCount(clicks=clicks == "individual", opens=opens == "individual")


def counts_by_name(counted: Counting) -> bool:
    """Say whether each recipient's mail needs a token of its own."""
    return hole(READING) in (counted.clicks, counted.opens)


def is_counted(link: Link) -> bool:
    """Say whether a link may be counted: not one whose words are an address themselves."""
    return not _SAYS_WHERE.match(link.label)


def tagged(url: str, counted: Counting) -> str:
    """Return an address with the UTM parameters, when it is the site's and has none of its own."""
    if not counted.utm or not counted.site or _host(url) != counted.site:
        return url
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    if any(name.startswith("utm_") for name, _ in query):
        return url
    joined = f"{parts.query}&{counted.utm}" if parts.query else counted.utm
    return urlunsplit(parts._replace(query=joined))


def utm(list_slug: str, key: str) -> str:
    """Return the parameters by which a site's own statistics know an issue."""
    return urlencode({"utm_source": list_slug, "utm_medium": "email", "utm_campaign": key})


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""
