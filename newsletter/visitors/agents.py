"""What is known of those who ask: how they name themselves, and from which networks they come.

Names are compared in small letters. Networks are those that their owners publish or that are
registered to them; `SCANNER_NETWORKS` adds more. Sources: docs/people-and-machines.md.
"""

import ipaddress
import re
import socket
from bisect import bisect_right
from collections.abc import Iterable, Sequence

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
# The version of the protocol, and the address as a number.
Address = tuple[int, int]

# They fetch pictures for a mailbox, mostly before anybody looks, and keep them.
PICTURE_PROXIES = re.compile(
    r"googleimageproxy|yahoomailproxy|yahoocachesystem|ymailnorrissystem|duckduckgo|"
    r"^mozilla/5\.0$|image-?proxy|camo asset proxy"
)
# Programs, by the names of their libraries and of their makers.
ROBOTS = re.compile(
    # Cubot makes telephones.
    r"(?<!cu)bot\b|(?<!cu)bot[/;_-]|crawl|spider|slurp|scan|scrap|fetch|preview|monitor|check(?:er)?\b|"
    r"curl|wget|libwww|httpclient|http-client|python|aiohttp|go-http|java[/ ]|okhttp|ruby|perl|"
    r"php|guzzle|axios|node|undici|urllib|requests|headless|phantomjs|puppeteer|playwright|"
    r"selenium|barracuda|proofpoint|mimecast|safelinks|ironport|cisco|fortinet|fortimail|"
    r"sophos|symantec|messagelabs|mcafee|trendmicro|trend micro|tmes|bitdefender|kaspersky|"
    r"forcepoint|zscaler|avanan|trustwave|cloudmark|vade|facebookexternalhit|meta-external|"
    r"whatsapp|telegram|slack|discord|skypeuripreview|bingpreview|google-read-aloud|apis-google|"
    r"google-safety|validator|uptime|pingdom|^mozilla/4\.0|^microsoft office existence"
)
MAIL_PROGRAMS = re.compile(
    r"thunderbird|betterbird|microsoft outlook|msoffice|outlook-(?:ios|android)|evolution|kmail|"
    r"claws|geary|postbox|em client|emclient|airmail|mailmate|k-9|fairemail|sparrow"
)
BROWSERS = re.compile(r"^mozilla/5\.0 \(.+\) .*(?:gecko/|chrome/|safari/|firefox/)")
# Browsers of people bring themselves up to date; these were built into scanners years ago.
LONG_AGO = re.compile(r"(?:chrome|firefox)/(?:[1-9]|[1-7]\d)\.|msie |trident/|windows nt [45]\.")

# Whoever asks from here is no reader, for a link or for a picture.
SCANNERS = (
    "64.235.144.0/20",  # Barracuda, Email Gateway Defense
    "209.222.80.0/21",  # Barracuda, the same
    "66.159.224.0/19",  # Proofpoint
    "67.231.144.0/20",  # Proofpoint
    "148.163.128.0/19",  # Proofpoint
    "205.220.160.0/19",  # Proofpoint
    "91.220.42.0/24",  # Mimecast
    "205.139.110.0/23",  # Mimecast
    "207.211.30.0/23",  # Mimecast
    "17.0.0.0/8",  # Apple: all of it is its own, and Mail Privacy Protection asks from there
    "66.249.64.0/19",  # Google: crawlers and the picture proxy
    "66.102.0.0/20",  # Google: the picture proxy
    "74.125.208.0/20",  # Google: the picture proxy
)
# Safe Links tries links from here; a person who clicks is sent on and comes from their own
# address. Of pictures nothing is said: Outlook on the web fetches them for its readers.
CLICK_SCANNERS = (
    "13.64.0.0/11",
    "20.33.0.0/16",
    "20.36.0.0/14",
    "20.40.0.0/13",
    "20.48.0.0/12",
    "20.64.0.0/10",
    "20.184.0.0/13",
    "20.192.0.0/10",
    "40.64.0.0/11",
    "40.96.0.0/12",
    "40.112.0.0/13",
    "40.120.0.0/14",
    "52.96.0.0/12",
    "52.112.0.0/14",
    "52.136.0.0/13",
    "52.152.0.0/13",
    "52.160.0.0/11",
    "52.224.0.0/11",
    "104.40.0.0/13",
    "104.47.0.0/17",
    "104.208.0.0/13",
    "2a01:111::/32",
)


class Networks:
    """Says of an address whether it lies in one of some networks; remembers no address."""

    def __init__(self, written: Sequence[str]) -> None:
        """Take networks as text; raises ValueError for one that is none."""
        networks = [ipaddress.ip_network(one, strict=False) for one in written]
        four = ipaddress.collapse_addresses(one for one in networks if one.version == 4)
        six = ipaddress.collapse_addresses(one for one in networks if one.version == 6)
        # Collapsed they do not overlap: the last that begins at or before an address decides.
        self._networks = {4: _bounds(four), 6: _bounds(six)}

    def __contains__(self, address: Address) -> bool:
        """Whether an address lies in one of them."""
        version, number = address
        first, last = self._networks[version]
        at = bisect_right(first, number) - 1
        return at >= 0 and number <= last[at]


def _bounds(networks: Iterable[Network]) -> tuple[list[int], list[int]]:
    found = sorted((int(one.network_address), int(one.broadcast_address)) for one in networks)
    return [first for first, _ in found], [last for _, last in found]


def parsed(written: str) -> Address | None:
    """Return (version, number) of the address that a text is, None for another text."""
    try:
        return 4, int.from_bytes(socket.inet_pton(socket.AF_INET, written))
    except (OSError, ValueError):
        pass
    try:
        number = int.from_bytes(socket.inet_pton(socket.AF_INET6, written))
    except (OSError, ValueError):
        return None
    # A dual-stack server sees IPv4 as ::ffff:192.0.2.1.
    return (4, number & 0xFFFFFFFF) if number >> 32 == 0xFFFF else (6, number)


def network(address: Address | None) -> str:
    """Return the name of an address's /24 or /48, in which a reader's machines lie together."""
    if address is None:
        return ""
    version, number = address
    return f"{version}:{number >> (8 if version == 4 else 80):x}"
