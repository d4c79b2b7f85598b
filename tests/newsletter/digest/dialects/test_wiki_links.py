"""Obsidian's links and pictures become Markdown's; what no page is known for is named."""

from pathlib import Path

import pytest

from newsletter.digest.dialects.dialect import Lifted
from newsletter.digest.dialects.generic import lift_rest
from tests.limits import soon
from tests.newsletter.digest.dialects.lifting import in_english, page_of, write_site

HEAD = "---\ntitle: A\n---\n"
SITE = {
    "hugo.toml": 'baseURL = "https://site.example/"\n',
    "content/notes/Tides.md": "---\ntitle: Tides\n---\n",
    "content/blog/a/assets/x.png": "png",
}


def rest(folder: Path, text: str) -> Lifted:
    """Lift what is left of the body of a post in a Hugo site."""
    write_site(folder, SITE | {"content/blog/a/index.md": HEAD + text})
    page = page_of(folder / "content/blog/a/index.md")
    return in_english(lift_rest(page.matter.body, page))


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("See [[Tides]].", "See [Tides](<https://site.example/notes/tides/>)."),
        ("[[Tides|The *tides*]]", "[The \\*tides\\*](<https://site.example/notes/tides/>)"),
        ("見[[Tides#Low]]。", "見[Tides \\> Low](<https://site.example/notes/tides/>)。"),
        ("![[x.png]] ![[x.png|300]] ![[x.png|A ring]]", '![](assets/x.png) ![](assets/x.png){width="300"} ![A ring](assets/x.png)'),
        ("[[Tides]] %%not\nthis%% and ^abc123\nmore", "[Tides](<https://site.example/notes/tides/>) \n and\nmore"),
    ],
)  # fmt: skip
def test_links_and_pictures_become_markdown(tmp_path: Path, written: str, shown: str) -> None:
    lifted = rest(tmp_path, written)

    assert lifted.text.lstrip("\n") == shown
    assert lifted.findings == ()


@pytest.mark.parametrize(
    ("written", "shown", "code", "what"),
    [
        ("One [[Nobody]] and [[Else|more]].", "One Nobody and more.", "link-relative", "[[Nobody]], [[Else|more]]"),
        ("![[Tides]]", "[Tides](<https://site.example/blog/a/>)", "shortcode", "![[Tides]]"),
        ("Words [[toc]] more", "Words  more", "site-only", "[[toc]]"),
    ],
)  # fmt: skip
def test_what_leads_nowhere_is_named_and_its_words_stay(
    tmp_path: Path, written: str, shown: str, code: str, what: str
) -> None:
    lifted = rest(tmp_path, written)

    assert lifted.text.lstrip("\n") == shown
    (finding,) = lifted.findings
    assert (finding.code, finding.line) == (code, 4)
    assert what in finding.message


@pytest.mark.parametrize(
    "prose",
    [
        "a[[1]], x[[y]] and [[1, 2]]",
        "[[words]](https://a.example) and [[words]][ref]",
        "[[ref]]\n\n[ref]: https://a.example",
        "`[[Tides]]` and \\[[Tides]]",
        "100 %% sure, 50 %% not, E = mc ^2",
        "| [[a",
    ],
)
def test_other_brackets_stay(tmp_path: Path, prose: str) -> None:
    lifted = rest(tmp_path, prose)

    assert lifted.text.lstrip("\n") == prose
    assert lifted.findings == ()


@pytest.mark.parametrize("piece", ["[[", "![[a", "[[a]]", "%%[[a]]", "[[a|", "^abcd\n[[a]]"])
def test_no_links_take_long(tmp_path: Path, piece: str) -> None:
    with soon():
        rest(tmp_path, piece * (60_000 // len(piece)))
