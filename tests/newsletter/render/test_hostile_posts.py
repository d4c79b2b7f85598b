"""RULES T12: whatever a post holds, its email is made in good time, and nothing in it runs."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.digest.author_text import neutral
from newsletter.errors import PostError
from newsletter.slots import HOLE
from tests.emails import EXAMPLES, document, rendered
from tests.limits import soon

EVERYTHING = Path(__file__).parents[2] / "posts" / "everything.md"
NEVER = {
    *("script", "iframe", "form", "input", "button", "base", "object", "embed", "svg", "math"),
    *("audio", "video", "applet", "frame", "frameset", "link", "template", "textarea", "select"),
}
SCHEMES = ("https://", "http://", "mailto:", "tel:", "#")
PIECES = st.sampled_from(
    [
        *("<script>", "</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "</svg>"),
        *("<a href='javascript:alert(1)'>", "</a>", "[x](javascript:alert(1))", "<style>", "</style>"),
        *("<div onclick=x style='position:fixed'>", "</div>", "<table>", "<tr>", "<td>", "</table>"),
        *("<iframe src=javascript:x>", "<iframe srcdoc='<script>'>", "</iframe>", "<math>", "</math>"),
        *("<object data=data:text/html,x>", "<form action=x>", "<input value=x>", "<base href=//x>"),
        *("<details>", "<summary>", "</details>", "<figure>", "<figcaption>", "</figure>", "<aside>"),
        *("<video src=vbscript:x poster=javascript:x>", "</video>", "<noscript>", "</noscript>"),
        *("> [!NOTE]\n", "> ", "- ", "    ", "## ", "\n", "\n\n", "$", "$$", "\\(", "\\)", "`", "```\n"),
        *("$\\href{javascript:x}{y}$", "\\begin{align}", "\\end{align}", "==", ":tada:", "*[a]: <b>\n"),
        *("```js title=\"<script>\"\n", "[^1]", "\n[^1]: ", "![a](x.png)", "<!--", "-->", "a", "&lt;"),
        *("&#60;script&#62;", "zzb000zz", "\ue010", "&#xE010;", "&#xE000;", "|a|b|\n|-|-|\n", "]]>"),
        *("<abbr title='<script>'>", "</abbr>", "<pre>", "</pre>", "<p class=maths>", "</p>", "<!["),
    ]
)  # fmt: skip


def _assert_harmless(html: str, text: str) -> None:
    assert neutral(text) == text.replace("slot.invalid", "slot.example")
    assert not HOLE.search(html)
    for element in document(html).iter():
        assert element.tag not in NEVER
        for name, value in element.attrib.items():
            assert not name.startswith("on"), name
            if name in ("href", "src", "background", "action", "poster"):
                assert value.startswith(SCHEMES), value
            # The words alone may be anything's: an id is made of those of its heading.
            assert "javascript:" not in value.lower() or name in ("alt", "title")
        style = element.get("style", "").replace(" ", "").lower()
        assert "url(" not in style
        assert "expression(" not in style


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(PIECES, max_size=40))
@soon()
def test_nothing_that_is_written_runs(tmp_path: Path, pieces: list[str]) -> None:
    """RULES T12, S-14."""
    try:
        email = rendered(tmp_path, "".join(pieces)).email
    except PostError:
        return
    _assert_harmless(email.html, email.text)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
@soon()
def test_a_post_that_is_cut_and_mixed_is_still_an_email(
    tmp_path: Path, data: st.DataObject
) -> None:
    """RULES T12: real posts, mutated."""
    post = data.draw(st.sampled_from([*EXAMPLES, EVERYTHING]))
    lines = post.read_text("utf-8").split("\n")[8:]
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(lines) - 1))
        line = lines[at]
        cut = data.draw(st.integers(0, len(line)))
        lines[at] = line[:cut] + data.draw(PIECES) + line[cut:]
        swap = data.draw(st.integers(0, len(lines) - 1))
        lines[at], lines[swap] = lines[swap], lines[at]
    try:
        email = rendered(tmp_path, "\n".join(lines)).email
    except PostError:
        return
    _assert_harmless(email.html, email.text)


@pytest.mark.parametrize(
    "piece",
    ["<div>\n\n", "> [!NOTE]\n> a\n\n", "$x^2$ ", "|a|b|\n|-|-|\n|c|d|\n\n", "```js\na\n```\n\n"],
)
def test_a_long_post_of_one_thing_is_made_in_good_time(tmp_path: Path, piece: str) -> None:
    """RULES T12."""
    rendered(tmp_path, "a")
    with soon(4):
        rendered(tmp_path, piece * (20_000 // len(piece)))
