"""A reader of format=flowed, written from RFC 3676 §4 and apart from what writes it."""

SIGNATURE = "-- "


def read(text: str) -> list[tuple[int, str]]:
    """Return the paragraphs and fixed lines of a text: how deeply quoted, and the words (§4.5)."""
    paragraphs: list[tuple[int, str]] = []
    is_open = False
    for line in text.split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        if content[:1] == " ":
            content = content[1:]
        is_signature = content == SIGNATURE
        if is_open and paragraphs[-1][0] == depth and not is_signature:
            paragraphs[-1] = depth, paragraphs[-1][1] + content
        else:
            paragraphs.append((depth, content))
        is_open = content.endswith(" ") and not is_signature
    return paragraphs
