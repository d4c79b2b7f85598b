"""Pictures that tell nothing to whoever cannot see them, or are shown again and again."""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from newsletter.digest.model import Image
from newsletter.findings import Finding
from newsletter.preflight.checked import Checked

# What a camera, a phone or a program calls a file; nobody means it as a description.
FILE_NAME = re.compile(
    r"[\w %()-]+\.(?:png|jpe?g|gif|webp|avif|svg|heic|bmp|tiff?)"
    r"|(?:img|image|dsc|screenshot|screen shot|bildschirmfoto|picture|photo|untitled)[\d _.:-]*",
    re.IGNORECASE,
)


def check_alt(checked: Checked) -> Iterator[Finding]:
    """Find pictures without words for readers who do not see them (WCAG 2.1, 1.1.1).

    One of which its author says that it only decorates needs none.
    """
    seen: set[str] = set()
    for piece in checked.written.pictures:
        image = checked.digest.images.get(piece.text)
        if image is None or image.alt == "" or piece.text in seen:
            continue
        seen.add(piece.text)
        words = (image.alt or image.title or "").strip()
        if not words:
            yield checked.finding(
                "no-alt", f"The picture {_short(image)} has no alternative text.", line=piece.line
            )
        elif FILE_NAME.fullmatch(words):
            yield checked.finding(
                "no-alt",
                f"The alternative text of {_short(image)} is the name of a file: {words}",
                line=piece.line,
            )


def check_repeats(checked: Checked) -> Iterator[Finding]:
    """Find pictures that stand at more than one place; a cover may be one of them."""
    places: dict[Path | str, list[int | None]] = defaultdict(list)
    names: dict[Path | str, Image] = {}
    for piece in checked.written.pictures:
        image = checked.digest.images.get(piece.text)
        if image is not None:
            same = image.path or image.url or image.src
            places[same].append(piece.line)
            names.setdefault(same, image)
    for same, lines in places.items():
        if len(lines) > 1:
            where = ", ".join(str(line) for line in lines if line is not None)
            yield checked.finding(
                "picture-twice",
                f"The picture {_short(names[same])} is shown {len(lines)} times"
                + (f": lines {where}." if where else "."),
                line=lines[1],
            )


def _short(image: Image) -> str:
    return image.src if len(image.src) <= 60 else "…" + image.src[-59:]
