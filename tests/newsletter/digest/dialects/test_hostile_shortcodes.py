"""Any body at all is lifted, soon and without loss: Hugo's and Zola's shortcodes thrown at it."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.digest.dialects.dialect import Lifted, Page
from newsletter.digest.dialects.hugo.shortcodes import lift_shortcodes as lift_hugo
from newsletter.digest.dialects.zola.shortcodes import lift_shortcodes as lift_zola
from tests.limits import HALF, SOON, soon
from tests.newsletter.digest.dialects.lifting import page

Lift = Callable[[str, Page], Lifted]
LIFTS = {"hugo": lift_hugo, "zola": lift_zola}
FOLDER = Path(__file__).parent
WORDS = [f"word{number}" for number in range(9)]
NAMES = (
    "zz alert notice tabs tab details quote figure gallery highlight raw card button youtube ref"
)
PIECES = [
    *WORDS,
    *(f"{{{{< {name} >}}}}" for name in NAMES.split()),
    *(f"{{{{< /{name} >}}}}" for name in NAMES.split()),
    *(f'{{{{% {name} a="b" c %}}}}' for name in NAMES.split()),
    *(f"{{% {name}(a='b') %}}" for name in NAMES.split()),
    *(f"{{{{ {name}(a=1, src=`x`) }}}}" for name in NAMES.split()),
    *("{% end %}", "{{< ", "{{%", " >}}", "%}}", "{{</*", "*/>}}", "{{/*", "*/}}", "{%/*", "*/%}"),
    *(
        "{{",
        "}}",
        "{%",
        "%}",
        '"',
        "'",
        "`",
        "```",
        "```\n",
        "~~~\n",
        "\\",
        "(",
        ")",
        "=",
        "/",
        ",",
    ),
    *("\n", "\n\n", "    ", "\t", "- ", "> ", "| ", "# ", "1. ", "<div>", "</div>", "<!--", "-->"),
    *("\ue010", "\ue011", "\ue012", "{.a}", "{#b}", "[x](", "![", "[^1]", "&lt;", "\u00a0", "日本"),
]
BODIES = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@settings(max_examples=120, deadline=None)
@given(body=BODIES)
@pytest.mark.parametrize("lift", LIFTS.values(), ids=LIFTS)
@soon()
def test_every_body_is_lifted_and_every_line_knows_its_place(lift: Lift, body: str) -> None:
    lifted = lift(body, page(FOLDER, body))

    last = body.count("\n") + 1
    assert len(lifted.lines) in (0, lifted.text.count("\n") + 1)
    assert all(1 <= line <= last for line in lifted.lines)
    assert all(finding.line and 1 <= finding.line <= last for finding in lifted.findings)


TAGS = {
    "hugo": ("{{< zz >}}", "{{< /zz >}}", "{{% note %}}", "{{% /note %}}", "{{< icon a >}}"),
    "zola": ("{% zz() %}", "{% end %}", "{{ icon(a=1) }}", '{% quote(author="x") %}'),
}


@settings(max_examples=120, deadline=None)
@given(data=st.data())
@pytest.mark.parametrize("name", LIFTS)
@soon()
def test_no_word_outside_of_tags_is_lost_or_moved(name: str, data: st.DataObject) -> None:
    between = st.sampled_from([*TAGS[name], *WORDS, " ", "\n", "\n\n", "- ", "> "])
    body = " ".join(data.draw(st.lists(between, max_size=30)))

    lifted = LIFTS[name](body, page(FOLDER, body))

    assert re.findall(r"word\d", lifted.text) == re.findall(r"word\d", body)
    assert "{{" not in lifted.text
    assert "{%" not in lifted.text


LARGEST = HALF
MANY = 10_000
UNCLOSED = {
    "hugo": (
        *(
            "{{< a >}}",
            "{{< a >}}\n",
            "{{< a ",
            '{{< a "',
            "{{% a `",
            "{{</* ",
            "{{< /a >}}",
            "`{{< ",
        ),
        *("{{< raw >}}", "{{< tab >}}x\n", "\n    {{< tab >}}\n", "> {{< quote >}}\n", "{{< a b= "),
        *("{{< button >}}{{< icon ", '{{< figure src="a" >}}\n\n', '{{< gallery match="*" >}}'),
        *('{{< ref "x" >}}', "{{< param title >}}", "{{< /raw >}}{{< raw >}}", "{{<", "a\n{.b}\n"),
    ),
    "zola": (
        *(
            "{% a() %}",
            "{% a() %}\n",
            "{{ a(",
            "{{ a(b='",
            "{{/* ",
            "{% end %}",
            "{{ a(b=[",
            "`{{ ",
        ),
        *(
            "{% quote() %}\n",
            "{{ a(b=c, ",
            "{%/* a() */%}",
            "{{",
            "{%",
            "{{ figure(src='a') }}\n\n",
        ),
    ),
}
CLOSED = [
    ("hugo", "{{< a >}}\n", "{{< /a >}}"),
    ("hugo", "{{< raw >}}", "{{< /raw >}}"),
    ("hugo", "\n  {{< tab >}}", "{{< /tab >}}"),
    ("zola", "{% quote() %}\n", "{% end %}"),
]


# T12
@pytest.mark.parametrize(
    ("name", "piece", "end"),
    [*((name, piece, "") for name, pieces in UNCLOSED.items() for piece in pieces), *CLOSED],
)
def test_no_body_takes_more_than_two_seconds(name: str, piece: str, end: str) -> None:
    ends = end * (MANY // 2)
    body = (piece * MANY)[: LARGEST - len(ends)] + ends
    one = page(FOLDER, body)

    with soon(SOON / 2):
        lifted = LIFTS[name](body, one)
    assert len(lifted.text) < 4 * LARGEST
