"""A list with very many people, made by one statement for each table; nobody is read from a file."""

from sqlalchemy import text

from subscribers.database import Database
from tests.factories import make_list

# Numbers in an order that no index follows, as addresses come: i times a large odd number.
_NUMBERS = {
    "sqlite": """
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)
        SELECT i, printf('%08x@', i * 2654435761 % 4294967296)
            || CASE i % 3 WHEN 0 THEN 'example.com' ELSE 'mail.example.org' END AS key FROM n""",
    "postgresql": """
        SELECT i, lpad(to_hex(i * 2654435761 % 4294967296), 8, '0') || '@'
            || CASE i % 3 WHEN 0 THEN 'example.com' ELSE 'mail.example.org' END AS key
        FROM generate_series(1, :count) AS i""",
}
_PEOPLE = """
    INSERT INTO subscriber (id, email, email_key, name, attributes, created_at)
    SELECT i, key, key, 'Ann Lee',
        CASE i % 4 WHEN 0 THEN '{{"city": "Pune"}}' ELSE '{{"city": "Berlin"}}' END{json},
        '2026-01-01 12:00:00.000000'{moment} FROM ({numbers}) AS numbers"""
_TAGS = "INSERT INTO subscriber_tag SELECT id, 'vip' FROM subscriber WHERE id % 2 = 0"
_SUBSCRIPTIONS = """
    INSERT INTO subscription (list_id, subscriber_id, state, joined_at, changed_at)
    SELECT :list, id, CASE id % 20 WHEN 0 THEN 'unsubscribed' ELSE 'active' END,
        created_at, created_at FROM subscriber"""
_SUPPRESSIONS = """
    INSERT INTO suppression (email_key, reason, detail, created_at)
    SELECT email_key, 'bounced', '', created_at FROM subscriber WHERE id % 100 = 1"""


def gather(database: Database, count: int) -> int:
    """Fill an empty database with one list of so many people and return the list's id.

    One in twenty left, one in a hundred is suppressed, every other one has a tag.
    """
    dialect = database.engine.dialect.name
    casts = {"json": "", "moment": ""}
    if dialect == "postgresql":
        casts = {"json": "::json", "moment": "::timestamptz"}
    with database.begin() as session:
        list_id = make_list(session).id
        people = _PEOPLE.format(numbers=_NUMBERS[dialect], **casts)
        # Without a parser of parameters, which would take a cast for one.
        session.execute(text(people.replace("::", "\\:\\:")), {"count": count})
        for statement in (_TAGS, _SUBSCRIPTIONS, _SUPPRESSIONS):
            session.execute(text(statement), {"list": list_id} if ":list" in statement else {})
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if dialect == "postgresql" else "PRAGMA optimize")
    return list_id
