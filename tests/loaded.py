"""What the server loads before it forks: every module of ours, and the templates of one digest.

Imported for its effect, by that server only.
"""

from datetime import UTC, datetime
from importlib import import_module

from sqlalchemy.orm import configure_mappers

from tests.parts import ROOT

OCTOBER = ROOT / "examples/site/content/blog/2026-10-open-data"

for package in ("newsletter", "subscribers"):
    for file in sorted((ROOT / package).rglob("*.py")):
        if file.name != "__main__.py":
            import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))

configure_mappers()
import_module("newsletter.publishing").publication(
    OCTOBER / "index.md", None, now=datetime(2026, 11, 25, tzinfo=UTC)
)
