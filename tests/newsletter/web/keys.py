"""Keys to the admin's pages and the API, for tests that come in by them."""

import re
from collections.abc import Sequence

from httpx2 import Response

from newsletter import access
from newsletter.access import Scope
from subscribers import store
from subscribers.database import now
from tests.newsletter.web.site import Site

ADMIN, PASSWORD = "root", "a good long password"


def bearer(site: Site, *scopes: Scope, name: str = "") -> dict[str, str]:
    """Make a token and return the header that shows it."""
    name = name or "-".join(("token", *scopes))
    with site.app.database.begin() as session:
        token = access.make_token(session, name, scopes, expires_at=None, now=now())
    return {"Authorization": f"Bearer {token}"}


def people(site: Site, emails: Sequence[str], tag: str) -> None:
    """Put people on the list, all with one tag."""
    for email in emails:
        number = site.joins(email)
        with site.app.database.begin() as session:
            store.tag(session, number, [tag])


def enter(site: Site, password: str = PASSWORD, **headers: str) -> Response:
    """Sign in as a browser does, that keeps the cookie."""
    sent = {"name": ADMIN, "password": password}
    from_here = {"Origin": site.app.settings.public_url} | headers
    return site.client.post("/admin/login", data=sent, headers=from_here)


def admit(site: Site) -> str:
    """Make an admin, sign in, and return what the forms of the session carry."""
    with site.app.database.begin() as session:
        access.add_admin(session, ADMIN, PASSWORD, now=now())
    assert enter(site).status_code == 303
    found = re.search(r'name="form" value="(\w+)"', site.client.get("/admin").text)
    assert found
    return found[1]


def press(site: Site, path: str, form: str, **sent: str) -> Response:
    """Send a form of a page as a browser does."""
    from_here = {"Origin": site.app.settings.public_url}
    return site.client.post(path, data={"form": form} | sent, headers=from_here)
