"""RULES S-17: whatever filter is asked for, nothing of ours breaks: no answer is 500 or more."""

import json

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from newsletter.access import Scope
from newsletter.models import ApiToken
from tests.fuzzing import examples
from tests.newsletter.web.keys import bearer, people
from tests.newsletter.web.site import BEA, Site

PATH = "/api/v1/lists/ledger/segment"
FIELDS = (
    "city",
    "age",
    "email",
    "name",
    "domain",
    "joined",
    "added",
    "engaged",
    "x-1",
    "ä.b",
    "tag",
)
OPERATORS = (
    "=",
    "==",
    "!=",
    "<>",
    "<",
    "<=",
    ">",
    ">=",
    "contains",
    "starts",
    "ends",
    "in",
    "not in",
)
VALUES = st.one_of(
    st.text(max_size=12).map(lambda text: f'"{text}"'),
    st.text(alphabet="%_\\'\"$.[]*?:;-/", max_size=8).map(lambda text: f"'{text}'"),
    st.integers(-(10**400), 10**400).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(lambda number: f"{number:f}"),
    st.dates().map(str),
    st.sampled_from(["true", "FALSE", "0001-01-01", "9999-12-31", "2026-02-30", "word", ""]),
)
CALLS = st.builds(
    "{}{}".format,
    st.sampled_from(["received", "opened", "clicked", "counted", "vip", "Received"]),
    st.sampled_from(
        ["", "()", "(last 3)", "(last 0)", "(last 51)", "(3, 4)", "(last", '("last" 3)']
    ),
)
COMPARISONS = st.builds(
    "{} {} {}".format, st.sampled_from(FIELDS), st.sampled_from(OPERATORS), VALUES
)
AMONG = st.builds(
    lambda field, values: f"{field} in ({', '.join(values)})",
    st.sampled_from(FIELDS),
    st.lists(VALUES, max_size=6),
)
LEAVES = st.one_of(
    COMPARISONS, AMONG, CALLS,
    st.builds("tag:{}".format, VALUES), st.builds("has {}".format, st.sampled_from(FIELDS)),
)  # fmt: skip
FILTERS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("{} or {}".format, inner, inner),
        st.builds("not {}".format, inner),
        st.builds("{} {}".format, inner, st.text(max_size=3)),
    ),
    max_leaves=8,
)
MANY = st.builds(
    lambda part, word, times: word.join([part] * times),
    st.sampled_from(
        ["a=1", "tag:a", "has a", "counted", "a in (1,1,1)", "not a=1", "(a=1)", "received"]
    ),
    st.sampled_from([" or ", " and ", ",", " "]),
    st.integers(1, 90),
)


@pytest.fixture
def held(site_on_both: Site) -> dict[str, str]:
    """Give the header of a token on a list where somebody is tagged."""
    people(site_on_both, [BEA], "vip")
    return bearer(site_on_both, Scope.PEOPLE) | {"Content-Type": "application/json"}


@settings(
    max_examples=examples(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(text=st.one_of(FILTERS, st.text(max_size=60), MANY))
@example(text=f"a in ({','.join('1' * 1950)})")
@example(text=" or ".join(["has a"] * 440))
def test_no_filter_is_an_error_of_ours(site_on_both: Site, held: dict[str, str], text: str) -> None:
    with site_on_both.app.database.begin() as session:
        # This one asks more than a program may.
        session.execute(update(ApiToken).values(used=0))
    answer = site_on_both.client.post(PATH, content=json.dumps({"filter": text}), headers=held)
    assert answer.status_code in (200, 422), (text, answer.text)
    told = answer.json()
    if answer.status_code == 422:
        assert 0 <= told["position"] <= len(text)
        assert told["detail"]
    else:
        assert told["count"] >= len(told["sample"])
        assert told["explanation"].startswith("people ")
