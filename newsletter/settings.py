"""Settings: read once, from `NEWSLETTER_*` and `newsletter.toml`, the environment winning."""

import os
import re
import tomllib
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from newsletter.declared import DkimKey, ListTable
from newsletter.errors import SettingsError
from subscribers.address import parse
from subscribers.errors import AddressRefused

# A point on P-256 as SubjectPublicKeyInfo (RFC 5480), in base64.
_WEBHOOK_KEY = re.compile(r"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE[A-Za-z0-9+/]{86}==")
_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
FILE = Path("newsletter.toml")
PREFIX = "NEWSLETTER_"
# What Kubernetes and Docker tell of a service of that name; it is none of ours.
_LINKED = re.compile(r"service_(host|port)(_.*)?|port(_.*)?|name|env_.*")
# A project's own templates, where the file above is.
TEMPLATES = Path("templates", "email")


class Settings(BaseSettings):
    """Every setting with its default; see docs/settings.md for each one's meaning."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="forbid", toml_file=FILE
    )

    database_url: str = "sqlite:///newsletter.db"
    secret_keys: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    public_url: str = "http://127.0.0.1:8025"
    site_url: str = ""
    provider: Literal["outbox", "smtp", "sendgrid"] = "outbox"
    outbox_dir: Path = Path("outbox")
    state_dir: Path | None = None
    smtp_url: SecretStr = SecretStr("")
    smtputf8: bool = False
    sendgrid_api_key: SecretStr = SecretStr("")
    sendgrid_host: str = "https://api.sendgrid.com"
    sendgrid_webhook_keys: Annotated[tuple[str, ...], NoDecode] = ()
    inbox_url: SecretStr = SecretStr("")
    inbox_address: str = ""
    connections: int = Field(default=10, ge=1, le=100)
    batch_size: int = Field(default=1000, ge=1, le=1000)
    rate: float | None = Field(default=None, gt=0)
    domain_rates: Annotated[dict[str, float], NoDecode] = Field(default_factory=dict)
    daily_quota: int | None = Field(default=None, ge=1)
    warm_up: Annotated[tuple[int, ...], NoDecode] = ()
    in_doubt: Literal["hold", "resend"] = "hold"
    alert_url: SecretStr = SecretStr("")
    heartbeat_url: SecretStr = SecretStr("")
    admin_address: str = ""
    images: Literal["service", "site", "embed"] = "service"
    templates_dir: Path | None = None
    signups_an_hour: int = Field(default=100, ge=1)
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = ()
    scanner_networks: Annotated[tuple[str, ...], NoDecode] = ()
    lists: dict[str, ListTable] = Field(default_factory=dict)
    dkim: dict[str, DkimKey] = Field(default_factory=dict)

    @field_validator(
        "secret_keys",
        "trusted_proxies",
        "scanner_networks",
        "sendgrid_webhook_keys",
        "warm_up",
        mode="before",
    )
    @classmethod
    def _comma_separated(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("sendgrid_webhook_keys")
    @classmethod
    def _public_keys(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(map(_WEBHOOK_KEY.fullmatch, value)):
            raise ValueError("must be verification keys as SendGrid's Event Webhook shows them")
        return value

    @field_validator("domain_rates", mode="before")
    @classmethod
    def _named(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        parts = (part.strip() for part in value.split(","))
        return {part.partition("=")[0]: part.partition("=")[2] for part in parts if part}

    @field_validator("domain_rates")
    @classmethod
    def _domains(cls, value: dict[str, float]) -> dict[str, float]:
        for name, rate in value.items():
            if not _DOMAIN.fullmatch(name) or not rate > 0:
                raise ValueError("must be domains with rates, such as gmail.com=20,web.example=5")
        return value

    @field_validator("warm_up")
    @classmethod
    def _rising(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        if any(one < 1 for one in value):
            raise ValueError("must be recipients of each day, such as 500,1000,2000")
        return value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("must begin with sqlite:/// or postgresql+psycopg://")
        return value

    @field_validator("public_url", "site_url", "sendgrid_host")
    @classmethod
    def _without_slash(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("must begin with https:// (or http:// on this machine)")
        return value.rstrip("/")

    @field_validator("alert_url", "heartbeat_url")
    @classmethod
    def _address(cls, value: SecretStr) -> SecretStr:
        told = value.get_secret_value()
        if told and not told.startswith(("http://", "https://")):
            raise ValueError("must begin with https:// or http://")
        return value

    @model_validator(mode="after")
    def _deliverable(self) -> "Settings":
        if self.smtputf8 and self.provider == "sendgrid":
            raise ValueError("SMTPUTF8 is not for SendGrid, which takes no such address")
        if self.in_doubt == "resend" and not self.sendgrid_webhook_keys:
            raise ValueError(
                "IN_DOUBT=resend is for who hears of the others: PROVIDER=sendgrid with "
                "SENDGRID_WEBHOOK_KEYS"
            )
        return self

    @field_validator("admin_address")
    @classmethod
    def _mailbox(cls, value: str) -> str:
        try:
            return parse(value).email if value else ""
        except AddressRefused as error:
            raise ValueError(str(error)) from None

    @field_validator("templates_dir")
    @classmethod
    def _folder(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_dir():
            raise ValueError("is no folder")
        return value

    @property
    def templates(self) -> Path | None:
        """The folder of the project's own templates, None without any."""
        if self.templates_dir is not None:
            return self.templates_dir.resolve()
        return TEMPLATES.resolve() if FILE.is_file() and TEMPLATES.is_dir() else None

    @property
    def state_folder(self) -> Path:
        """The folder for what must outlive the database: beside a SQLite file, else here."""
        if self.state_dir is not None:
            return self.state_dir
        beside = self.database_file.resolve().parent if self.database_file else Path()
        return beside / ".newsletter"

    @property
    def database_file(self) -> Path | None:
        """The SQLite file, or None on PostgreSQL."""
        found = self.database_url.removeprefix("sqlite:///")
        return None if found == self.database_url else Path(found)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over the file, and arguments over both."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def _told(problem: Any) -> str:
    """Return what is wrong with a setting, after its name where it is one's alone."""
    unknown = problem["type"] == "extra_forbidden"
    words = "no such setting" if unknown else problem["msg"].removeprefix("Value error, ")
    return ": ".join((*filter(None, [".".join(map(str, problem["loc"]))]), words))


