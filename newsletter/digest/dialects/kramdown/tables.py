"""kramdown's tables as GitHub's: a head, which kramdown does not ask for, and no rules between rows."""

import re
from collections.abc import Sequence

from newsletter.digest.dialects.lines import Line

RULE = re.compile(r"[ \t]*\|?[ \t]*[:+=-][ \t|:+=-]*")
HEAD_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")
CELL_END = re.compile(r"(?<!\\)\|")


def with_headed_tables(lines: Sequence[Line]) -> list[Line]:
    """Return a body in which each table has a head, empty where the author wrote none."""
    kept: list[Line] = []
    at = 0
    while at < len(lines):
        end = at
        if not kept or kept[-1].is_blank:
            end = _end_of_table(lines, at)
        if end == at:
            kept.append(lines[at])
            at += 1
            continue
        kept += _headed(lines[at:end])
        at = end
    return kept


def _end_of_table(lines: Sequence[Line], at: int) -> int:
    while at < len(lines) and not lines[at].is_code and lines[at].text.lstrip().startswith("|"):
        at += 1
    return at


def _headed(rows: Sequence[Line]) -> list[Line]:
    if len(rows) > 1 and HEAD_RULE.fullmatch(rows[1].text) and not RULE.fullmatch(rows[0].text):
        head, rows = list(rows[:2]), rows[2:]
    else:
        rows = [row for row in rows if not RULE.fullmatch(row.text)]
        if not rows:
            return []
        cells = len(CELL_END.findall(rows[0].text.strip().strip("|"))) + 1
        head = [rows[0].saying("|" + "  |" * cells), rows[0].saying("|" + "---|" * cells)]
    return [*head, *(row for row in rows if not RULE.fullmatch(row.text))]
