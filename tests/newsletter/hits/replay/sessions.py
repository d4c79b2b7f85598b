"""Who comes to a mail, how often, and what they ask for: persons and machines, labelled by who acts.

A label says who acted, not what can be told of it: a person behind a proxy is a person, a sandbox
with a real browser is a machine. The shares are of a list of engineers' addresses, private and at
work, with more machines than people; they are assumptions, and the test prints each actor's
result so that others can be put in their place.
"""

from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import NamedTuple

from tests.newsletter.hits.replay.headers import (
    Headers,
    address,
    android,
    firefox,
    iphone,
    mac,
    plain,
    pressed,
    shown,
    windows,
)

LINKS = (1, 2, 3, 4, 5, 6, 7, 8)
PIXEL = 0


class Ask(NamedTuple):
    """One request; `at` is in seconds after the mail was delivered, link 0 is the pixel."""

    at: float
    link: int
    headers: Headers
    address: str
    method: str = "GET"


Session = Callable[[Random], Iterator[Ask]]


class Actor(NamedTuple):
    """Who acts; `share` of a thousand mails see one session of theirs."""

    name: str
    is_person: bool
    share: int
    session: Session


def _later(chance: Random) -> float:
    """Return when a person reads: within hours mostly, some within the first minutes."""
    return chance.lognormvariate(8.5, 1.6) + 15


def _some(chance: Random, most: int = 3) -> Sequence[int]:
    return chance.sample(LINKS, chance.choice([1] * 6 + list(range(1, most + 1))))


def _reads(
    chance: Random, where: str, agent: str, *, picture: Headers | None = None, presses: bool = True
) -> Iterator[Ask]:
    """Yield one reading from one place: perhaps the picture, perhaps some links at leisure."""
    at, here = _later(chance), address(chance, where)
    if picture is not None:
        yield Ask(at, PIXEL, picture, here)
    if presses:
        for link in _some(chance):
            at += chance.uniform(4, 90)
            yield Ask(at, link, pressed(chance, agent), here)


def webmail_on_a_computer(chance: Random) -> Iterator[Ask]:
    agent = windows(chance) if chance.random() < 0.6 else mac(chance)
    return _reads(
        chance, "home", agent, picture=shown(chance, agent), presses=chance.random() < 0.4
    )


def thunderbird(chance: Random) -> Iterator[Ask]:
    system = chance.choice(("X11; Linux x86_64", "Windows NT 10.0; Win64; x64"))
    picture = plain(f"Mozilla/5.0 ({system}; rv:140.0) Gecko/20100101 Thunderbird/140.5.0", "en")
    return _reads(chance, "home", firefox(system), picture=picture, presses=chance.random() < 0.5)


def outlook_for_windows(chance: Random) -> Iterator[Ask]:
    picture = plain("Mozilla/4.0 (compatible; ms-office; MSOffice 16)")
    return _reads(chance, "office", windows(chance), picture=picture, presses=chance.random() < 0.4)


def gmail_on_a_phone(chance: Random) -> Iterator[Ask]:
    """The picture comes by Google's proxy; the link from the phone."""
    agent = (
        "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"
    )
    at = _later(chance)
    yield Ask(at, PIXEL, plain(agent), address(chance, "google-proxy"))
    if chance.random() < 0.4:
        here, phone = address(chance, "phone"), android(chance)
        for link in _some(chance):
            at += chance.uniform(4, 60)
            yield Ask(at, link, pressed(chance, phone), here)


def apple_mail_link(chance: Random) -> Iterator[Ask]:
    """Who reads with Apple's Mail; its picture was fetched by Apple, or comes now by a relay."""
    version = chance.choice(("17.6", "18.5", "18.6", "26.0", "26.1"))
    if chance.random() < 0.5:
        picture = plain("Mozilla/5.0")
        yield Ask(_later(chance), PIXEL, picture, address(chance, "relay"))
    yield from _reads(chance, "phone", iphone(version))


def old_iphone(chance: Random) -> Iterator[Ask]:
    """Safari before 16.4 says nothing of how it came."""
    agent, here, at = iphone("15.6"), address(chance, "phone"), _later(chance)
    for link in _some(chance):
        at += chance.uniform(4, 60)
        yield Ask(at, link, plain(agent, "en-GB,en;q=0.9"), here)


def behind_zscaler(chance: Random) -> Iterator[Ask]:
    return _reads(chance, "zscaler", windows(chance))


def behind_a_relay(chance: Random) -> Iterator[Ask]:
    return _reads(chance, "relay", iphone("18.6"))


def safe_links_and_the_person(chance: Random) -> Iterator[Ask]:
    """Somebody presses; Safe Links looks at the same moment, and then the person comes."""
    return _reads(chance, "office", windows(chance))


def tabs_at_once(chance: Random) -> Iterator[Ask]:
    """Who opens all that sounds good in tabs, one press after the other."""
    agent, here, at = windows(chance), address(chance, "home"), _later(chance)
    for link in sorted(chance.sample(LINKS, chance.randint(3, 5))):
        at += chance.uniform(0.4, 2.5)
        yield Ask(at, link, pressed(chance, agent), here)


