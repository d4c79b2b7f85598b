"""What a post says of its mail alone: the optional `newsletter:` table of its front matter."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from newsletter.digest.front_matter import FrontMatter
from newsletter.findings import Finding

TEXTS = ("subject", "preheader", "note", "layout")
SWITCHES = ("merge_fields",)
HOW = "Write it as `newsletter:` and below it, indented, `subject: …`."


def read_options(matter: FrontMatter, path: Path) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    """Return what can be used of the table, and a finding for each entry that cannot."""
    table = matter.values.get("newsletter")
    if table is None:
        return {}, ()
    if not isinstance(table, Mapping):
        said = {"newsletter": "in the front matter is no table, so nothing of it is used"}
        table = {}
    else:
        said = dict(_unread(table))
    findings = tuple(
        Finding("options-unread", f"`{name}:` {why}.", HOW, path=path, line=matter.line(name))
        for name, why in said.items()
    )
    return {name: value for name, value in table.items() if str(name) not in said}, findings


def _unread(table: Mapping[Any, Any]) -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if name not in (*TEXTS, *SWITCHES):
            known = ", ".join((*TEXTS, *SWITCHES))
            yield str(name)[:40], f"below `newsletter:` is none of {known}, so it is not used"
        elif name in TEXTS and isinstance(value, (Mapping, list)):
            yield name, "below `newsletter:` is no text, so it is not used"
        elif name in SWITCHES and not isinstance(value, bool):
            yield name, "below `newsletter:` is neither true nor false, so it is not used"
