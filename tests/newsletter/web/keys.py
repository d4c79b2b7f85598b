"""Keys to the admin's pages and the API, for tests that come in by them."""

from collections.abc import Sequence

from newsletter import access
from newsletter.access import Scope
from subscribers.database import now
from tests.newsletter.web.site import Site

ADMIN, PASSWORD = "root", "a good long password"
HOME = "http://testserver"


def bearer(site: Site, *scopes: Scope, name: str = "") -> dict[str, str]:
    """Make a token and return the header that shows it."""
    name = name or "-".join(("token", *scopes))
    with site.app.database.begin() as session:
        token = access.make_token(session, name, scopes, expires_at=None, now=now())
    return {"Authorization": f"Bearer {token}"}


def people(site: Site, emails: Sequence[str], tag: str) -> None:
    """Put people on the list, all with one tag."""
    from subscribers import store

    for email in emails:
        number = site.joins(email)
        with site.app.database.begin() as session:
            store.tag(session, number, [tag])
