"""Headers as programs send them, and networks as they are registered; written from what is public.

Nothing here looks at `newsletter.hits`. Where each is from: docs/people-and-machines.md.
"""

from collections.abc import Mapping
from random import Random

Headers = Mapping[str, str]
LANGUAGES = ("en-US,en;q=0.9", "de-DE,de;q=0.9,en;q=0.8", "fr-FR,fr;q=0.9", "es-ES", "ja", "en-GB")
WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"

# Addresses by who has them: people at home, on phones, in offices, behind relays; machines' own.
NETWORKS: Mapping[str, tuple[str, ...]] = {
    "home": ("84.160.{}.{}", "78.43.{}.{}", "71.198.{}.{}", "86.140.{}.{}", "2a02:8109:{}::{}"),
    "phone": ("109.42.{}.{}", "172.56.{}.{}", "92.40.{}.{}", "2a00:20:{}::{}"),
    "office": ("193.174.{}.{}", "62.96.{}.{}"),
    "zscaler": ("165.225.{}.{}", "147.161.{}.{}"),
    "relay": ("172.225.{}.{}", "104.28.{}.{}", "146.75.{}.{}"),
    "apple": ("17.58.{}.{}", "17.57.{}.{}"),
    "google-proxy": ("66.249.84.{1}", "66.102.8.{1}", "74.125.214.{1}"),
    "yahoo": ("98.137.{}.{}", "87.248.{}.{}"),
    "barracuda": ("209.222.82.{1}", "64.235.150.{1}"),
    "proofpoint": ("67.231.157.{1}", "148.163.150.{1}"),
    "mimecast": ("207.211.30.{1}", "205.139.110.{1}"),
    "microsoft": ("40.94.{}.{}", "40.107.{}.{}", "52.112.{}.{}", "2a01:111:f403:{}::{}"),
    "trend": ("150.70.{}.{}",),
    "amazon": ("54.186.{}.{}", "3.120.{}.{}", "18.194.{}.{}"),
    "google-cloud": ("34.68.{}.{}", "35.190.{}.{}"),
    "hosting": ("138.201.{}.{}", "51.15.{}.{}"),
}


def address(chance: Random, kind: str) -> str:
    """Return an address of such a network."""
    return chance.choice(NETWORKS[kind]).format(chance.randint(1, 254), chance.randint(1, 254))


def windows(chance: Random) -> str:
    """Return the name of Chrome or Edge of this year on Windows."""
    version = chance.randint(139, 147)
    edge = f" Edg/{version}.0.0.0" if chance.random() < 0.5 else ""
    return f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/{version}.0.0.0 Safari/537.36{edge}"


def mac(chance: Random) -> str:
    """Return the name of Safari or Chrome on a Mac."""
    if chance.random() < 0.5:
        return (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 "
            f"(KHTML, like Gecko) Version/{chance.choice(('17.6', '18.5', '26.1'))} Safari/605.1.15"
        )
    return (
        f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {WEBKIT} "
        f"Chrome/{chance.randint(139, 147)}.0.0.0 Safari/537.36"
    )


def android(chance: Random) -> str:
    """Return the name of Chrome on a phone."""
    return (
        f"Mozilla/5.0 (Linux; Android 10; K) {WEBKIT} "
        f"Chrome/{chance.randint(138, 147)}.0.0.0 Mobile Safari/537.36"
    )


def iphone(version: str) -> str:
    """Return the name of Safari on an iPhone of a version."""
    return (
        f"Mozilla/5.0 (iPhone; CPU iPhone OS {version.replace('.', '_')} like Mac OS X) "
        "AppleWebKit/605.1.15 (KHTML, like Gecko) "
        f"Version/{version} Mobile/15E148 Safari/604.1"
    )


def firefox(system: str, version: int = 145) -> str:
    """Return the name of Firefox on a system."""
    return f"Mozilla/5.0 ({system}; rv:{version}.0) Gecko/20100101 Firefox/{version}.0"


def pressed(chance: Random, agent: str) -> Headers:
    """Return what a browser of today sends for a link that was pressed in a mail."""
    return {
        "User-Agent": agent,
        "Accept-Language": chance.choice(LANGUAGES),
        "Sec-Fetch-Site": "cross-site" if chance.random() < 0.6 else "none",
        "Sec-Fetch-Mode": "navigate",
        "Sec-Fetch-User": "?1",
        "Sec-Fetch-Dest": "document",
    }


def shown(chance: Random, agent: str) -> Headers:
    """Return what a browser of today sends for a picture of a mail."""
    return {
        "User-Agent": agent,
        "Accept-Language": chance.choice(LANGUAGES),
        "Sec-Fetch-Site": "cross-site",
        "Sec-Fetch-Mode": "no-cors",
        "Sec-Fetch-Dest": "image",
    }


def plain(agent: str, language: str = "") -> Headers:
    """Return what a program sends that says little."""
    said = {"User-Agent": agent} if agent else {}
    return said | ({"Accept-Language": language} if language else {})
