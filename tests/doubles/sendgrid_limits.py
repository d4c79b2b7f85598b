"""What SendGrid's v3 mail/send refuses: the limits of its documentation, and its own schema.

Written apart from the code it judges: nothing of `newsletter` is imported here.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

SCHEMA = Path(__file__).resolve().parents[3] / "shared" / "data" / "mail_send.schema.json"
MAX_BODY = 30_000_000
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
RESERVED = {
    *("x-sg-id", "x-sg-eid", "received", "dkim-signature", "content-type"),
    *("content-transfer-encoding", "to", "from", "subject", "reply-to", "cc", "bcc"),
}
OFF = ("subscription_tracking", "ganalytics")
COUNTING = (
    ("click_tracking", "enable"),
    ("click_tracking", "enable_text"),
    ("open_tracking", "enable"),
)

Problem = tuple[str, str]


def problems(message: Any, *, may_count: bool = False) -> Iterator[Problem]:
    """Yield (field, message) for everything the API would refuse of a request, or we must.

    `may_count`: clicks and opens are left to SendGrid.
    """
    if not isinstance(message, dict):
        yield "", "Bad Request"
        return
    yield from against_the_schema(message)
    people = message.get("personalizations") or []
    if not 1 <= len(people) <= 1000:
        yield "personalizations", "There must be 1 to 1000 personalizations."
    if not message.get("subject") and not all(one.get("subject") for one in people):
        yield "subject", "The subject is required."
    yield from _name("from", message.get("from", {}))
    if "=?" in str(message.get("from", {}).get("name", "")):
        yield "from.name", "No encoded word."
    seen: set[str] = set()
    for number, one in enumerate(people):
        yield from _personalization(f"personalizations.{number}", one, seen)
    yield from _tracking(message.get("tracking_settings", {}), may_count=may_count)
    if any(name.startswith("bypass_") for name in message.get("mail_settings", {})):
        yield "mail_settings", "A bypass is for nobody (SG-6)."


def _tracking(said: dict[str, Any], *, may_count: bool) -> Iterator[Problem]:
    for setting, name in COUNTING:
        told = said.get(setting, {}).get(name)
        if type(told) is not bool or (told and not may_count):
            yield f"tracking_settings.{setting}", "It must be said explicitly (SG-5)."
    for setting in OFF:
        if said.get(setting, {}).get("enable") is not False:
            yield f"tracking_settings.{setting}", "It must be switched off explicitly (SG-5)."


def against_the_schema(message: dict[str, Any]) -> Iterator[Problem]:
    """Yield what the official description refuses, where it lies beside the project."""
    for error in _validator().iter_errors(message) if SCHEMA.is_file() else ():
        yield ".".join(map(str, error.absolute_path)), error.message[:300]


@cache
def _validator() -> Draft202012Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    # The description types the object that the API takes as a string.
    schema["properties"]["custom_args"]["type"] = "object"
    return Draft202012Validator(schema)


def _personalization(place: str, one: dict[str, Any], seen: set[str]) -> Iterator[Problem]:
    people = [*one.get("to", []), *one.get("cc", []), *one.get("bcc", [])]
    if len(people) != 1:
        yield f"{place}.to", "One recipient a personalization, so that nobody sees another (SG-2)."
    for number, person in enumerate(people):
        written = str(person.get("email"))
        if not ADDRESS.fullmatch(written) or len(written) > 254:
            yield f"{place}.to.{number}.email", "Does not contain a valid address."
        elif written.lower() in seen:
            yield "personalizations", "Each email address should be unique between to, cc, and bcc."
        seen.add(written.lower())
        yield from _name(f"{place}.to.{number}", person)
    for name, value in one.get("headers", {}).items():
        if name.lower() in RESERVED or not re.fullmatch(r"[!-9;-~]+", name):
            yield f"{place}.headers.{name}", "The header is reserved."
        if not isinstance(value, str) or not re.fullmatch(r"[ -~]*", value):
            yield f"{place}.headers.{name}", "A header is a string of plain characters."
    yield from _sizes(f"{place}.substitutions", one.get("substitutions", {}), 10_000)
    yield from _sizes(f"{place}.custom_args", one.get("custom_args", {}), 10_000)
    for value in one.get("custom_args", {}).values():
        if "@" in str(value):
            yield f"{place}.custom_args", "No address belongs into custom_args (SG-7)."


def _name(place: str, person: dict[str, Any]) -> Iterator[Problem]:
    if re.search(r"[;,\x00-\x1f\x7f-\x9f]", str(person.get("name", ""))):
        yield f"{place}.name", "The name may hold no semicolon, comma or control character."


def _sizes(place: str, values: dict[str, Any], most: int) -> Iterator[Problem]:
    if any(not isinstance(value, str) for value in values.values()):
        yield place, "Values are strings."
    elif sum(len((key + value).encode()) for key, value in values.items()) > most:
        yield place, f"Too many bytes, {most} at most."
    if any(" " in key for key in values):
        yield place, "A tag holds no space."
