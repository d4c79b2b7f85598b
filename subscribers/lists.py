"""Lists: made, found, changed."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from unicodedata import category
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select
from sqlalchemy.orm import Session

from subscribers.address import parse
from subscribers.errors import ListRefused, NotFound
from subscribers.models import CountedBy, List, OptIn, TrackingMode

DEFAULT_WORDING = "We keep your address to send you {name}, and for nothing else."
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# Control characters, what ends a line in some places only (U+0085, U+2028), half characters.
_UNSAFE = ("Cc", "Zl", "Zp", "Cs")
_MODE = (re.compile("|".join(TrackingMode)), "off, aggregate or individual")
_WEB_ADDRESS = (re.compile(r"https?://[^\s<>\"]+"), "a web address (https://…)")
_COUNTING = ("click_tracking", "open_tracking", "counted_by", "text_links")
# What each written column must look like, and how to say so.
FORMS = {
    "accent": (re.compile(r"#[0-9a-fA-F]{6}"), "a colour (#rrggbb)"),
    "click_tracking": _MODE,
    "counted_by": (re.compile("|".join(CountedBy)), "own or provider"),
    "language": (
        re.compile(r"[a-zA-Z]{2,8}(?:-[a-zA-Z0-9]{2,8})*"),
        "a language code (such as en or pt-BR)",
    ),
    "layout": (re.compile("digest|letter"), "digest or letter"),
    "logo_url": (re.compile(r"https://[^\s<>\"]+"), "a web address (https://…)"),
    "open_tracking": _MODE,
    "opt_in": (re.compile("|".join(OptIn)), "double or single"),
    "privacy_url": _WEB_ADDRESS,
    "site_url": _WEB_ADDRESS,
}


def add_list(
    session: Session,
    *,
    slug: str,
    name: str,
    sender_name: str,
    sender_address: str,
    now: datetime,
    **columns: Any,
) -> List:
    """Make a list; raises ListRefused for a slug that is taken or a column that makes no sense."""
    if not SLUG.fullmatch(slug):
        raise ListRefused(f"{slug!r} is no slug", "small letters, digits and single hyphens")
    if session.scalar(select(List.id).where(List.slug == slug)) is not None:
        raise ListRefused(f"there is a list {slug!r} already", f"newsletter lists edit {slug}")
    columns |= {"name": name, "sender_name": sender_name, "sender_address": sender_address}
    list_ = List(slug=slug, created_at=now, **_checked(columns))
    aggregate = TrackingMode.AGGREGATE
    _check_counting({"click_tracking": aggregate, "open_tracking": aggregate} | columns, list_.slug)
    session.add(list_)
    session.flush()
    return list_


def edit_list(session: Session, list_: List, **columns: Any) -> List:
    """Change some columns of a list; new consent wording makes a new version of it."""
    columns = _checked(columns)
    _check_counting({name: getattr(list_, name) for name in _COUNTING} | columns, list_.slug)
    if columns.get("consent_wording", list_.consent_wording) != list_.consent_wording:
        list_.consent_version += 1
    for column, value in columns.items():
        setattr(list_, column, value)
    session.flush()
    return list_


def wording_of(list_: List) -> str:
    """Return what people agree to on a list's form: its own words, or ours."""
    return list_.consent_wording or DEFAULT_WORDING.format(name=list_.name)


def may_write(list_: List) -> bool:
    """Say whether anything may leave in a list's name: it says where it is, and what it keeps."""
    return bool(list_.postal_address and list_.privacy_url)


def find_list(session: Session, slug: str | None = None) -> List:
    """Return the named list, or the only one; raises NotFound."""
    rows = lists(session)
    if slug is None:
        if len(rows) == 1:
            return rows[0]
        if not rows:
            raise NotFound("there is no list yet", "newsletter lists add SLUG --name … --from …")
        names = ", ".join(row.slug for row in rows)
        raise NotFound(f"there are several lists: {names}", "name one with --list")
    for row in rows:
        if row.slug == slug:
            return row
    raise NotFound(f"there is no list {slug!r}", "newsletter lists show names those there are")


def lists(session: Session) -> Sequence[List]:
    """Return all lists by slug."""
    return session.scalars(select(List).order_by(List.slug)).all()


def _checked(columns: dict[str, Any]) -> dict[str, Any]:
    known = {column.key for column in List.__table__.columns} - {"id", "slug", "created_at"}
    for column, value in columns.items():
        if column not in known:
            raise ListRefused(f"a list has no {column!r}")
        if isinstance(value, str) and any(category(char) in _UNSAFE for char in value):
            raise ListRefused(f"{column} holds a control character", "write it on one line")
    for column in ("sender_address", "reply_to"):
        if columns.get(column):
            columns[column] = parse(columns[column]).email
    if not columns.get("name", "x") or not columns.get("sender_address", "x"):
        raise ListRefused("a list needs a name and a sender", '--name … --from "Name <address>"')
    for column, (pattern, what) in FORMS.items():
        value = columns.get(column)
        if value and not pattern.fullmatch(value):
            raise ListRefused(f"{column} {value!r} is not {what}")
    _check_zone(columns.get("time_zone", "UTC"))
    return columns


def _check_counting(columns: Mapping[str, Any], slug: str) -> None:
    """Refuse a provider that would count people who were not asked, or the link to leave by."""
    modes = {columns["click_tracking"], columns["open_tracking"]}
    if columns.get("counted_by") == CountedBy.PROVIDER and TrackingMode.AGGREGATE in modes:
        raise ListRefused(
            f"{slug} is counted by its provider, which knows who pressed and opened: "
            "`aggregate` is only what we can count",
            "--clicks and --opens individual or off, or --counted-by own",
        )
    if columns.get("counted_by") == CountedBy.PROVIDER and columns.get("text_links"):
        raise ListRefused(
            f"{slug} is counted by its provider, which would change the link to leave by too "
            "where it counts the links of the text part",
            "--no-text-links, or --counted-by own",
        )


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise ListRefused(
            f"{name!r} is no time zone", "an IANA name, such as Europe/Berlin"
        ) from None
