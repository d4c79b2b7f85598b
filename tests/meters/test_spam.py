"""No rule of SpamAssassin's own says that an email looks like spam, and none is cut by Gmail."""

import os
import re
import subprocess

import pytest

from newsletter.errors import NewsletterError
from tests.conftest import need
from tests.meters.allowed import SPAM_RULES
from tests.meters.documents import NAMES, POSTS, email, message
from tests.meters.known import marks
from tests.meters.posts import EXAMPLES, published

# Gmail shows so many bytes of the HTML.
CUT = 102_400
NINE_STORIES = 50_000
MOST = 0.5
# A line of SpamAssassin's report: points, rule.
POINTS = re.compile(r"^\s*(-?\d+\.\d) (\w+) ", re.MULTILINE)


@pytest.fixture(scope="session")
def scores(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, float]]:
    """Ask one SpamAssassin about all emails, by its local rules only; it learns from none."""
    folder, home = tmp_path_factory.mktemp("spam"), tmp_path_factory.mktemp("home")
    program = need("spamassassin")["spamassassin"]
    names = []
    for name in NAMES:
        try:
            (folder / name).write_bytes(message(name))
        except NewsletterError:
            continue
        names.append(name)
    told = subprocess.run(
        (program, "-L", "-t", "--cf", "use_bayes 0", *(folder / name for name in names)),
        env=os.environ | {"HOME": str(home)},
        capture_output=True,
        check=True,
    ).stdout.decode("utf-8", "replace")
    reports = told.split("\nContent analysis details:")[1:]
    tables = [one.split("---- ----", 1)[1].split("\n\n", 1)[0] for one in reports]
    found = [{rule: float(points) for points, rule in POINTS.findall(one)} for one in tables]
    return dict(zip(names, found, strict=True))


@pytest.mark.part("spamassassin")
@pytest.mark.parametrize("name", [pytest.param(one, marks=marks(one, "spam")) for one in NAMES])
def test_no_email_looks_like_spam(scores: dict[str, dict[str, float]], name: str) -> None:
    assert email(name).html
    ours = {rule: points for rule, points in scores[name].items() if rule not in SPAM_RULES}
    assert sum(ours.values()) <= MOST, ours


@pytest.mark.parametrize("name", [pytest.param(one, marks=marks(one, "size")) for one in NAMES])
def test_gmail_shows_the_whole_html_or_a_finding_says_that_it_does_not(name: str) -> None:
    size = len(email(name).html.encode())
    if name in {post.name for post in EXAMPLES}:
        assert size <= NINE_STORIES
    codes = {one.code for one in published(POSTS[name]).findings} if name in POSTS else set()
    assert size <= CUT or "clipped" in codes
