"""Tags and attributes as cells of a file, both ways: what went out comes in again as it was."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from subscribers.errors import MarkRefused
from subscribers.marks import MOST, NAME, attribute, clean_tag, read_value, reserved

# The head of a column that holds one attribute: attr.city.
OF_ONE = "attr."
LONGEST_NAME = 64


def read_tags(cell: str) -> tuple[str, ...]:
    """Return the tags of a cell: parted by commas, in quotation marks where one holds a comma.

    Raises MarkRefused.
    """
    cell = cell.strip()
    if not cell:
        return ()
    written = next(csv.reader([cell.replace("\n", " ")], skipinitialspace=True), [])
    return tuple(dict.fromkeys(clean_tag(one) for one in written if one.strip()))


def write_tags(tags: Iterable[str]) -> str:
    """Return tags as `read_tags` reads them."""
    cell = io.StringIO()
    csv.writer(cell, lineterminator="").writerow(tags)
    return cell.getvalue()


def read_attributes(cell: str) -> dict[str, Any]:
    """Return the attributes of a cell that holds them all as JSON; raises MarkRefused.

    What is neither words, a number nor yes or no is kept as words: its JSON.
    """
    if not cell.strip():
        return {}
    try:
        written = orjson.loads(cell)
    except orjson.JSONDecodeError:
        raise MarkRefused("its attributes are no JSON", '{"city": "Pune"}') from None
    if not isinstance(written, Mapping):
        raise MarkRefused("its attributes are no JSON object", '{"city": "Pune"}')
    return checked(
        (
            attribute_name(name),
            orjson.dumps(value).decode() if isinstance(value, dict | list) else value,
        )
        for name, value in written.items()
    )


def checked(found: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Return attributes as they are kept; raises MarkRefused for one that cannot be."""
    kept = {}
    for name, value in found:
        if isinstance(value, str):
            value = "".join(char if char.isprintable() else " " for char in value)
        if value not in (None, ""):
            kept[name] = attribute(name, value)
    if len(kept) > MOST:
        raise MarkRefused(f"it has more than {MOST} attributes", "leave some columns out")
    return kept


def read_attribute(cell: str) -> Any:
    """Return the value of a cell that holds one attribute: what it looks like, or `["as JSON"]`."""
    cell = cell.strip()
    if cell[:1] == "[" and cell[-1:] == "]":
        try:
            written = orjson.loads(cell)
        except orjson.JSONDecodeError:
            return cell
        return written[0] if len(written) == 1 else cell
    return read_value(cell)


def write_attribute(value: Any) -> str:
    """Return a value as `read_attribute` reads it."""
    plain = value if isinstance(value, str) else orjson.dumps(value).decode()
    read = read_attribute(plain)
    return plain if type(read) is type(value) and read == value else orjson.dumps([value]).decode()


def attribute_name(written: str) -> str:
    """Return a column's or a key's name as an attribute may be called."""
    name = re.sub(r"[^\w-]+", "_", written.strip()).strip("_")[:LONGEST_NAME]
    if NAME.fullmatch(name) and not reserved(name):
        return name
    return f"attr_{name}"[:LONGEST_NAME]


def columns_of(head: Sequence[str]) -> Mapping[str, int]:
    """Return the attributes that have a column of their own, and where it stands."""
    return {
        attribute_name(name[len(OF_ONE) :]): place
        for place, name in enumerate(one.strip() for one in head)
        if name.lower().startswith(OF_ONE)
    }
