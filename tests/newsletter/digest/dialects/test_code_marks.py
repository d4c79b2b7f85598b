"""What only a site's highlighter reads in code is not mailed; the code itself stays."""

from pathlib import Path

import pytest

from newsletter.digest.dialects.code_marks import without_code_marks
from newsletter.digest.reader import read_post
from tests.newsletter.digest.writing import write_post


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("```js\na = 1 // [!code ++]\nb\n```", "```js\na = 1\nb\n```"),
        ("```html\n<a> <!-- [!code focus:2] -->\n```", "```html\n<a>\n```"),
        ("```css\na {} /* [!code highlight] */\n```", "```css\na {}\n```"),
        ("```sh\n# [!code hl]\nls\n```\nx", "```sh\nls\n```\n\nx"),
        ("```js\n// highlight-next-line\na\n  // highlight-start\nb\n// highlight-end\n```\nx", "```js\na\nb\n```\n\n\n\nx"),
        ("```jsx\n{/* highlight-next-line */}\n<a>\n```", "```jsx\n<a>\n```\n"),
        ("```js\nlet s = '[!code ++]' // no\n```", "```js\nlet s = '[!code ++]' // no\n```"),
        ("Words // [!code ++]\n// highlight-next-line", "Words // [!code ++]\n// highlight-next-line"),
    ],
)  # fmt: skip
def test_comments_for_the_highlighter_go(written: str, shown: str) -> None:
    assert without_code_marks(written) == shown


@pytest.mark.parametrize("dialect", ["docusaurus", "vitepress", "mdx"])
def test_lines_below_such_code_keep_their_place(tmp_path: Path, dialect: str) -> None:
    text = "---\ntitle: A\n---\n```js\n// highlight-next-line\na // [!code ++]\n```\n\n## B\n\nC.\n"

    digest = read_post(write_post(tmp_path, text), dialect=dialect)

    assert [one.content for one in digest.intro if one.type == "fence"] == ["a\n"]
    assert digest.stories[0].line == 9