def an_office_at_nine(chance: Random) -> Iterator[Ask]:
    """Three people of one company, one address, one build of Edge, in the same minute."""
    agent, here, at = windows(chance), address(chance, "office"), _later(chance)
    for _ in range(3):
        yield Ask(at + chance.uniform(0, 50), chance.choice(LINKS), pressed(chance, agent), here)


def text_browser(chance: Random) -> Iterator[Ask]:
    agent = chance.choice(("Lynx/2.9.2 libwww-FM/2.14", "w3m/0.5.3", "ELinks/0.17.0"))
    yield Ask(_later(chance), chance.choice(LINKS), plain(agent, "en"), address(chance, "home"))


def yahoo_on_the_web(chance: Random) -> Iterator[Ask]:
    agent = "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html"
    yield Ask(_later(chance), PIXEL, plain(agent), address(chance, "yahoo"))
    if chance.random() < 0.3:
        yield from _reads(chance, "home", windows(chance))


def mail_privacy_protection(chance: Random) -> Iterator[Ask]:
    """Apple's Mail fetches pictures in the background, read or not."""
    where = "apple" if chance.random() < 0.3 else "relay"
    yield Ask(chance.uniform(30, 40_000), PIXEL, plain("Mozilla/5.0"), address(chance, where))


def gmail_before_anybody_looks(chance: Random) -> Iterator[Ask]:
    agent = (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0"
    )
    yield Ask(chance.uniform(1, 20), PIXEL, plain(agent), address(chance, "google-proxy"))


def _all(
    chance: Random, begins: float, pace: float, headers: Headers, here: str, **more: str
) -> Iterator[Ask]:
    at = begins
    for link in (PIXEL, *LINKS) if chance.random() < 0.5 else LINKS:
        yield Ask(at, link, headers, here, **more)
        at += chance.expovariate(1 / pace)


def barracuda(chance: Random) -> Iterator[Ask]:
    """Every link as the mail comes in, by HEAD or GET, from its own networks or from a cloud."""
    where = "barracuda" if chance.random() < 0.7 else "amazon"
    method = "HEAD" if chance.random() < 0.3 else "GET"
    agent = windows(chance)
    return _all(
        chance, chance.uniform(1, 25), 0.3, plain(agent), address(chance, where), method=method
    )


def proofpoint(chance: Random) -> Iterator[Ask]:
    """Some links, minutes apart, by a browser's name and mostly from a cloud."""
    at = chance.uniform(5, 400)
    for link in chance.sample(LINKS, chance.randint(1, len(LINKS))):
        where = "proofpoint" if chance.random() < 0.4 else "amazon"
        language = "en-US,en;q=0.9" if chance.random() < 0.5 else ""
        yield Ask(at, link, plain(windows(chance), language), address(chance, where))
        at += chance.expovariate(1 / 20)


def mimecast(chance: Random) -> Iterator[Ask]:
    where = "mimecast" if chance.random() < 0.7 else "amazon"
    agent = f"Mozilla/5.0 (Windows NT 6.1; WOW64) {'Chrome/57.0.2987.133'} Safari/537.36"
    return _all(chance, chance.uniform(2, 60), 1.0, plain(agent), address(chance, where))


def safe_links_on_arrival(chance: Random) -> Iterator[Ask]:
    """Defender tries the links before the mail is shown, at its own pace."""
    at, here, agent = chance.uniform(5, 300), address(chance, "microsoft"), windows(chance)
    for link in chance.sample(LINKS, chance.randint(2, len(LINKS))):
        yield Ask(at, link, plain(agent, "en-US,en;q=0.9"), here)
        at += chance.expovariate(1 / 4)


def safe_links_at_the_click(chance: Random) -> Iterator[Ask]:
    at, agent = _later(chance), chance.choice(("Microsoft Office", windows(chance)))
    yield Ask(at, chance.choice(LINKS), plain(agent), address(chance, "microsoft"))


def sandbox_one_link(chance: Random) -> Iterator[Ask]:
    """A real browser without a screen, in a cloud, that follows one link: nothing tells it."""
    where = chance.choice(("amazon", "google-cloud", "hosting"))
    yield Ask(
        chance.uniform(20, 900),
        chance.choice(LINKS),
        pressed(chance, windows(chance)),
        address(chance, where),
    )


def sandbox_all_links(chance: Random) -> Iterator[Ask]:
    here, at = address(chance, "google-cloud"), chance.uniform(20, 600)
    headers = pressed(chance, windows(chance))
    for link in LINKS:
        yield Ask(at, link, headers, here)
        at += chance.uniform(0.2, 6)


def second_look_after_a_click(chance: Random) -> Iterator[Ask]:
    """Another machine follows the link that somebody pressed seconds ago."""
    headers = pressed(chance, windows(chance))
    if chance.random() < 0.6:
        headers = plain(headers["User-Agent"])
    yield Ask(_later(chance) + 12, chance.choice(LINKS), headers, address(chance, "hosting"))


