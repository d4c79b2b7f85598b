"""Every link has a name, also one around a picture that nobody described (WCAG 2.4.4)."""

from pathlib import Path

import pytest

from newsletter.digest.reader import read_post
from newsletter.render.renderer import render_issue
from tests.emails import MASTHEAD, elements, words
from tests.newsletter.digest.writing import HEAD, write_post

URL = "https://tides.example/now"


def names(folder: Path, body: str) -> tuple[list[str], str]:
    """Return the names of a post's links in the HTML, and the text part."""
    email = render_issue(read_post(write_post(folder, f"{HEAD}Words {body}\n")), MASTHEAD).email
    named = []
    for link in elements(email.html, "a"):
        if "/link/" in (link.get("href") or ""):
            alts = " ".join(one.get("alt") or "" for one in link.iter("img"))
            named.append(f"{words(link)} {alts}".strip())
    return named, email.text


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (f"[![](https://a.example/tide-table_2026.png)]({URL})", "tide table"),
        (f"[![](https://a.example/IMG_2034.jpg)]({URL})", "tides.example"),
        (f"[![](https://a.example/9f86d081884c7d65.png)]({URL})", "tides.example"),
        (f'[![](https://a.example/a.png)]({URL} "Of today")', "Of today"),
        (f'[![](https://a.example/tide.png "A chart")]({URL})', "A chart"),
        (f"[![The chart](https://a.example/tide.png)]({URL})", "The chart"),
        (f'[![""](https://a.example/tide.png)]({URL})', "tide"),
        (f'[![""](https://a.example/tide.png) Tides]({URL})', "Tides"),
        (f'<a href="{URL}"><img src="https://a.example/x.png" alt=""></a>', "tides.example"),
        (f"[]({URL})", "tides.example"),
        (f"[ ]({URL})", "tides.example"),
    ],
)
def test_a_link_around_a_picture_without_words_is_called_something(
    tmp_path: Path, body: str, name: str
) -> None:
    found, text = names(tmp_path, body)

    assert found == [name]
    assert '""' not in text
    assert "“”" not in text


def test_only_the_first_of_several_pictures_in_a_link_names_it(tmp_path: Path) -> None:
    pictures = "![](https://a.example/one-tide.png)![](https://a.example/two-tides.png)"

    assert names(tmp_path, f"[{pictures}]({URL})")[0] == ["one tide"]
