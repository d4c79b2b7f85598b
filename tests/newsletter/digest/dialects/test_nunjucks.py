"""Nunjucks' macros, imports and expressions in an Eleventy post come to what they say."""

from pathlib import Path

import pytest

from newsletter.digest.dialects.dialect import Lifted
from tests.limits import soon
from tests.newsletter.digest.dialects.lifting import body, lift, told, write_site

SITE = {
    "eleventy.config.js": "export const config = { dir: { input: 'src' } };\n",
    "src/_includes/parts.njk": "{% macro link(to, text='more') %}[{{ text }}]({{ to }}){% endmacro %}\n"
    "{% macro box() %}**{{ caller() }}**{% endmacro %}\nNot shown.\n",
}
BUTTON = "{% macro b(t, u='/x/') %}<b>{{ t }}</b> {{ u }}{% endmacro %}"


def run(folder: Path, text: str) -> Lifted:
    """Lift a body as the post of an Eleventy site."""
    write_site(folder, SITE | {"src/a.md": f"---\ntitle: A\n---\n{text}"})
    return lift(folder / "src/a.md")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (BUTTON + "{{ b('A') }}, {{ b('B', '/y/') }} and {{ b(u='/z/', t='C') | safe }}", "<b>A</b> /x/, <b>B</b> /y/ and <b>C</b> /z/"),
        (BUTTON + "{% set name = 'Ada' %}{{ b(name) }}", "<b>Ada</b> /x/"),
        ('{% import "parts.njk" as p %}{{ p.link("/a/") }}', "[more](/a/)"),
        ("{% from 'parts.njk' import link, box as fat with context %}{{ link('/a/', 'b') }} {% call fat() %}in *here*{% endcall %}", "[b](/a/) **in *here***"),
        ("{% set a = ['x', 'y'] %}{% set o = {k: 1, 'l': a} %}{{ o.k }} {{ o.l[1] }} {% for i in ['p', 'q'] %}{{ i }}{% endfor %}", "1 y pq"),
        ("{% set a = 'x' %}{{ a ~ '-' ~ 2 }} {{ none or 'z' }} {{ 'yes' if a == 'x' else 'no' }} {{ 'a' if false }}", "x-2 z yes"),
        ("`{{ b('A') }}` stays", "`{{ b('A') }}` stays"),
    ],
)  # fmt: skip
def test_macros_and_expressions_come_to_what_they_say(
    tmp_path: Path, written: str, meant: str
) -> None:
    lifted = run(tmp_path, written)

    assert body(lifted).strip() == meant
    assert lifted.findings == ()


@pytest.mark.parametrize(
    ("written", "shown", "named"),
    [
        ("{{ nobody('x') }}", "*See it online*", "nobody"),
        ("{% call nobody('x') %}Words *stay*.{% endcall %}", "Words *stay*.", "call"),
        ("{% import 'none.njk' as p %}\n{{ p.a() }}", "*See it online*", "import none.njk"),
        ("{% import '../../secret.njk' as p %}A", "A", "import ../../secret.njk"),
        ("{% macro m( %}x{% endmacro %}A", "xA", "macro"),
    ],
)
def test_what_no_macro_is_known_for_is_named_and_its_words_stay(
    tmp_path: Path, written: str, shown: str, named: str
) -> None:
    lifted = run(tmp_path, written)

    assert body(lifted).strip() == shown
    assert told(lifted)[0] == (named, 4)


def test_what_a_macro_shows_stands_in_the_line_of_its_call(tmp_path: Path) -> None:
    lifted = run(
        tmp_path, "{% macro m() %}\nOne\n\nTwo\n{% endmacro %}\n\n{{ m() }}\n\n{{ odd }}\n"
    )

    assert told(lifted) == [("odd", 12)]
    assert lifted.line(lifted.text.split("\n").index("Two") + 1) == 10


@pytest.mark.parametrize(
    "hostile",
    [
        "{% macro a(x) %}{{ a(x) }}{{ a(x) }}{% endmacro %}{{ a(1) }}",
        "{% macro a(x) %}{{ x }}{{ x }}{% endmacro %}{% set y = 'abc' %}"
        + "{% set y %}{{ a(y) }}{% endset %}" * 40
        + "{{ y }}",
        "{% macro a() %}{% call a() %}{{ caller() }}{% endcall %}{% endmacro %}{{ a() }}",
        "{% macro a(" * 20_000,
        "{% macro a() %}" * 15_000 + "{% endmacro %}" * 100,
        '{% import "parts.njk" as p %}' * 8_000,
        "{% import " + " " * 3_900 + "x %}" * 60,
        "{{ a((" * 40_000,
        "{{ [[[[ }}" * 20_000,
        "{% set x = {a: " * 15_000,
    ],
)
def test_no_macro_takes_long(tmp_path: Path, hostile: str) -> None:
    with soon():
        lifted = run(tmp_path, hostile)
    assert len(lifted.text) < 4_000_000
