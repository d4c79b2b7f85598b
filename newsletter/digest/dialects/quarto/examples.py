"""Pandoc's numbered examples, `(@good) words`, counted through the post, and what refers to them.

https://pandoc.org/MANUAL.html#extension-example_lists
"""

import re
from itertools import count

ITEM = re.compile(r"^([ \t>]*)\(@([\w-]{0,80})\)(?=[ \t]+\S)", re.MULTILINE)
REFERENCE = re.compile(r"(?<![\w@/.\\:&=+-])@([\w-]{1,80})")


def lift_examples(text: str) -> str:
    """Return text, whose code is hidden, with examples as items of numbered lists."""
    if "(@" not in text:
        return text
    numbers: dict[str, int] = {}
    counted = count(1)

    def number(found: re.Match[str]) -> str:
        # A label that comes again is the same example.
        known = numbers.get(found[2]) or next(counted)
        if found[2]:
            numbers[found[2]] = known
        return f"{found[1]}{known})"

    text = ITEM.sub(number, text)
    return REFERENCE.sub(lambda found: str(numbers.get(found[1], found[0])), text)
