"""One request: a person, a machine, or nobody knows."""

from typing import Any

import pytest

from newsletter.message import Visitor
from newsletter.visitors import Seen, judge

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Safari/537.36"
)
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"
THUNDERBIRD = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Thunderbird/128.4.0"


def click(agent: str = CHROME, **more: Any) -> Seen:
    given = {"mode": "navigate", "destination": "document", "language": "en-GB,en;q=0.9"}
    return Seen(False, "GET", agent)._replace(**(given | more))


def opened(agent: str, **more: Any) -> Seen:
    return Seen(True, "GET", agent)._replace(**more)


CUBOT = (
    "Mozilla/5.0 (Linux; Android 13; CUBOT_X70 Build/TP1A) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36"
)
# Several mail programs are built on it.
ELECTRON = CHROME.replace("Safari", "Electron/33.2.1 Safari")


@pytest.mark.parametrize("agent", [CHROME, SAFARI, FIREFOX, CUBOT, ELECTRON])
def test_a_browser_that_somebody_navigates_is_a_person(agent: str) -> None:
    """# M-1"""
    assert judge(click(agent)) == (Visitor.PERSON, "navigated")


@pytest.mark.parametrize(
    ("seen", "word"),
    [
        (click(method="HEAD"), "head"),
        (click(purpose="prefetch;prerender"), "prefetch"),
        (click(purpose="preview"), "prefetch"),
        (click(""), "no-agent"),
        (click("  "), "no-agent"),
        (click("python-requests/2.32.3"), "robot"),
        (click("Mozilla/5.0 (compatible; Barracuda Sentinel (EE))"), "robot"),
        (click(CHROME.replace("Chrome/", "HeadlessChrome/")), "robot"),
        (click("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"), "robot"),
        (click(CHROME.replace("131.", "42.")), "old-browser"),
        (click("Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko"), "old-browser"),
        (click(scanner=True), "network"),
        (click(click_scanner=True), "network"),
        (opened("Mozilla/5.0"), "proxy"),
        (opened("Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"), "proxy"),
        (opened("YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html"), "proxy"),
    ],
)  # fmt: skip
def test_a_machine_is_told_by_what_it_shows(seen: Seen, word: str) -> None:
    """# M-1"""
    assert judge(seen) == (Visitor.MACHINE, word)


@pytest.mark.parametrize(
    ("seen", "word"),
    [
        (opened(THUNDERBIRD), "mail-program"),
        (opened("Mozilla/4.0 (compatible; ms-office; MSOffice 16)"), "mail-program"),
        (opened("Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.18129; Pro)"), "mail-program"),
        (opened(CHROME, destination="image", language="de"), "displayed"),
    ],
)  # fmt: skip
def test_a_picture_shown_by_a_program_of_a_person_is_an_open(seen: Seen, word: str) -> None:
    assert judge(seen) == (Visitor.PERSON, word)


@pytest.mark.parametrize(
    "seen",
    [
        click(mode="", destination=""),  # an old phone sends none; so do many programs
        click(mode="no-cors", destination="empty"),
        click(language=""),
        opened(CHROME),
        opened(CHROME, destination="image", language="de", click_scanner=True)._replace(
            language=""
        ),
        click("my own reader/1.0"),
    ],
)
def test_what_shows_nothing_certain_is_unknown(seen: Seen) -> None:
    """No Sec-Fetch headers is only a hint (# M-1)."""
    assert judge(seen) == (Visitor.UNKNOWN, "unsure")


def test_outlook_on_the_web_fetches_pictures_for_its_readers() -> None:
    """From the network whose clicks are a scanner's."""
    seen = opened(CHROME, destination="image", language="de", click_scanner=True)
    assert judge(seen)[0] is Visitor.PERSON
