"""Opens and clicks of our own: answered first, written to a file at once, counted a moment later.

A Hit is one answered click or open. The page that answers hands it to `Hits`, which appends it to a
segment of a log and looks at it beside the hits of the last minute; `ingest` moves segments into the database, each line
exactly once. Who it was, a person or a machine, is judged by the table in `judging`.
"""

from newsletter.hits.hit import PIXEL, Hit, Says
from newsletter.hits.ingest import ingest
from newsletter.hits.judging import LONGEST_AGENT, Seen, judge
from newsletter.hits.taking import FOLDER, Hits, keep_at
from newsletter.hits.targets import Counted, Targets

__all__ = [
    "FOLDER",
    "LONGEST_AGENT",
    "PIXEL",
    "Counted",
    "Hit",
    "Hits",
    "Says",
    "Seen",
    "Targets",
    "ingest",
    "judge",
    "keep_at",
]
