"""Every email is valid HTML, and uses nothing that a mail program lacks but what degrades well."""

import json
import subprocess
from typing import Any

import pytest

from newsletter.errors import NewsletterError
from tests.conftest import need
from tests.meters.allowed import ALLOWED, CLIENTS, DEGRADES, RULES
from tests.meters.documents import NAMES, email
from tests.meters.known import marks
from tests.parts import ROOT

pytestmark = [pytest.mark.part("node"), pytest.mark.part("meters"), pytest.mark.xdist_group("node")]


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


@pytest.mark.parametrize("name", [pytest.param(one, marks=marks(one, "clients")) for one in NAMES])
def test_what_a_mail_program_lacks_degrades_well(answers: dict[str, Any], name: str) -> None:
    assert email(name).html
    lacking = {
        client: sorted(set(features) - ALLOWED[client])
        for client, features in answers[name]["unsupported"].items()
        if set(features) - ALLOWED[client]
    }
    assert lacking == {}


def test_nothing_is_allowed_without_a_reason_or_a_use(answers: dict[str, Any]) -> None:
    allowed = {feature for features in ALLOWED.values() for feature in features}
    assert allowed == set(DEGRADES)
    assert all(DEGRADES.values())
