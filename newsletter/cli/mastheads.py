"""Which List a post is shown for: named, the only one, or none."""

from typing import TYPE_CHECKING

from newsletter.cli.opened import read_if_there
from newsletter.errors import SettingsError

if TYPE_CHECKING:
    from newsletter.message import Masthead
    from newsletter.settings import Settings


def masthead_for(settings: "Settings", name: str = "") -> "Masthead | None":
    """Return the named List, or the only one, from newsletter.toml or the database.

    None when no List is named and there is not exactly one. Raises SettingsError for a name
    that is nowhere. A database that does not exist yet is not made.
    """
    from newsletter.publishing import masthead_from

    if name in settings.lists:
        return masthead_from(name, settings.lists[name])
    if not name and len(settings.lists) == 1:
        ((slug, table),) = settings.lists.items()
        return masthead_from(slug, table)
    found = {masthead.slug: masthead for masthead in _stored(settings)}
    if name in found:
        return found[name]
    if name:
        raise SettingsError(
            f"there is no list {name!r}", "newsletter lists show names those there are"
        )
    return next(iter(found.values())) if len(found) == 1 else None


def _stored(settings: "Settings") -> "list[Masthead]":
    with read_if_there(settings) as session:
        if session is None:
            return []
        from newsletter.publishing import masthead_of
        from subscribers import store

        return [masthead_of(list_) for list_ in store.lists(session)]
