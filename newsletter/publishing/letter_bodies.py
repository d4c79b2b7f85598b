"""What a List's letters say, rendered once and kept by its hash."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.message import Masthead
from newsletter.publishing.mastheads import masthead_of
from newsletter.render.letters import render_letter

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from subscribers.models import List


def letter_body(
    session: "Session", list_: "List", kind: str, *, templates: Path | None = None
) -> str:
    """Return the hash of a letter's rendering for this List, storing it when it is new."""
    from newsletter.models import LetterBody
    from subscribers.database import insert_into

    row = _letter(kind, masthead_of(list_), templates)
    session.execute(insert_into(session, LetterBody).values(**row).on_conflict_do_nothing())
    return row["hash"]


@lru_cache(maxsize=64)
def _letter(kind: str, masthead: Masthead, templates: Path | None) -> dict[str, str]:
    email = render_letter(kind, masthead, templates=templates)
    parts = (email.subject, email.html, email.text)
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
    return {"hash": digest, "subject": email.subject, "html": email.html, "text": email.text}
