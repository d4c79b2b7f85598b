"""Counted links and the pixel, asked as readers, scanners and strangers ask."""

import re
from dataclasses import replace
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from newsletter import issues
from newsletter.hits import FOLDER, ingest
from newsletter.hits.hit import Line, read
from newsletter.hits.targets import Targets
from newsletter.keys import KeyRing
from newsletter.links import Links, Reading
from newsletter.message import Link
from newsletter.models import Issue, Tally
from subscribers.models import List
from tests.factories import NOON
from tests.fuzzing import examples
from tests.newsletter.house import EMAIL
from tests.newsletter.web.site import Site

BROWSER = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
    "Accept-Language": "en",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Dest": "document",
}
TARGET = "https://site.example/a?b=1&c=%20#d"


def publish(site: Site, *urls: str, clicks: str = "aggregate", opens: str = "aggregate") -> int:
    site.edit(click_tracking=clicks, open_tracking=opens)
    links = [Link(number, url, "here", 1) for number, url in enumerate(urls or (TARGET,), 1)]
    site.publish(links=tuple(links))
    with site.app.database.read() as session:
        return session.scalars(select(Issue.id)).one()


def token(site: Site, issue_id: int, subscriber: int = 0) -> str:
    return site.app.links.reading_token(Reading(issue_id, subscriber))


def lines(site: Site) -> list[Line]:
    found = []
    for segment in (site.app.settings.state_folder / FOLDER).glob("*.hits"):
        found += [read(line) for line in segment.read_bytes().splitlines()]
    return [line for line in found if line]


def test_a_click_leads_where_the_author_wrote_and_says_nothing_of_the_mail(site: Site) -> None:
    """# M-4"""
    number = publish(site)
    answer = site.client.get(f"/c/1/{token(site, number)}", headers=BROWSER)
    assert (answer.status_code, answer.headers["location"]) == (302, TARGET)
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-robots-tag"] == "noindex"
    assert answer.content == b""
    (line,) = lines(site)
    assert (line.hit.issue_id, line.hit.link, line.hit.reason) == (number, 1, "waiting")


def test_the_pixel_is_the_same_43_bytes_whoever_asks_and_whatever_for(site: Site) -> None:
    """# S-8"""
    number = publish(site)
    paths = [token(site, number), token(site, 99), "x", "", "a/b", site.goodbye(), "%00", "é"]
    answers = [site.client.get(f"/o/{path}", headers=BROWSER) for path in paths]
    assert {(one.status_code, one.content) for one in answers if one.status_code != 404} == {
        (200, answers[0].content)
    }
    assert len(answers[0].content) == 43
    assert answers[0].headers["content-type"] == "image/gif"
    assert answers[0].headers["cache-control"] == "no-store"
    assert answers[0].headers["x-robots-tag"] == "noindex"
    assert len(lines(site)) == 1


@pytest.mark.parametrize("kind", ["click", "open"])
def test_a_head_is_answered_alike_without_a_body_and_counts_as_a_machine(
    site: Site, kind: str
) -> None:
    """# M-1"""
    number = publish(site)
    path = f"/c/1/{token(site, number)}" if kind == "click" else f"/o/{token(site, number)}"
    get, head = site.client.get(path, headers=BROWSER), site.client.head(path, headers=BROWSER)
    assert head.content == b""
    assert (head.status_code, head.headers) == (get.status_code, get.headers)
    assert {line.hit.reason for line in lines(site)} >= {"head"}


