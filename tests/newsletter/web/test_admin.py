"""The admin's pages: signing in, what another site cannot do, and a filter tried."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product

import pytest
import time_machine

from newsletter import access
from newsletter.web import admin
from newsletter.web.admin.guard import COOKIE, Door, Private
from subscribers import store
from subscribers.database import now
from tests.factories import NOON
from tests.newsletter.web.keys import ADMIN, PASSWORD, admit, enter, people, press
from tests.newsletter.web.site import ADA, BEA, Site

SEGMENT = "/admin/lists/ledger/segment"
PAGES = ("/admin", SEGMENT)


def add_admin(site: Site) -> None:
    with site.app.database.begin() as session:
        access.add_admin(session, ADMIN, PASSWORD, now=now())


def is_in(site: Site) -> bool:
    return site.client.get("/admin").status_code == 200


def test_without_any_admin_there_are_no_pages(site: Site) -> None:
    """By whichever method, as if nothing were there."""
    nothing = site.client.get("/nothing")
    for path, method in product((*PAGES, "/admin/login", "/admin/logout"), ("GET", "POST", "PUT")):
        answer = site.client.request(method, path)
        assert (answer.status_code, answer.content) == (404, nothing.content), (method, path)
        assert answer.headers == nothing.headers


def test_over_http_from_elsewhere_there_are_no_pages(site_with: Callable[..., Site]) -> None:
    site = site_with(public_url="http://news.example")
    add_admin(site)
    assert site.client.get("/admin/login").status_code == 404


def test_every_page_asks_for_a_session_but_the_form() -> None:
    """RULES S-9, S-11: the route itself does."""
    asked = {
        (route.path, method): type(route)  # type: ignore[attr-defined]
        for router in admin.ROUTERS
        for route in router.routes
        for method in route.methods  # type: ignore[attr-defined]
    }
    open_to_all = {key for key, kind in asked.items() if kind is Door}
    assert open_to_all == {("/admin/login", method) for method in ("GET", "HEAD", "POST")}
    assert {kind for key, kind in asked.items() if key not in open_to_all} == {Private}


def test_who_signs_in_sees_the_lists_and_who_signs_out_does_not(site_on_both: Site) -> None:
    site = site_on_both
    add_admin(site)
    assert site.client.get("/admin").headers["location"] == "/admin/login"
    answer = enter(site)
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin")
    page = site.client.get("/admin")
    assert "The Monthly Ledger" in page.text
    assert "1 may be mailed" in page.text
    form = page.text.partition('name="form" value="')[2][:64]
    answer = press(site, "/admin/logout", form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin/login")
    assert COOKIE not in site.client.cookies
    assert not is_in(site)


def test_the_cookie_is_kept_by_a_browser_and_read_by_no_script(
    site: Site, site_with: Callable[..., Site]
) -> None:
    """RULES S-9, ENGINE §8: `__Host-` over https, and on this machine the same without it."""
    add_admin(site)
    words = enter(site).headers["set-cookie"].split("; ")
    assert words[0].startswith(f"{COOKIE}=")
    assert {*words[1:]} == {"HttpOnly", "Path=/", "SameSite=lax"}


def test_over_https_the_cookie_is_of_this_host_alone(site_with: Callable[..., Site]) -> None:
    """RULES S-9"""
    site = site_with(public_url="https://news.example")
    add_admin(site)
    words = enter(site).headers["set-cookie"].split("; ")
    assert words[0].startswith(f"__Host-{COOKIE}=")
    assert {*words[1:]} == {"HttpOnly", "Path=/", "SameSite=lax", "Secure"}


def test_an_unknown_name_and_a_wrong_password_are_told_alike(site: Site) -> None:
    """RULES S-9"""
    add_admin(site)
    origin = {"Origin": site.app.settings.public_url}
    answers = [
        site.client.post("/admin/login", data={"name": name, "password": word}, headers=origin)
        for name, word in ((ADMIN, "wrong"), ("nobody", PASSWORD), ("", ""), ("\0", "\0"))
    ]
    told = {answer.text.replace(f'value="{ADMIN}"', "").replace('value="nobody"', "").replace(
        'value=""', "").replace('value="\0"', "") for answer in answers}  # fmt: skip
    assert {answer.status_code for answer in answers} == {403}
    assert len(told) == 1
    assert "Name or password is wrong." in told.pop()
    assert not any("set-cookie" in answer.headers for answer in answers)


def test_after_five_tries_the_sixth_waits_a_quarter_of_an_hour(site_on_both: Site) -> None:
    """RULES S-9"""
    site = site_on_both
    with time_machine.travel(NOON, tick=False):
        add_admin(site)
        assert [enter(site, "wrong").status_code for _ in range(5)] == [403] * 5
        answer = enter(site)
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "901")
        assert "Too many tries. Wait 15 minutes." in answer.text
    with time_machine.travel(NOON + timedelta(minutes=15), tick=False):
        assert enter(site).status_code == 303


def test_a_session_ends_with_an_hour_of_nothing(site: Site) -> None:
    """RULES S-9"""
    with time_machine.travel(NOON, tick=False) as clock:
        admit(site)
        for minutes in (50, 50):
            clock.shift(timedelta(minutes=minutes))
            assert is_in(site)
        clock.shift(timedelta(minutes=60))
        assert not is_in(site)


def test_a_new_password_and_being_taken_away_end_it_too(site: Site) -> None:
    """RULES S-9"""
    admit(site)
    with site.app.database.begin() as session:
        found = access.find_admin(session, ADMIN)
        assert found
        access.change_password(session, found, "another long password")
    assert not is_in(site)
    assert enter(site, "another long password").status_code == 303
    with site.app.database.begin() as session:
        found = access.find_admin(session, ADMIN)
        assert found
        access.remove_admin(session, found)
    assert site.client.get("/admin").status_code == 404


@pytest.mark.parametrize(
    "origin",
    ["", "null", "https://evil.example", "http://127.0.0.1:8025.evil.example", "http://testserver"],
)
def test_no_other_site_presses_a_button(site: Site, origin: str) -> None:
    """RULES S-9: listmonk took forms from anywhere (CVE-2025-58430)."""
    form = admit(site)
    headers = {"Origin": origin} if origin else {}
    for path in ("/admin/logout", "/admin/login", SEGMENT):
        sent = {"form": form, "filter": "", "name": ADMIN, "password": PASSWORD}
        answer = site.client.post(path, data=sent, headers=headers)
        assert answer.status_code == 403
        assert ADA not in answer.text
    assert is_in(site)


def test_a_form_of_another_session_is_not_taken(site: Site) -> None:
    """RULES S-9"""
    other = admit(site)
    site.client.cookies.clear()
    enter(site)
    for form in ("", "x", "\xe9", other):
        assert press(site, "/admin/logout", form).status_code == 403
    assert is_in(site)


def test_on_this_machine_any_port_of_it_is_ours(site: Site) -> None:
    add_admin(site)
    tunnel = {"Host": "127.0.0.1:9000", "Origin": "http://127.0.0.1:9000"}
    assert enter(site, **tunnel).status_code == 303
    rebound = {"Host": "evil.example", "Origin": "http://evil.example"}
    assert enter(site, **rebound).status_code == 403


def test_nothing_of_it_is_kept_found_or_run(site: Site) -> None:
    """RULES S-9, S-10"""
    form = admit(site)
    for answer in (*map(site.client.get, PAGES), press(site, SEGMENT, form, filter="tag:vip")):
        told = answer.headers
        assert (told["cache-control"], told["x-robots-tag"]) == ("no-store", "noindex")
        assert told["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
        assert told["x-frame-options"] == "DENY"
        assert "<script" not in answer.text


def test_a_filter_is_said_in_words_counted_and_shown(site_on_both: Site) -> None:
    site = site_on_both
    people(site, [f"reader{number:02}@readers.example" for number in range(12)], "vip")
    form = admit(site)
    answer = press(site, SEGMENT, form, filter='tag:vip\r\nand email ends ".example"')
    assert answer.status_code == 200
    assert "12 people" in answer.text
    assert (
        "People tagged vip, and whose email ends with &#34;.example&#34;, who may be" in answer.text
    )
    assert "The first 10, by address" in answer.text
    shown = [f"reader{number:02}@readers.example" in answer.text for number in range(12)]
    assert shown == [True] * 10 + [False] * 2
    assert "newsletter send POST --list ledger --segment" in answer.text
    everybody = press(site, SEGMENT, form, filter="")
    assert "13 people" in everybody.text
    assert "newsletter send POST --list ledger</pre>" in everybody.text


def test_an_error_stands_under_its_character(site: Site) -> None:
    form = admit(site)
    answer = press(site, SEGMENT, form, filter="joined > 2026-02-30 & x")
    assert answer.status_code == 422
    assert "Character 10: there is no day 2026-02-30" in answer.text
    assert "joined &gt; <mark>2</mark>026-02-30 &amp; x</pre>" in answer.text
    assert "joined &gt; 2026-02-30 &amp; x</textarea>" in answer.text
    end = press(site, SEGMENT, form, filter="tag:vip and")
    assert "tag:vip and<mark> </mark></pre>" in end.text


def test_what_cannot_be_known_is_refused_with_the_reason(site: Site) -> None:
    site.publish()
    form = admit(site)
    answer = press(site, SEGMENT, form, filter="clicked(last 3)")
    assert answer.status_code == 422
    assert "november counts clicks <code>aggregate</code>: nobody&#39;s are known" in answer.text


def test_nothing_that_a_person_wrote_is_read_as_html(site: Site) -> None:
    """RULES S-8, S-14: names and filters are hostile."""
    with site.app.database.begin() as session:
        person = store.find(session, ADA)
        assert person
        person.name = "<script>alert(1)</script>"
    form = admit(site)
    for text in ("", '"><img src=x onerror=1>', 'name = "<b>"'):
        answer = press(site, SEGMENT, form, filter=text)
        assert answer.status_code in (200, 422)
        assert not {"<script", "<img", "<b>"} & set(answer.text.split('"'))
        assert "<script>" not in answer.text
        assert "<img" not in answer.text


def test_a_list_that_is_not_there_has_no_page(site: Site) -> None:
    form = admit(site)
    assert site.client.get("/admin/lists/nothing/segment").status_code == 404
    assert press(site, "/admin/lists/nothing/segment", form).status_code == 404
    assert BEA not in site.client.get(SEGMENT).text
