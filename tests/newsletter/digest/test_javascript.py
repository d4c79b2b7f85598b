"""Values are read out of a configuration in JavaScript; nothing of it is run."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.digest.javascript import config_values, values
from tests.limits import soon


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("module.exports = {url: 'https://a.example', b: true}", {"url": "https://a.example", "b": True}),
        ("export default defineConfig({\n  site: \"x\", // site: 'y'\n  build: {format: 'file'},\n})", {"site": "x", "build.format": "file"}),
        ("const config: Config = {\n 'base-url': `/x/`,\n};", {"base-url": "/x/"}),
        ("const url = 'x';\nexport default {url, base: url}", {"url": "x", "base": "x"}),
        ("x = {presets: [['classic', {blog: {path: 'b'}}], 'other']}", {"presets.blog.path": "b"}),
        ("x = {/* a: 'no' */ b: 'it\\'s', c: \"// d\"}", {"b": "it's", "c": "// d"}),
        ("x = {a: process.env.A || 'no', b: dev ? '/' : '/x', c: `a${b}`, d: 'a' + 'b', e: f('g')}", {}),
        ("x = {a: 'one', a: 'two'} satisfies Config", {"a": "one"}),
        ("x = {a: 'one' as const, ok: 'y'}", {"ok": "y"}),
    ],
)  # fmt: skip
def test_plain_values_are_found_by_their_dotted_keys(source: str, found: dict[str, object]) -> None:
    assert values(source) == found


def test_a_file_that_is_not_there_or_no_text_has_no_values(tmp_path: Path) -> None:
    (tmp_path / "b.js").write_bytes(b"\xff\xfe\x00")

    assert config_values(tmp_path / "a.js") == config_values(tmp_path / "b.js") == {}


@pytest.mark.parametrize(
    "hostile",
    ["{a:" * 80_000, "{a:'',b" * 30_000, "'" * 250_000, "`" * 249_999, "/*" * 100_000, "a:\"b" * 50_000, "[" * 250_000],
    ids=lambda text: text[:6],
)  # fmt: skip
def test_no_configuration_takes_long_to_read(hostile: str) -> None:
    """Rule T12: nothing hangs for more than two seconds."""
    with soon():
        values(hostile)


@given(
    st.lists(st.sampled_from([*"{}[]():,=;'\"`/*\\\n ab", "url", "'x'"]), max_size=40).map("".join)
)
def test_no_source_breaks_the_reading(source: str) -> None:
    """Rule T12: what strangers write is fuzzed."""
    assert all(isinstance(value, str | bool) for value in values(source).values())
