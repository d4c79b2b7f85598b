"""What `newsletter.toml` declares in tables: lists, and keys that sign."""

import re
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

_ADDRESS = re.compile(r"[^@<>]*<[^@\s<>]+@[^@\s<>]+>|[^@\s<>]+@[^@\s<>]+")


class ListTable(BaseModel):
    """A `[lists.NAME]` table: what a check without a database takes of the List."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    sender: str = Field(alias="from")
    reply_to: str = ""
    postal: str = ""
    language: str = "en"
    time_zone: str = "UTC"
    accent: str = "#1f4fd8"
    layout: Literal["digest", "letter"] = "digest"
    logo_url: str = Field(default="", pattern=r"^(https://[^\s<>\"]+)?$")
    site_url: str = ""
    privacy_url: str = ""
    opt_in: Literal["double", "single"] = "double"
    consent: str = ""
    public: bool = True
    welcome: bool = False
    merge_fields: bool = False
    clicks: Literal["off", "aggregate", "individual"] = "aggregate"
    opens: Literal["off", "aggregate", "individual"] = "aggregate"
    counted_by: Literal["own", "provider"] = "own"
    text_links: bool = False
    utm: bool = False
    latest_within: int = Field(default=0, ge=0, le=90)
    ask_after: int = Field(default=0, ge=0, le=3650)

    @model_validator(mode="after")
    def _countable(self) -> "ListTable":
        if self.counted_by == "provider" and "aggregate" in (self.clicks, self.opens):
            raise ValueError(
                "counted_by = provider wants clicks and opens individual or off: "
                "aggregate is only what we can count"
            )
        if self.counted_by == "provider" and self.text_links:
            raise ValueError(
                "counted_by = provider goes without text_links: "
                "in a text the provider would change the link to leave by too"
            )
        return self

    @field_validator("sender", "reply_to")
    @classmethod
    def _address(cls, value: str) -> str:
        # An empty one is not asked for where it is the default.
        if not _ADDRESS.fullmatch(value.strip()):
            raise ValueError("must be like The Ledger <editors@ledger.example>")
        return value

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("must be an IANA name, such as Europe/Berlin") from None
        return value


class DkimKey(BaseModel):
    """A `[dkim."DOMAIN"]` table: the file of a private key, and the name under which it is known."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    selector: str = Field(pattern=r"^[A-Za-z0-9]([A-Za-z0-9.-]{0,61}[A-Za-z0-9])?$")
    key: Path
