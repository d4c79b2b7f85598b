"""Every email is valid HTML, and uses nothing that a mail program lacks but what degrades well."""

import json
import subprocess
from typing import Any

import pytest

from newsletter.errors import NewsletterError
from tests.conftest import need
from tests.meters.allowed import ALLOWED, AS_OLD_AS_MAIL, CLIENTS, DEGRADES, FAMILIES, RULES
from tests.meters.documents import NAMES, email
from tests.meters.known import marks
from tests.meters.posts import SHARED
from tests.parts import ROOT

pytestmark = [pytest.mark.part("node"), pytest.mark.part("meters")]


@pytest.fixture(scope="session")
def answers() -> dict[str, Any]:
    """Ask one process of node about all emails."""
    documents = {}
    for name in NAMES:
        try:
            documents[name] = email(name).html
        except NewsletterError:
            continue  # the table of what is known says so
    folder = need("meters")["html-validate"].parents[2]
    question = {"documents": documents, "clients": CLIENTS, "rules": dict.fromkeys(RULES, "off")}
    told = subprocess.run(
        (need("node")["node"], ROOT / "tests" / "meters" / "inbox.mjs", folder),
        input=json.dumps(question),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    answer: dict[str, Any] = json.loads(told)
    return answer


@pytest.mark.parametrize("name", [pytest.param(one, marks=marks(one, "valid")) for one in NAMES])
def test_the_html_is_valid_but_for_what_email_asks(answers: dict[str, Any], name: str) -> None:
    assert email(name).html
    assert answers[name]["invalid"] == []


@pytest.mark.parametrize("family", FAMILIES)
def test_what_a_mail_program_lacks_degrades_well(answers: dict[str, Any], family: str) -> None:
    lacking = {
        (client, name): features
        for client in members(family)
        for name, answer in answers.items()
        if (features := lacks(answer, client) - ALLOWED[client])
    }
    assert lacking == {}


def members(family: str) -> list[str]:
    return [client for client in CLIENTS if client.startswith(f"{family}.")]


def lacks(answer: dict[str, Any], client: str) -> set[str]:
    """Return what a program lacks, or was never asked about, of what an email uses."""
    told = answer["clients"][client]
    return {*told["lacks"], *set(told["unasked"]) - AS_OLD_AS_MAIL}


def test_nothing_is_allowed_without_a_reason(answers: dict[str, Any]) -> None:
    allowed = {feature for features in ALLOWED.values() for feature in features}
    assert allowed == set(DEGRADES)
    assert all(DEGRADES.values())


@pytest.mark.parametrize("family", FAMILIES)
def test_nothing_is_allowed_without_a_use(answers: dict[str, Any], family: str) -> None:
    # Some features are used by shared posts only.
    for client in members(family) if SHARED.is_dir() else ():
        used = set[str]().union(*(lacks(answer, client) for answer in answers.values()))
        assert ALLOWED[client] <= used
