"""Every door of the public pages: who may come in, tried with every key there is.

A reader holds a link that was sent to them, a provider signs what it says, a program shows a token,
an admin is signed in.
"""

from collections.abc import Iterator
from hashlib import sha256
from itertools import product

import pytest
import time_machine
from fastapi.routing import APIRoute

from newsletter.access import Scope
from newsletter.web.admin.guard import COOKIE
from newsletter.web.app import ROUTERS, create_app
from subscribers import store
from subscribers.address import parse
from subscribers.models import Subscriber
from tests.factories import NOON
from tests.newsletter.web.keys import ADMIN, admit, bearer
from tests.newsletter.web.site import Site

EVERYBODY, SIGNED, BEARER, SESSION = "everybody", "signed", "bearer", "session"
# Each route, and whose key opens it.
DOORS = {
    "/": EVERYBODY,
    "/subscribe": EVERYBODY,
    "/subscribe/{slug}": EVERYBODY,
    "/archive/{slug}": EVERYBODY,
    "/archive/{slug}/{key}": EVERYBODY,
    "/m/{name}": EVERYBODY,
    "/style/{accent}.css": EVERYBODY,
    "/style/{accent}.svg": EVERYBODY,
    "/healthz": EVERYBODY,
    "/webhooks/sendgrid": SIGNED,
    "/u/{token}": "footer",
    "/p/{token}": "footer",
    "/stay/{token}": "footer",
    "/confirm/{token}": "request",
    "/me/{token}": "fresh",
    "/me/{token}/copy": "fresh",
    "/me/{token}/erase": "fresh",
    "/address/{token}": "move",
    "/api/v1/lists": BEARER,
    "/api/v1/lists/{slug}/segment": BEARER,
    "/api/v1/openapi.json": BEARER,
    "/admin/login": EVERYBODY,
    "/admin/logout": SESSION,
    "/admin": SESSION,
    "/admin/lists/{slug}/segment": SESSION,
}
# Doors to which a key is shown in a header.
IN_A_HEADER = [path for path, kind in DOORS.items() if kind == BEARER]
FOR_ADMINS = [path for path, kind in DOORS.items() if kind == SESSION]
VARIANTS = (
    "{path}/", "/{path}", "{upper}", "{path}%2f", "{path};x=1", "{path}%00", "/.{path}", "{path}/.",
)  # fmt: skip


def routes(site: Site) -> Iterator[tuple[str, set[str]]]:
    """Yield the path of each route, and the methods it answers."""
    own = create_app(site.app).routes
    for route in (*own, *(route for router in ROUTERS for route in router.routes)):
        if isinstance(route, APIRoute):
            yield route.path, route.methods or set()


def keys(site: Site) -> dict[str, str]:
    """Return one key of each kind, each of somebody of their own, and some that are none."""
    links = site.app.links
    _, request = site.asks("bea@readers.example")
    with site.app.database.begin() as session:
        person = session.get_one(Subscriber, site.ada)
        wish = store.ask_to_move(session, person, parse("ada@new.example"), now=NOON)
        assert wish
    return {
        "footer": site.goodbye(),
        "request": request,
        "fresh": links.fresh_token(site.ada, NOON),
        "move": links.move_token(wish.id, NOON),
        "form": links.form_token(NOON),
        "delivery": links.seal_delivery(1, site.ada),
        "nothing": "nothing",
        BEARER: bearer(site, Scope.PEOPLE)["Authorization"].partition(" ")[2],
    }


def test_every_door_is_on_the_list(site: Site) -> None:
    """RULES S-12: a new one has to say who may come in."""
    assert {path for path, _ in routes(site)} == DOORS.keys()


def test_every_key_opens_its_own_door_and_no_other(site: Site) -> None:
    """RULES S-12: every route, every method, every key, and none."""
    missing = site.client.get("/u/nothing").content
    tried = 0
    with time_machine.travel(NOON, tick=False):
        for kind, key in keys(site).items():
            for path, methods in routes(site):
                if "{token}" not in path or DOORS[path] == kind:
                    continue
                for method in methods - {"HEAD"}:
                    there = path.replace("{token}", key)
                    answer = site.client.request(method, there, data={"action": "leave"})
                    told = (answer.status_code, answer.content)
                    assert told == (404, missing), (kind, method, path)
                    tried += 1
    assert tried > 40
    assert site.state() == "active"


def test_a_door_with_a_header_opens_to_no_key_of_another_door(site: Site) -> None:
    """RULES S-12: nor to its own, shown in another way."""
    with time_machine.travel(NOON, tick=False):
        held = keys(site)
        for path, (kind, key) in product(IN_A_HEADER, held.items()):
            there = path.replace("{slug}", "ledger")
            shown = {"Authorization": f"Bearer {key}"}
            opens = site.client.get(there, headers=shown)
            assert opens.status_code == (200 if kind == BEARER else 401), (kind, path)
            for cookie in ("session", "__Host-admin", "admin", "Authorization"):
                sent = {"Cookie": f"{cookie}={key}"}
                assert site.client.get(there, headers=sent).status_code == 401


