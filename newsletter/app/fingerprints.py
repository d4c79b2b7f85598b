"""Which keys ever signed here: a ring that lost one must not send (its goodbye links are dead)."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from newsletter.keys import KeyRing
from newsletter.models import KeyFingerprint
from subscribers.database import Database


def missing(database: Database, ring: KeyRing, *, now: datetime) -> tuple[str, ...]:
    """Return the fingerprints that the database knows and the ring lacks.

    When it lacks none, the ring's own are remembered.
    """
    own = [key.fingerprint for key in ring.keys]
    with database.read() as session:
        known = set(session.scalars(select(KeyFingerprint.fingerprint)))
    lost = tuple(sorted(known.difference(own)))
    if not lost and not known.issuperset(own):
        insert = sqlite.insert if database.is_sqlite else postgresql.insert
        with database.begin() as session:
            for fingerprint in own:
                session.execute(
                    insert(KeyFingerprint)
                    .values(fingerprint=fingerprint, first_used_at=now)
                    .on_conflict_do_nothing()
                )
    return lost
