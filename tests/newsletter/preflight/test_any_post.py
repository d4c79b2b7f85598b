"""Whatever a post holds, its checks end, soon, with findings and nothing else (RULES T12)."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.errors import NewsletterError
from newsletter.preflight.hosts import is_preview, is_private, malformed
from tests.limits import SOON, soon
from tests.newsletter.preflight.planting import found

PIECES = st.sampled_from(
    ["{{", "}}", "{%", "%}", "<%", "%>", "{/*", "*/}", "[^", "[", "](", ")", "<a href='", "'>", "{name}",
     "<![", "<!--", "<p style='", ";", ":::", "$$", "http://", "[^1]: ", "![", "\n\n", "\n", "# ", "`", "é",
     "\u202e", "\ufffc", "|", "---", "<form ", "www.", "://", "@", "@[", "]]", "&#0;", "mailto:", "--"]
)  # fmt: skip
# What once grew with the square of its length: no paragraph may be longer than 30,000 characters.
LONG = {
    "Liquid": "{% a ", "ERB": "<%= a ", "Hugo": "{{ a ", "MDX": "{/* a ", "cites": "[@a ", "marks": "[^a",
    "links": "[a](b ", "fields": "{name|", "shouts": "!", "styles": "<p style='a:b;", "attributes": "{.a ",
    "imports": "import a ", "slashes": "/https:", "images": "![a](b ",
}  # fmt: skip


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=40))
def test_any_words_are_checked_without_a_defect(tmp_path: Path, pieces: list[str]) -> None:
    with suppress(NewsletterError):
        for finding in found(
            tmp_path, "".join(pieces).replace("\r", "").encode("utf-8", "replace").decode()
        ):
            assert finding.message.strip()


@given(st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=12))
def test_any_address_is_judged(pieces: list[str]) -> None:
    for url in ("".join(pieces), "https://" + "".join(pieces)):
        assert isinstance(malformed(url), str)
        assert is_private(url) in (True, False)
        assert is_preview(url) in (True, False)


@pytest.mark.parametrize("kind", LONG)
def test_long_rows_of_what_never_ends_are_checked_in_good_time(tmp_path: Path, kind: str) -> None:
    body = (LONG[kind] * 29_000)[:29_000]
    found(tmp_path, "Words.")
    with soon(), suppress(NewsletterError):
        found(tmp_path, body)


@pytest.mark.parametrize(
    "url", ["https://" + "a--" * 10_000, "https://" + "-git-" * 6_000 + ".vercel.app/"]
)
def test_a_long_host_is_judged_in_good_time(url: str) -> None:
    with soon(SOON / 4):
        assert malformed(url)
        assert not is_preview(url)


def test_long_labels_and_addresses_are_compared_in_good_time(tmp_path: Path) -> None:
    label, path = "x" * 9_000, "-".join(f"y{number}" for number in range(2_000))
    with soon():
        found(tmp_path, f"## Tides\n\nWords.[^1]\n\n[^1]: [{label} a b](https://q.example/{path})")