def test_a_prefetch_is_answered_and_counts_as_a_machine(site: Site) -> None:
    number = publish(site)
    site.client.get(
        f"/c/1/{token(site, number)}", headers=BROWSER | {"Sec-Purpose": "prefetch;prerender"}
    )
    assert [line.hit.reason for line in lines(site)] == ["prefetch"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_else_than_looking_is_answered(site: Site, method: str) -> None:
    answer = site.client.request(method, f"/c/1/{token(site, publish(site))}")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert lines(site) == []


@pytest.mark.parametrize("clicks", ["off", "aggregate"])
def test_what_is_no_counted_link_of_the_issue_is_not_found(site: Site, clicks: str) -> None:
    """# S-7"""
    number = publish(site, clicks=clicks)
    good = token(site, number)
    for path in (
        f"2/{good}", f"0/{good}", f"-1/{good}", f"1e0/{good}", f"99999999999/{good}", f"\u0661/{good}",
        f"1/{good}/", f"1/{good}x", f"1/{good[:-1]}", f"1/{token(site, number + 1)}", "1/", "1", "",
        f"1/{site.goodbye()}", f"1/https://evil.example/{good}", f"//evil.example/{good}",
    ):  # fmt: skip
        answer = site.client.get(f"/c/{path}", headers=BROWSER)
        assert answer.status_code == 404, path
        assert "location" not in answer.headers
    assert lines(site) == []


def test_a_token_of_another_purpose_opens_no_link(site: Site) -> None:
    number = publish(site)
    for other in (
        site.goodbye(),
        site.app.links.fresh_token(1, NOON),
        site.app.links.form_token(NOON),
    ):
        assert site.client.get(f"/c/1/{other}").status_code == 404
    assert site.client.post(f"/u/{token(site, number)}").status_code == 404


@pytest.mark.parametrize(
    ("url", "location"),
    [
        ("https://site.example/a b", "https://site.example/a%20b"),
        (
            "https://site.example/\r\nSet-Cookie: a=b",
            "https://site.example/%0D%0ASet-Cookie:%20a=b",
        ),
        ("https://münchen.example/straße", "https://xn--mnchen-3ya.example/stra%C3%9Fe"),
        ("https://[half/<script>", "https://[half/%3Cscript%3E"),
        ("https://a.example/?q=%C3%A9&x=1", "https://a.example/?q=%C3%A9&x=1"),
        ("https://user@münchen.example:8/", "https://user@xn--mnchen-3ya.example:8/"),
    ],
)
def test_any_address_of_an_author_makes_one_header(site: Site, url: str, location: str) -> None:
    """# S-7: no line of an answer is ever split."""
    number = publish(site, url)
    answer = site.client.get(f"/c/1/{token(site, number)}", headers=BROWSER)
    assert answer.status_code == 302
    assert answer.headers["location"] == location
    assert "set-cookie" not in answer.headers


def test_whatever_is_asked_for_leads_to_the_issues_own_addresses_or_nowhere(site: Site) -> None:
    """# S-7: 0 of the fuzzed paths lead elsewhere; BROADSHEET_LONG=1 tries a hundred thousand."""
    number = publish(site)
    good = token(site, number)
    piece = st.one_of(
        st.text(max_size=12),
        st.sampled_from([good, "1", "2", "https:", "//evil.example", "..", "%2f", "javascript:1"]),
    )

    @settings(max_examples=examples(300), deadline=None)
    @given(st.lists(piece, max_size=5).map("/".join) | st.text(max_size=40))
    def asked(path: str) -> None:
        headers = portal.call(_headers, site.client.app, f"/c/{path}")
        assert headers.get(b"location", TARGET.encode()) == TARGET.encode()

    # A loop in a thread of its own: Playwright, in the same process, keeps one in this thread.
    with start_blocking_portal() as portal:
        asked()


async def _headers(app: Any, path: str) -> dict[bytes, bytes]:
    """Ask as a server does that has read the path off its socket; no client mends it before."""
    scope = {
        "type": "http", "method": "GET", "path": path, "headers": [], "query_string": b"",
        "client": ("192.0.2.1", 9), "server": ("x", 80), "scheme": "http", "http_version": "1.1",
        "raw_path": b"", "root_path": "",
    }  # fmt: skip
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return dict(sent[0]["headers"])


def test_where_opens_are_off_the_pixel_counts_nothing(site: Site) -> None:
    number = publish(site, opens="off")
    assert site.client.get(f"/o/{token(site, number)}").status_code == 200
    assert lines(site) == []


def test_a_link_that_is_given_another_target_leads_there_soon(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = publish(site)
    path = f"/c/1/{token(site, number)}"
    assert site.client.get(path).headers["location"] == TARGET
    with site.app.database.begin() as session:
        session.execute(update(Issue).values(links=[[1, "https://new.example/", "here", 1]]))
    assert site.client.get(path).headers["location"] == TARGET
    monkeypatch.setattr("newsletter.hits.targets.time.monotonic", lambda: 1e12)
    assert site.client.get(path).headers["location"] == "https://new.example/"


def test_a_log_that_cannot_be_written_keeps_no_reader_from_the_story(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    number = publish(site)
    folder = site.app.settings.state_folder / FOLDER
    folder.parent.mkdir(exist_ok=True)
    folder.write_text("no folder")
    answer = site.client.get(f"/c/1/{token(site, number)}")
    assert answer.headers["location"] == TARGET
    assert "could not be written down" in caplog.text


def test_hits_end_in_the_figures_of_the_issue(site_on_both: Site) -> None:
    site = site_on_both
    number = publish(site, TARGET, "https://else.example/")
    path = f"/c/2/{token(site, number)}"
    for agent in ("curl/8", "curl/8", "Wget/1.2"):
        site.client.get(path, headers={"User-Agent": agent})
    ingest(site.app.database, site.app.settings.state_folder / FOLDER, now=NOON)
    with site.app.database.read() as session:
        (row,) = session.scalars(select(Tally))
        assert (row.link, row.visitor, row.reason, row.n) == (2, "machine", "robot", 3)


def test_nothing_of_a_visitor_is_written_down(site: Site) -> None:
    """# L-1: in aggregate mode neither network nor agent nor anything made of them."""
    number = publish(site)
    headers = BROWSER | {
        "Referer": "https://mail.example/inbox/ada",
        "X-Forwarded-For": "192.0.2.9",
    }
    site.client.get(f"/c/1/{token(site, number)}", headers=headers)
    segments = (site.app.settings.state_folder / FOLDER).glob("*.hits")
    (text,) = [segment.read_text() for segment in segments]
    assert re.fullmatch(r"\+ 1 \d{13} \d+ 1 0 unknown waiting\n", text)


def test_an_issue_that_was_never_there_costs_one_question(site: Site) -> None:
    publish(site)
    targets = Targets(site.app.database, site.app.links)
    assert targets.find(77) is targets.find(77)
    assert not targets.find(77).opens


def test_links_answer_while_the_database_is_away(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is at hand is not asked for, and what was known last holds."""
    number = publish(site)
    path = f"/c/1/{token(site, number)}"
    site.client.get(path)
    site.app.database.close()
    file = site.app.settings.database_file
    assert file
    file.unlink()
    assert site.client.get(path).headers["location"] == TARGET
    assert site.client.get(f"/c/1/{token(site, number + 1)}").status_code == 500
    picture = site.client.get(f"/o/{token(site, number + 1)}")
    assert (picture.status_code, len(picture.content)) == (200, 43)
    monkeypatch.setattr("newsletter.hits.targets.time.monotonic", lambda: 1e12)
    assert site.client.get(path).headers["location"] == TARGET
    assert site.client.get(f"/o/{token(site, number)}").status_code == 200


def test_the_sites_own_addresses_get_their_parameters_on_the_way(site: Site) -> None:
    site.edit(utm=True)
    with site.app.database.begin() as session:
        list_ = session.get_one(List, site.list_id)
        made = issues.draft(
            session, list_, key="k", source="k.md", title="K", who="editor", now=NOON,
            email=replace(EMAIL, links=(Link(1, "https://site.example/a"),)),
            web_url="https://site.example/post/",
        ).issue  # fmt: skip
    answer = site.client.get(f"/c/1/{token(site, made.id)}")
    assert answer.headers["location"] == (
        "https://site.example/a?utm_source=ledger&utm_medium=email&utm_campaign=k"
    )


def test_a_link_of_another_instance_is_nobodys(site: Site) -> None:
    number = publish(site)
    stranger = Links(site.app.links.base, KeyRing(["another key that is long enough for it"]))
    assert site.client.get(f"/c/1/{stranger.reading_token(Reading(number))}").status_code == 404