def scripts(chance: Random) -> Iterator[Ask]:
    agent = chance.choice(
        ("python-requests/2.32.3", "Go-http-client/2.0", "curl/8.5.0", "axios/1.7")
    )
    return _all(chance, chance.uniform(1, 120), 0.5, plain(agent), address(chance, "hosting"))


def bing_preview(chance: Random) -> Iterator[Ask]:
    agent = (
        "Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/534+ (KHTML, like Gecko) BingPreview/1.0b"
    )
    at = chance.uniform(60, 600)
    yield Ask(at, chance.choice(LINKS), plain(agent), address(chance, "microsoft"))


def chat_preview(chance: Random) -> Iterator[Ask]:
    agent = chance.choice(
        (
            "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
            "WhatsApp/2.23.20.0",
            "TelegramBot (like TwitterBot)",
            "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
        )
    )
    yield Ask(_later(chance), chance.choice(LINKS), plain(agent), address(chance, "amazon"))


def antivirus_on_the_desk(chance: Random) -> Iterator[Ask]:
    """A plug-in of the reader's own computer, from the reader's own address."""
    agent = windows(chance) if chance.random() < 0.7 else ""
    return _all(chance, chance.uniform(20, 4_000), 0.4, plain(agent), address(chance, "home"))


def trend_micro(chance: Random) -> Iterator[Ask]:
    agent = "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0)"
    for one in _all(chance, chance.uniform(60, 2_000), 30, plain(agent), ""):
        yield one._replace(address=address(chance, "trend"))


def prefetch_in_webmail(chance: Random) -> Iterator[Ask]:
    headers = {**pressed(chance, windows(chance)), "Sec-Purpose": "prefetch;prerender"}
    yield Ask(_later(chance), chance.choice(LINKS), headers, address(chance, "home"))


def scanner_with_a_language(chance: Random) -> Iterator[Ask]:
    """A browser's name and a language, from an ordinary host, one link each few minutes."""
    at, here, agent = chance.uniform(30, 300), address(chance, "hosting"), windows(chance)
    for link in chance.sample(LINKS, chance.randint(1, 4)):
        yield Ask(at, link, plain(agent, "en-US,en;q=0.5"), here)
        at += chance.uniform(40, 400)


ACTORS: Sequence[Actor] = (
    Actor("webmail on a computer", True, 110, webmail_on_a_computer),
    Actor("Thunderbird", True, 40, thunderbird),
    Actor("Outlook for Windows", True, 60, outlook_for_windows),
    Actor("Gmail on a phone", True, 120, gmail_on_a_phone),
    Actor("a link in Apple's Mail", True, 40, apple_mail_link),
    Actor("an old iPhone", True, 6, old_iphone),
    Actor("behind Zscaler", True, 8, behind_zscaler),
    Actor("behind a relay", True, 8, behind_a_relay),
    Actor("behind Safe Links", True, 30, safe_links_and_the_person),
    Actor("tabs at once", True, 6, tabs_at_once),
    Actor("an office at nine", True, 3, an_office_at_nine),
    Actor("a text browser", True, 3, text_browser),
    Actor("Yahoo on the web", True, 20, yahoo_on_the_web),
    Actor("Mail Privacy Protection", False, 250, mail_privacy_protection),
    Actor("Gmail before anybody looks", False, 60, gmail_before_anybody_looks),
    Actor("Barracuda", False, 25, barracuda),
    Actor("Proofpoint", False, 30, proofpoint),
    Actor("Mimecast", False, 20, mimecast),
    Actor("Safe Links on arrival", False, 60, safe_links_on_arrival),
    Actor("Safe Links at the click", False, 30, safe_links_at_the_click),
    Actor("a sandbox, one link", False, 5, sandbox_one_link),
    Actor("a sandbox, all links", False, 5, sandbox_all_links),
    Actor("a second look", False, 5, second_look_after_a_click),
    Actor("scripts", False, 15, scripts),
    Actor("BingPreview", False, 5, bing_preview),
    Actor("chat previews", False, 10, chat_preview),
    Actor("antivirus on the desk", False, 8, antivirus_on_the_desk),
    Actor("Trend Micro", False, 8, trend_micro),
    Actor("prefetch in webmail", False, 3, prefetch_in_webmail),
    Actor("a scanner with a language", False, 10, scanner_with_a_language),
)


class Labelled(NamedTuple):
    """One request, when it came, and by whom; `mail` numbers the mail from 1."""

    at: float
    mail: int
    ask: Ask
    actor: Actor


def replay(mails: int, seed: int = 2_026) -> list[Labelled]:
    """Return all requests on so many mails of one issue in their order; the same each time."""
    chance = Random(seed)  # noqa: S311 (the same each time)
    found = []
    for mail in range(1, mails + 1):
        # A worker hands in ten a second.
        left = mail / 10
        for actor in ACTORS:
            if chance.random() * 1_000 < actor.share:
                found += [
                    Labelled(left + ask.at, mail, ask, actor) for ask in actor.session(chance)
                ]
    return sorted(found, key=lambda one: one.at)
