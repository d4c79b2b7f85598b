"""Opens and clicks of our own: answered first, written to a file at once, counted a moment later.

A Hit is one answered click or open. The page that answers hands it to `Hits`, which appends it to a
segment of a log and looks at it beside the hits of the last minute; `ingest` moves segments into the database, each line
exactly once. Who it was, a person or a machine, `newsletter.visitors` judges.
"""

from newsletter.hits.hit import Hit, Says
from newsletter.hits.ingest import ingest
from newsletter.hits.taking import FOLDER, Hits, keep_at
from newsletter.hits.targets import Counted, Targets
from newsletter.visitors import PIXEL

__all__ = [
    "FOLDER",
    "PIXEL",
    "Counted",
    "Hit",
    "Hits",
    "Says",
    "Targets",
    "ingest",
    "keep_at",
]
