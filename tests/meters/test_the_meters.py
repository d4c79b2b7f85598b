"""The meters themselves: each passes a whole email, and each sees the defect that is its own."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.meters.email import read_html, read_text
from tests.meters.fidelity import METERS
from tests.meters.measured import Measured, measured
from tests.meters.posts import Post

POST = """---
title: What the Harbour Learned
author: Ines Calder
date: 2026-10-01
tags: [harbour]
---

Three notes from the quay, with [a map](https://maps.example/quay?a=1&b=2) for those who walk.

## The crane counts gulls

A camera on the *old* crane now counts gulls, and `count_gulls()` is **free** software.[^1]
It runs on:

1. a lamp post
2. a [buoy][buoy]

![A grey gull on a crane](https://pictures.example/gull.png)

## The tide has a table

| Day | High water |
|-----|-----------:|
| Mon | 04:12      |
| Tue | 05:03      |

```python
def high_water(day):
    return TABLE[day]["high"]
```

## A bell rings under water

Nobody had heard it since 1931, says the diver, and <https://bell.example/sound> has the sound.

[buoy]: https://buoy.example/
[^1]: Its makers tell how at [the workshop](https://workshop.example/gulls).
"""

Change = Callable[[str], str]


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Post:
    path = tmp_path_factory.mktemp("post") / "index.md"
    path.write_text(POST, encoding="utf-8")
    return Post("harbour", path, "hugo", "https://harbour.example/")


def changed(post: Post, kind: str, change: Change) -> Measured:
    """Return the post beside its email with a defect in it; the defect must have been made."""
    it = measured(post, kind)
    raw = change(it.part.raw)
    assert raw != it.part.raw
    return replace(it, part=read_html(raw, notes=True) if kind == "html" else read_text(raw))


def faulty(it: Measured) -> set[str]:
    return {name for name, meter in METERS.items() if meter(it)}


def swapped(one: str, other: str) -> Change:
    """Swap what stands between two headings with what stands after the second, to the end."""

    def change(raw: str) -> str:
        first, second = raw.rindex(one), raw.rindex(other)
        end = raw.rindex("A bell rings")
        return raw[:first] + raw[second:end] + raw[first:second] + raw[end:]

    return change


def without(part: str) -> Change:
    return lambda raw: raw.replace(part, "")


def instead(part: str, other: str) -> Change:
    return lambda raw: raw.replace(part, other)


@pytest.mark.parametrize("kind", ["html", "text"])
def test_a_whole_email_has_no_fault(post: Post, kind: str) -> None:
    it = measured(post, kind)
    assert {name: meter(it) for name, meter in METERS.items() if meter(it)} == {}


@pytest.mark.parametrize(
    ("kind", "meter", "change"),
    [
        ("html", "links", without("https://buoy.example/")),
        ("text", "links", without("https://buoy.example/")),
        (
            "html",
            "links",
            instead("https://maps.example/quay?a=1", "https://maps.example/quay?a=2"),
        ),
        ("html", "anchors", instead('href="https://buoy.example/"', 'href="#nowhere"')),
        ("html", "words", without("Nobody had heard it since 1931")),
        ("text", "words", without("Nobody had heard it since 1931")),
        ("html", "words", instead("Nobody had heard it", "Nobodyhadheardit")),
        ("text", "words", instead("Nobody had heard it", "Nobodyhadheardit")),
        ("html", "words", swapped("The crane counts", "The tide has")),
        ("text", "words", swapped("The crane counts", "The tide has")),
        ("html", "words", without("Its makers tell how")),
        ("text", "words", without("04:12")),
        ("html", "others", instead("free", "free, and so on and on for ever")),
        ("text", "others", instead("free", "free, and so on and on for ever")),
        (
            "html",
            "pictures",
            instead("https://pictures.example/gull.png", "https://else.example/a"),
        ),
        ("html", "pictures", instead('alt="A grey gull on a crane"', 'alt=""')),
        ("text", "pictures", without("[Picture: A grey gull on a crane]")),
        ("html", "code", without("return")),
        ("text", "code", without('["high"]')),
        ("text", "code", instead("        return TABLE", "     return TABLE")),
    ],
)
def test_a_defect_is_seen_by_its_meter(post: Post, kind: str, meter: str, change: Change) -> None:
    assert meter in faulty(changed(post, kind, change))


@pytest.mark.parametrize("kind", ["html", "text"])
@pytest.mark.parametrize(
    "machinery",
    [
        '{{< figure src="a.png" >}}',
        "{% include a.md %}",
        "{: .note}",
        "[words]{.underline}",
        "\n::: tip\n",
        '\nimport Box from "box";\n',
        "<Box open>",
        "{/* truncate */}",
        "$$",
        "[^2]",
        "[words](https://",
        "[words][label]",
        "<!-- more",
        "\n!!! note\n",
        ":warning:",
    ],
)
def test_machinery_that_shows_is_seen(post: Post, kind: str, machinery: str) -> None:
    shown = machinery.replace("<", "&lt;") if kind == "html" else machinery
    it = changed(post, kind, instead("Nobody", f"{shown} Nobody"))
    it = replace(it, source=replace(it.source, raw=it.source.raw + machinery))
    assert "machinery" in faulty(it)


def test_machinery_that_the_author_escaped_is_meant_to_be_read(post: Post) -> None:
    it = changed(post, "text", instead("Nobody", "Record<K,V> and {{ x }} Nobody"))
    it = replace(
        it, source=replace(it.source, raw=it.source.raw + r"Record\<K,V\> and \{\{ x \}\}")
    )
    assert "machinery" not in faulty(it)
