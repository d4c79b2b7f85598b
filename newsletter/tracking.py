"""Slots become addresses: when an issue is compiled, and for the views everybody may see.

Tracking is put in here and nowhere else, so the frozen HTML never holds a rewritten link, and an
issue that counts nothing has not one byte of it in its mails (RULES M-3).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from html import escape
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from newsletter.errors import RenderError
from newsletter.flowed import fixed
from newsletter.links import Links, Reading
from newsletter.message import (
    HOLE,
    NOTHING_TO_COUNT,
    Link,
    RenderedEmail,
    ToCount,
    content_id,
    fill_slots,
    hole,
    slot,
)

NEUTRAL = {"name": "Reader", "email": "reader@newsletter.example"}
READING = "reading"
_LINK, _ASSET, _EMBEDDED = "link/", "asset/", "embedded/"
# Whose words are an address must lead there: mail programs warn of anything else.
_BODY = re.compile(r"<body\b[^>]*>", re.IGNORECASE)
_SAYS_WHERE = re.compile(r"\s*https?:", re.IGNORECASE)
_ANCHOR = re.compile(
    r"""(<a\b(?:[^>"']|"[^"]*"|'[^']*')*?)(\shref=["']?)([^"'\s>]*)""", re.IGNORECASE
)
_PIXEL = (
    '<img src="{}" width="1" height="1" alt="" style="display:block;width:1px;height:1px;border:0">'
)


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


def address(
    email: RenderedEmail,
    links: Links,
    *,
    list_slug: str,
    key: str,
    counted: Counting = UNCOUNTED,
) -> RenderedEmail:
    """Return the email with an address in each slot; a recipient's own keep `hole("token")`.

    An embedded picture is named by its Content-ID. A letter's one link becomes `hole("link")`, a
    whole URL. Addresses are HTML-escaped in the HTML and raw in the text. Where the provider
    counts clicks, every other link says that it is to be left alone (RULES SG-5). Raises
    RenderError for a slot nobody knows.
    """
    if counted.provider:
        email = replace(email, to_count=counted.provider)
    if counted.provider.clicks:
        email = replace(email, html=_left_alone(email))
    token = hole("token")
    places = _places(links, list_slug, key) | {
        "unsubscribe": links.unsubscribe(token),
        "preferences": links.preferences(token),
        "letter": hole("link"),
        "by-mail": links.by_mail(token),
    }
    plain = {link.number: tagged(link.url, counted) for link in email.links}
    leads = plain | {
        link.number: links.click(link.number, counted.clicks)
        for link in email.links
        if counted.clicks and is_counted(link)
    }
    filled = _filled(
        email, places, links.asset, _inside, leads, leads if counted.in_text else plain
    )
    if not counted.opens:
        return filled
    pixel = _PIXEL.format(escape(links.pixel(counted.opens)))
    head, end, rest = filled.html.rpartition("</body>")
    return replace(filled, html=f"{head}{pixel}{end}{rest}" if end else f"{rest}{pixel}")


def _left_alone(email: RenderedEmail) -> str:
    """Return the HTML in which each link that is not counted forbids the provider to change it.

    The word has to stand before the address (SendGrid, Click Tracking HTML Best Practices).
    """
    counted = {slot(f"{_LINK}{link.number}") for link in email.links if is_counted(link)}

    def told(found: re.Match[str]) -> str:
        tag, name, leads = found.groups()
        return found[0] if leads in counted else f"{tag} clicktracking=off{name}{leads}"

    return _ANCHOR.sub(told, email.html)


def hrefs(html: str) -> list[str]:
    """Return where each link of an HTML part leads, as it is written there, in their order."""
    return [leads for _, _, leads in _ANCHOR.findall(html)]


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


def sample(
    email: RenderedEmail,
    links: Links,
    *,
    list_slug: str,
    key: str,
    asset: Callable[[str], str] | None = None,
    as_mail: bool = False,
) -> RenderedEmail:
    """Return the email as anybody may see it: original links, neutral values, no hole left.

    Links that only a recipient has lead to the list's sign-up page. `asset` gives a picture's
    address by its name, for views that lie on a disk; `as_mail` leaves embedded pictures inside
    and the text flowed.
    Raises RenderError for an unknown slot.
    """
    places = _places(links, list_slug, key)
    places |= dict.fromkeys(("unsubscribe", "preferences", "letter"), places["subscribe"])
    places["by-mail"] = ""
    served = asset or links.asset
    leads = {link.number: link.url for link in email.links}
    seen = _filled(email, places, served, _inside if as_mail else served, leads, leads)
    text = _neutral(seen.text)
    return replace(
        seen,
        personal_subject="",
        html=_neutral(seen.html),
        text=text if as_mail else fixed(text),
    )


def headed(html: str, block: str) -> str:
    """Return a page with a block of HTML at the top of its body."""
    headed, found = _BODY.subn(lambda body: body[0] + block, html, count=1)
    return headed if found else block + html


def _places(links: Links, list_slug: str, key: str) -> dict[str, str]:
    return {
        "archive": links.archive(list_slug, key),
        "subscribe": links.subscribe(list_slug),
    }


def _filled(
    email: RenderedEmail,
    places: Mapping[str, str],
    asset: Callable[[str], str],
    embedded: Callable[[str], str],
    in_html: Mapping[int, str],
    in_text: Mapping[int, str],
) -> RenderedEmail:
    def find(name: str, leads: Mapping[int, str] = in_text) -> str:
        if name.startswith(_ASSET):
            return asset(name.removeprefix(_ASSET))
        if name.startswith(_EMBEDDED):
            return embedded(name.removeprefix(_EMBEDDED))
        try:
            return leads[int(name.removeprefix(_LINK))] if _LINK in name else places[name]
        except (KeyError, ValueError):
            raise RenderError(
                f"the email has a slot {name!r} that leads nowhere", "mend the template"
            ) from None

    return replace(
        email,
        html=fill_slots(email.html, lambda name: escape(find(name, in_html))),
        text=fill_slots(email.text, find),
        headers=tuple((header, fill_slots(value, find)) for header, value in email.headers),
    )


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""


def _inside(name: str) -> str:
    return f"cid:{content_id(name)}"


def _neutral(text: str) -> str:
    return HOLE.sub(lambda match: match[2] or NEUTRAL.get(match[1], "sample"), text)