def _meant(problem: Any) -> str:
    """Return the name that one in the file was meant to be; empty where it is known or odd."""
    if problem["type"] != "extra_forbidden":
        return ""
    *tables, written = problem["loc"]
    tables_of: dict[str, type[BaseModel]] = {"lists": ListTable, "dkim": DkimKey}
    model = tables_of[tables[0]] if tables else Settings
    names = [field.alias or name for name, field in model.model_fields.items()]
    told = str(written).lower().removeprefix(PREFIX.lower())
    return "".join(get_close_matches(told, names, n=1))


def load(**overrides: Any) -> Settings:
    """Read the settings of this process.

    Raises SettingsError naming each setting that is wrong, and never shows its value.
    """
    _require_known(os.environ)
    try:
        return Settings(**overrides)
    except ValidationError as error:
        problems = error.errors(include_input=False, include_url=False)
        wrong = "; ".join(map(_told, problems))
        meant = "".join(f"did you mean {one}? " for one in filter(None, map(_meant, problems)))
        raise SettingsError(
            f"settings: {wrong}", f"{meant}docs/settings.md lists every setting"
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{FILE}: {error}", "mend the TOML at that place") from None
    except UnicodeDecodeError as error:
        raise SettingsError(
            f"{FILE} is no text in UTF-8: byte {error.start} is none of it", "save it as UTF-8"
        ) from None


def _require_known(environment: Iterable[str]) -> None:
    """Refuse a variable of ours that is no setting, as its name in the file is."""
    for name in environment:
        told = name.lower().removeprefix(PREFIX.lower())
        if told == name.lower() or told in Settings.model_fields or _LINKED.fullmatch(told):
            continue
        near = get_close_matches(told, Settings.model_fields, n=1)
        meant = f"{PREFIX}{near[0].upper()} is one; " if near else ""
        raise SettingsError(
            f"settings: {name}: no such setting", f"{meant}docs/settings.md lists every setting"
        )