def test_no_key_of_another_door_makes_an_admin(site: Site) -> None:
    """RULES S-11, S-12: a token reaches nothing that asks for a session, by whichever method."""
    with time_machine.travel(NOON, tick=False):
        admit(site)
        key = site.client.cookies[COOKIE]
        site.client.cookies.clear()
        held = keys(site) | {"none": "", "name": ADMIN, "hash": sha256(key.encode()).hexdigest()}
        for (path, methods), shown in product(routes(site), held.values()):
            if path not in FOR_ADMINS:
                continue
            there = path.replace("{slug}", "ledger")
            for method in methods:
                sent = {
                    "Cookie": f"{COOKIE}={shown}; __Host-{COOKIE}={key}; session={key}",
                    "Authorization": f"Bearer {shown}",
                    "Origin": site.app.settings.public_url,
                }
                answer = site.client.request(method, there, headers=sent)
                assert answer.status_code == 303, (method, path)
                assert answer.headers["location"] == "/admin/login"
        opened = site.client.get("/admin", headers={"Cookie": f"{COOKIE}={key}"})
    assert opened.status_code == 200


@pytest.mark.parametrize("variant", VARIANTS)
def test_no_spelling_of_a_path_opens_an_admins_page(site: Site, variant: str) -> None:
    """RULES S-11"""
    admit(site)
    site.client.cookies.clear()
    for path, method in product(FOR_ADMINS, ("GET", "POST")):
        real = path.replace("{slug}", "ledger")
        spelt = variant.format(path=real, upper=real.upper())
        answer = site.client.request(method, f"http://testserver{spelt}")
        assert answer.status_code in (303, 404, 405), spelt
        assert answer.headers.get("location", "/admin/login") == "/admin/login"


@pytest.mark.parametrize("variant", VARIANTS)
def test_no_spelling_of_a_path_opens_the_api(site: Site, variant: str) -> None:
    """RULES S-11"""
    bearer(site)
    for path in IN_A_HEADER:
        real = path.replace("{slug}", "ledger")
        spelt = variant.format(path=real, upper=real.upper())
        answer = site.client.get(f"http://testserver{spelt}")
        assert answer.status_code in (401, 404), spelt


def test_every_door_opens_to_its_own_key(site: Site) -> None:
    with time_machine.travel(NOON, tick=False):
        held = keys(site)
        for path, kind in DOORS.items():
            if kind in held and kind != BEARER and not path.endswith("/erase"):
                answer = site.client.get(path.replace("{token}", held[kind]))
                assert answer.status_code == 200, path


@pytest.mark.parametrize("variant", VARIANTS)
def test_no_spelling_of_a_path_opens_a_door_without_its_key(site: Site, variant: str) -> None:
    """RULES S-11: Ghost's trailing slash (CVE-2026-22595) led past its lock."""
    with time_machine.travel(NOON, tick=False):
        held = keys(site)
        for path, kind in DOORS.items():
            if "{token}" not in path:
                continue
            for key in {held["footer"], held["nothing"]} - {held.get(kind, "")}:
                real = path.replace("{token}", key)
                spelt = variant.format(path=real, upper=real.upper())
                for method in ("GET", "POST"):
                    # With the host, or a path of two slashes would be one.
                    answer = site.client.request(method, f"http://testserver{spelt}")
                    assert answer.status_code in (404, 405), (method, spelt)
                    assert "location" not in answer.headers


def test_nobody_is_known_by_what_their_browser_sends_along(site: Site) -> None:
    """RULES S-9: of readers there is no session to steal, and where no admin and no token was made,
    no other: nothing that another site's page could press for them.
    """
    mine = {"Cookie": "session=x; __Host-session=y", "Authorization": "Bearer abc"}
    with time_machine.travel(NOON, tick=False):
        for path, methods in routes(site):
            there = path.replace("{token}", "nothing").replace("{slug}", "ledger")
            for method in methods:
                bare = site.client.request(method, there)
                with_them = site.client.request(method, there, headers=mine)
                assert bare.content == with_them.content, there
                assert bare.status_code == with_them.status_code
                assert "set-cookie" not in bare.headers | with_them.headers


def test_a_provider_that_signs_nothing_is_not_believed(site: Site) -> None:
    """RULES S-12, WH-2: without a key set the door is not there at all."""
    assert site.client.post("/webhooks/sendgrid", content=b"[]").status_code == 404


@pytest.mark.parametrize("lacks", ["postal_address", "privacy_url"])
def test_a_list_that_is_nowhere_takes_no_sign_up(site: Site, lacks: str) -> None:
    """RULES L-2: nothing leaves in its name, a confirmation neither."""
    site.edit(**{lacks: ""})
    with time_machine.travel(NOON, tick=False):
        form = site.form(shown=NOON.replace(hour=11))
        answers = [
            site.client.get("/subscribe/ledger"),
            site.client.post("/subscribe/ledger", data=form),
        ]
    assert [one.status_code for one in answers] == [503, 503]
    assert site.letters("confirm") == []
