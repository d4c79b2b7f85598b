"""What every answer carries, how large a body may be, and what a defect of ours looks like."""

import logging

import pytest
from sqlalchemy import text

from newsletter.web.security import LARGEST_BODY, shown_path
from tests.factories import NOON
from tests.newsletter.web.site import PICTURE, Site

SAFE = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
}
PAGES = (
    "/", "/subscribe", "/subscribe/ledger", "/archive/ledger", "/archive/ledger/november",
    "/m/0a1b2c.png", "/style/default.css", "/healthz", "/nothing", "/u/nothing",
)  # fmt: skip


def doors(site: Site) -> list[str]:
    """Return the address of every page that has a token."""
    _, confirm = site.asks("bea@readers.example")
    fresh = site.app.links.fresh_token(site.ada, NOON)
    goodbye = site.goodbye()
    return [f"/u/{goodbye}", f"/p/{goodbye}", f"/confirm/{confirm}", f"/me/{fresh}"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_every_answer_carries_the_safe_headers(site: Site, method: str) -> None:
    site.publish(assets=(PICTURE,))
    for path in (*PAGES, *doors(site)):
        answer = site.client.request(method, path)
        found = {name: answer.headers.get(name) for name in SAFE}
        assert found == SAFE, (method, path)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "set-cookie" not in answer.headers
        assert not 300 <= answer.status_code < 400, (method, path)
        assert answer.status_code < 500, (method, path)


def test_pages_of_a_person_are_kept_by_nobody_and_found_by_nobody(site: Site) -> None:
    for path in doors(site):
        answer = site.client.get(path)
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-robots-tag"] == "noindex"


def test_no_page_runs_a_script_or_carries_a_style_of_its_own(site: Site) -> None:
    """The policy forbids both: what a page carried all the same would do nothing."""
    for path in ("/", "/subscribe/ledger", "/archive/ledger", "/nothing", *doors(site)):
        answer = site.client.get(path)
        policy = answer.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "script-src" not in policy
        for forbidden in ("<script", "<style", " style=", " onclick=", "javascript:"):
            assert forbidden not in answer.text


@pytest.mark.parametrize("path", PAGES)
def test_head_answers_as_get_does(site: Site, path: str) -> None:
    site.publish(assets=(PICTURE,))
    get, head = site.client.get(path), site.client.head(path)
    assert head.status_code == get.status_code
    assert head.headers["content-type"] == get.headers["content-type"]
    assert head.headers["content-length"] == get.headers["content-length"]


def test_another_method_is_refused_in_plain_words(site: Site) -> None:
    allowed = dict.fromkeys(doors(site), "GET, HEAD, POST")
    allowed |= {"/subscribe/ledger": "GET, HEAD, POST", "/archive/ledger": "GET, HEAD"}
    allowed |= {"/": "GET, HEAD", "/healthz": "GET, HEAD", "/m/x": "GET, HEAD"}
    for path, methods in allowed.items():
        answer = site.client.delete(path)
        assert (answer.status_code, answer.text) == (405, "method not allowed\n")
        assert answer.headers["allow"] == methods, path


@pytest.mark.parametrize("door", ["u", "p", "subscribe"])
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_body_larger_than_any_form_is_refused(site: Site, door: str, kind: str) -> None:
    path = "/subscribe/ledger" if door == "subscribe" else f"/{door}/{site.goodbye()}"
    sent = b"action=leave&name=" + b"x" * LARGEST_BODY
    answer = site.client.post(path, content=sent, headers={"Content-Type": f"{kind}; boundary=b"})
    assert (answer.status_code, answer.text) == (413, "too large\n")
    assert site.state() == "active"


def test_nothing_tells_how_the_house_is_built(site: Site) -> None:
    for path in ("/docs", "/redoc", "/openapi.json", "/style.css", "/static/", "/admin", "/.git"):
        assert site.client.get(path).status_code == 404
    assert "server" not in site.client.get("/").headers


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_defect_of_ours_is_an_apology_and_a_line_in_the_log(
    site_on_both: Site, method: str, caplog: pytest.LogCaptureFixture
) -> None:
    """# S-18: no traceback to the visitor, no token in the log."""
    site = site_on_both
    token = site.goodbye()
    with site.app.database.begin() as session:
        session.execute(text("ALTER TABLE subscription RENAME TO subscription_gone"))
    try:
        with caplog.at_level(logging.DEBUG):
            answer = site.client.request(method, f"/u/{token}", data={"action": "leave"})
    finally:
        with site.app.database.begin() as session:
            session.execute(text("ALTER TABLE subscription_gone RENAME TO subscription"))
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text
    for inside in ("Traceback", "subscription", "sqlalchemy", token):
        assert inside not in answer.text
    assert {name: answer.headers.get(name) for name in SAFE} == SAFE
    # The test's own client logs what it asks for.
    ours = [one for one in caplog.records if not one.name.startswith("httpx")]
    written = "\n".join(caplog.handler.format(one) for one in ours)
    assert "a defect of ours at /u/…" in written
    assert token not in written


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/", "/"),
        ("/healthz", "/healthz"),
        ("/archive/ledger/november", "/archive/ledger/november"),
        ("/m/0a1b2c.png", "/m/0a1b2c.png"),
        ("/style/1f4fd8.css", "/style/1f4fd8.css"),
        ("/subscribe/ledger?email=ada@readers.example", "/subscribe/ledger"),
        ("/u/TOKEN", "/u/…"),
        ("/confirm/TOKEN?utm_source=x", "/confirm/…"),
        ("/me/TOKEN/", "/me/…"),
        ("/U/TOKEN", "/…"),
        ("//u/TOKEN", "/…"),
        ("/TOKEN", "/…"),
        ("/archives/TOKEN", "/…"),
    ],
)
def test_a_log_shows_open_addresses_whole_and_of_others_the_door(path: str, shown: str) -> None:
    """# S-18"""
    assert shown_path(path) == shown
