"""Names of admins and tokens: easy to type, and each of one key alone."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter.errors import AccessError
from newsletter.models import Admin, ApiToken

NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,63}")


def require_free(session: Session, name: str) -> None:
    """Refuse a name that is odd, or that an admin or a token bears, with AccessError."""
    if not NAME.fullmatch(name):
        raise AccessError(
            f"{name!r} is no name for this", "small letters, digits and . _ @ + -, at most 64"
        )
    for row, what in ((Admin, "an admin"), (ApiToken, "a token")):
        if session.scalar(select(row.id).where(row.name == name)) is not None:
            raise AccessError(
                f"there is {what} {name} already", f"newsletter admin remove {name} takes it away"
            )
