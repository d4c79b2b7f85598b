"""Hugo's shortcodes never show in an email, and each is named."""

from pathlib import Path

import pytest

from newsletter.digest.model import Digest, plain
from tests.newsletter.digest.writing import HEAD, read


def _words(digest: Digest) -> list[str]:
    return [plain(token) for token in digest.intro if token.type == "inline"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('One {{< icon "x >}}" >}} two.', ["One two."]),
        ("{{% note %}}\nInner *text*.\n{{% /note %}}", ["Inner text."]),
        ("{{< figure\n  src=`a >}} b`\n>}}\n\nText.", ["Text."]),
        ("{{< br />}}Text.", ["Text."]),
        ('[x]({{< ref "a.md" >}}) y', ["x y"]),
        ("Two braces {{< are not closed", ["Two braces {{< are not closed"]),
        ("Show `{{< icon >}}` in code.", ["Show {{< icon >}} in code."]),
        ("Show `{{</* icon */>}}` in code.", ["Show {{< icon >}} in code."]),
    ],
)
def test_a_shortcode_goes_and_the_text_between_its_tags_stays(
    tmp_path: Path, body: str, words: list[str]
) -> None:
    assert _words(read(tmp_path, HEAD + body + "\n")) == words


def test_each_kind_of_shortcode_is_named_once_with_its_first_line(tmp_path: Path) -> None:
    digest = read(
        tmp_path, HEAD + "{{< a >}}\n\nText {{< b\nx=1 >}} and {{< a >}}.\n\n## {{% c %}}Story\n"
    )

    found = [(one.code, one.line, one.message.split("”")[0]) for one in digest.findings]
    assert found == [
        ("shortcode", 4, "The shortcode “a"),
        ("shortcode", 6, "The shortcode “b"),
        ("shortcode", 9, "The shortcode “c"),
    ]
    assert "2 times: lines 4, 7" in digest.findings[0].message
    assert digest.stories[0].title_text == "Story"
    assert digest.stories[0].line == 9


def test_shortcodes_in_a_block_of_code_are_shown_as_written(tmp_path: Path) -> None:
    digest = read(
        tmp_path, HEAD + "```\n{{< a >}}\n{{</* b */>}}\n```\n\n~~~~\n```\n{{% c %}}\n~~~~\n"
    )

    assert [token.content for token in digest.intro] == [
        "{{< a >}}\n{{< b >}}\n",
        "```\n{{% c %}}\n",
    ]
    assert digest.findings == ()
