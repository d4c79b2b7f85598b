"""Whom a filter means: the same words, count and people for commands, pages and programs."""

from newsletter import segments
from subscribers import store
from subscribers.database import Database
from tests.factories import make_list, make_subscriber


def test_a_filter_is_explained_counted_and_sampled_in_order(database: Database) -> None:
    with database.begin() as session:
        list_ = make_list(session)
        for letter in "cab":
            person = make_subscriber(session, list_, f"{letter}@readers.example")
            store.tag(session, person.id, ["vip"])
        make_subscriber(session, list_, "d@readers.example")
    with database.read() as session:
        found = segments.find(session, list_, "tag:vip", limit=2)
        rest = segments.find(session, list_, "tag:vip", limit=2, after="b@readers.example")
        everybody = segments.find(session, list_, " \n", limit=0)
    assert (found.told, found.count) == ("tagged vip", 3)
    assert [one.email for one in found.people] == ["a@readers.example", "b@readers.example"]
    assert [one.email for one in rest.people] == ["c@readers.example"]
    assert (everybody.told, everybody.count, list(everybody.people)) == ("on the list", 4, [])
