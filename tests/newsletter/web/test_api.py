"""The API: what a token opens, and what is said where none does."""

import json
from itertools import product
from typing import Any

import time_machine
from jsonschema import Draft202012Validator

from newsletter.access import CALLS_A_MINUTE, Scope
from newsletter.models import StoredEvent
from newsletter.web.api.guard import Guarded
from newsletter.web.api.segments import router
from subscribers import store
from subscribers.models import SuppressionReason
from tests.factories import NOON
from tests.newsletter.web.keys import bearer, people
from tests.newsletter.web.site import ADA, BEA, Site

LISTS, SEGMENT, SCHEMA = "/api/v1/lists", "/api/v1/lists/ledger/segment", "/api/v1/openapi.json"
PROBLEM = "application/problem+json"
JSON = {"Content-Type": "application/json"}
NO_TOKENS = (
    b"", b"Bearer", b"Bearer ", b"Bearer newsletter_x", b"Basic newsletter_x", b"newsletter_x",
    b"Bearer newsletter_\xe9",
)  # fmt: skip
ROUTES = (("GET", LISTS), ("GET", SEGMENT), ("POST", SEGMENT), ("GET", SCHEMA))


def problem(answer: Any, status: int) -> dict[str, Any]:
    """Return what a problem says, once it is one."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM)
    told: dict[str, Any] = answer.json()
    assert told["status"] == status
    return told


def test_a_program_sees_whom_a_filter_means(site_on_both: Site) -> None:
    site = site_on_both
    people(site, [BEA, "cem@readers.example"], "vip")
    with site.app.database.begin() as session:
        store.suppress(session, "cem@readers.example", SuppressionReason.BOUNCED, now=NOON)
    asked = {"filter": 'tag:vip and email ends "readers.example"'}
    held = bearer(site, Scope.PEOPLE)
    answers = [
        site.client.get(SEGMENT, params=asked, headers=held),
        site.client.post(SEGMENT, json=asked, headers=held),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert answer.json() == {
            "list": "ledger",
            "filter": asked["filter"],
            "explanation": 'people tagged vip, and whose email ends with "readers.example"',
            "count": 1,
            "sample": [{"email": BEA, "name": ""}],
        }
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-robots-tag"] == "noindex"


def test_no_filter_means_everybody(site: Site) -> None:
    told = site.client.post(SEGMENT, json={}, headers=bearer(site, Scope.PEOPLE)).json()
    assert (told["explanation"], told["count"]) == ("people on the list", 1)
    assert told["sample"] == [{"email": ADA, "name": "Ada"}]


def test_a_program_sees_every_list_and_how_many_may_be_mailed(site: Site) -> None:
    site.another_list("private", public=False)
    told = site.client.get(LISTS, headers=bearer(site)).json()
    assert told == {
        "lists": [
            {"slug": "ledger", "name": "The Monthly Ledger", "count": 1},
            {"slug": "private", "name": "The Monthly Ledger", "count": 0},
        ]
    }


def test_a_token_that_may_count_sees_nobody(site: Site) -> None:
    """RULES S-11: scopes."""
    held = bearer(site)
    for sample in ({}, {"sample": 0}):
        told = site.client.get(SEGMENT, params=sample, headers=held).json()
        assert (told["count"], told["sample"]) == (1, [])
    answer = site.client.get(SEGMENT, params={"sample": 1}, headers=held)
    assert "--people" in problem(answer, 403)["mend"]
    assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]
    assert ADA not in answer.text


def test_an_error_points_at_the_character(site: Site) -> None:
    site.publish()
    held = bearer(site) | JSON
    for text, position, reason in (
        ("joined > 2026-02-30", 9, "there is no day 2026-02-30"),
        ("tag:vip and", 11, "expected a field"),
        ("clicked(last 3)", 0, "november counts clicks `aggregate`: nobody's are known"),
        ("opened", 0, "opened: no issue of ledger counts opens by name"),
        ("tag:vip \ud800", 8, "cannot be typed"),
        ("x" * 4001, 0, "at most 4,000 characters"),
        (f"a in ({', '.join('1' * 501)})", 1506, "at most 500 values"),
    ):
        answer = site.client.post(SEGMENT, content=json.dumps({"filter": text}), headers=held)
        told = problem(answer, 422)
        assert reason in told["detail"]
        assert told["position"] == position
        assert "segments.md" in told["mend"]


def test_a_body_that_cannot_be_read_is_the_callers_fault(site: Site) -> None:
    held = bearer(site) | JSON
    for body in (
        b"", b"{", b"null", b"[]", b'{"filter": 1}', b'{"filter": "", "more": 1}', b"\xff\xfe",
        b'{"sample": -1}', b'{"sample": 101}', b'{"sample": "1"}', b"[" * 30_000,
    ):  # fmt: skip
        answer = site.client.post(SEGMENT, content=body, headers=held)
        assert answer.status_code in (400, 422)
        problem(answer, answer.status_code)


def test_too_much_is_not_read(site: Site) -> None:
    answer = site.client.post(SEGMENT, content=b" " * 70_000, headers=bearer(site) | JSON)
    problem(answer, 413)


def test_what_is_not_there_is_said_to_be_not_there(site: Site) -> None:
    held = bearer(site)
    for path in ("/api/v1/lists/nothing/segment", "/api/v1/nothing", "/api/v2/lists"):
        problem(site.client.get(path, headers=held), 404)
    answer = site.client.delete(SEGMENT, headers=held)
    problem(answer, 405)
    assert answer.headers["allow"] == "GET, POST"


def test_without_a_token_nothing_is_answered(site: Site) -> None:
    """RULES S-11, S-12: before the body is looked at."""
    token = bearer(site)["Authorization"].encode().removeprefix(b"Bearer ")
    for (method, path), header in product(ROUTES, (*NO_TOKENS, token, b"Basic " + token)):
        sent = {b"Authorization": header} if header else {}
        answer = site.client.request(method, path, headers=sent, content=b"{")
        problem(answer, 401)
        assert answer.headers["www-authenticate"].startswith('Bearer realm="newsletter"')


def test_a_token_in_an_address_opens_nothing(site: Site) -> None:
    token = bearer(site)["Authorization"].partition(" ")[2]
    for name in ("token", "access_token", "authorization"):
        problem(site.client.get(LISTS, params={name: token}), 401)


def test_every_route_looks_at_the_token_itself() -> None:
    """RULES S-11: by the route, and not by how its path is written."""
    assert {type(route) for route in router.routes} == {Guarded}


def test_without_any_token_there_is_no_api(site: Site) -> None:
    nothing = site.client.get("/nothing")
    for method, path in (*ROUTES, ("DELETE", SEGMENT), ("GET", "/api/v1/nothing")):
        answer = site.client.request(method, path, headers={"Authorization": "Bearer newsletter_x"})
        assert (answer.status_code, answer.content) == (404, nothing.content), (method, path)
        assert answer.headers == nothing.headers


def test_who_asks_too_often_is_told_when_to_come_back(site_on_both: Site) -> None:
    site = site_on_both
    with time_machine.travel(NOON.replace(second=20), tick=False):
        held, other = bearer(site), bearer(site, Scope.PEOPLE)
        for _ in range(CALLS_A_MINUTE):
            assert site.client.get(LISTS, headers=held).status_code == 200
        answer = site.client.get(LISTS, headers=held)
        problem(answer, 429)
        assert answer.headers["retry-after"] == "41"
        assert site.client.get(LISTS, headers=other).status_code == 200
    with time_machine.travel(NOON.replace(minute=1), tick=False):
        assert site.client.get(LISTS, headers=held).status_code == 200


def test_the_description_is_true_of_what_is_answered(site: Site) -> None:
    held = bearer(site, Scope.PEOPLE)
    told = site.client.get(SCHEMA, headers=held).json()
    assert set(told["paths"]) == {LISTS, "/api/v1/lists/{slug}/segment"}
    for path, name in ((LISTS, "Lists"), (SEGMENT, "Told")):
        shape = {"$ref": f"#/components/schemas/{name}", "components": told["components"]}
        Draft202012Validator(shape).validate(site.client.get(path, headers=held).json())
    for operations in told["paths"].values():
        for operation in operations.values():
            assert {"200", "401", "403", "404", "422", "429"} <= operation["responses"].keys()


def test_asking_leaves_no_report_behind(site: Site) -> None:
    site.client.get(SEGMENT, headers=bearer(site, Scope.PEOPLE))
    assert site.count(StoredEvent) == 0
