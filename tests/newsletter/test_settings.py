"""Settings that are wrong are named, before anything is made of them."""

from pathlib import Path

import pytest

from newsletter.errors import SettingsError
from newsletter.settings import load

TABLE = '[lists.ledger]\nname = "Ledger"\nfrom = "a@ledger.example"\ntime_zone = "{}"\n'


@pytest.mark.parametrize("zone", ["Mars/Base", "", "../UTC", "Europe"])
def test_a_list_in_the_file_has_a_time_zone_that_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "newsletter.toml").write_text(TABLE.format(zone), encoding="utf-8")
    with pytest.raises(SettingsError, match=r"lists\.ledger\.time_zone: .*IANA"):
        load()
    (tmp_path / "newsletter.toml").write_text(TABLE.format("Europe/Berlin"), encoding="utf-8")
    assert load().lists["ledger"].time_zone == "Europe/Berlin"


def test_a_file_that_is_not_utf_8_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "newsletter.toml").write_bytes(b'provider = "outbox" # \xe9\n')
    with pytest.raises(SettingsError, match=r"newsletter\.toml is no text in UTF-8: byte 22"):
        load()


def test_a_name_that_is_no_setting_is_called_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "newsletter.toml"
    for written, named, meant in (
        ("provdier = 'smtp'\n", "provdier", "did you mean provider? "),
        ("NEWSLETTER_PROVIDER = 'smtp'\n", "NEWSLETTER_PROVIDER", "did you mean provider? "),
        (TABLE.format("UTC") + "sender = 'a@ledger.example'\n", "lists.ledger.sender", ""),
        (
            TABLE.format("UTC") + "postel = 'Quay 1'\n",
            "lists.ledger.postel",
            "did you mean postal? ",
        ),
    ):
        file.write_text(written, encoding="utf-8")
        with pytest.raises(SettingsError, match=f"settings: {named}: no such setting$") as refused:
            load()
        assert refused.value.mend == f"{meant}docs/settings.md lists every setting"


@pytest.mark.parametrize("sender", ["", "nobody", "Ledger <a@ledger.example", "a@b@ledger.example"])
def test_a_list_in_the_file_has_a_sender_that_is_an_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sender: str
) -> None:
    monkeypatch.chdir(tmp_path)
    table = TABLE.format("UTC").replace("a@ledger.example", sender)
    (tmp_path / "newsletter.toml").write_text(table, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"lists\.ledger\.from: .*must be like"):
        load()


def test_letters_beyond_ascii_are_not_allowed_with_a_provider_that_takes_none() -> None:
    """H-4."""
    with pytest.raises(SettingsError, match="SMTPUTF8 is not for SendGrid"):
        load(smtputf8=True, provider="sendgrid")
    assert load(smtputf8=True, provider="smtp").smtputf8


WEBHOOK_KEY = f"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE{'A' * 86}=="


@pytest.mark.parametrize(
    "key",
    ["garbage", WEBHOOK_KEY[:-3], f"-----BEGIN PUBLIC KEY-----{WEBHOOK_KEY}", f"{WEBHOOK_KEY},x"],
)
def test_a_key_that_could_verify_no_event_stops_the_start(key: str) -> None:
    """Else every report would be refused in silence, and lost after a day."""
    with pytest.raises(SettingsError, match=r"sendgrid_webhook_keys: .*as SendGrid") as told:
        load(sendgrid_webhook_keys=key)
    assert key not in str(told.value)
    two = load(sendgrid_webhook_keys=f"{WEBHOOK_KEY}, {WEBHOOK_KEY}")
    assert len(two.sendgrid_webhook_keys) == 2


@pytest.mark.parametrize(
    ("name", "mend"),
    [
        ("NEWSLETTER_PROVDER", "NEWSLETTER_PROVIDER is one"),
        ("newsletter_smpt_url", "NEWSLETTER_SMTP_URL is one"),
        ("NEWSLETTER_", "settings.md"),
        ("NEWSLETTER_QQ", "settings.md"),
    ],
)
def test_a_variable_of_ours_that_is_no_setting_is_refused_with_the_one_that_is(
    monkeypatch: pytest.MonkeyPatch, name: str, mend: str
) -> None:
    """A misspelt PROVIDER would be the outbox, and the issue "sent"."""
    monkeypatch.setenv(name, "a secret")
    with pytest.raises(SettingsError, match=f"{name}: no such setting") as refused:
        load()
    assert mend in refused.value.mend
    assert "a secret" not in f"{refused.value} {refused.value.mend}"


def test_a_variable_of_ours_counts_in_small_letters_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("newsletter_batch_size", "7")
    assert load().batch_size == 7


@pytest.mark.parametrize(
    "name", ["SERVICE_HOST", "SERVICE_PORT_HTTP", "PORT", "PORT_8025_TCP_ADDR"]
)
def test_what_kubernetes_tells_of_a_service_called_newsletter_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(f"NEWSLETTER_{name}", "10.0.0.1")
    assert load().provider == "outbox"


@pytest.mark.parametrize("url", ["foo", "mysql://db/x", "postgres://db/x", "sqlite:file.db"])
def test_a_database_of_no_kind_we_know_is_named_without_its_address(
    url: str,
) -> None:
    with pytest.raises(SettingsError, match=r"database_url: must begin with sqlite:///") as refused:
        load(database_url=url)
    assert url not in str(refused.value).replace("sqlite:///", "")


def test_settings_that_do_not_go_together_are_told_in_our_words_alone() -> None:
    with pytest.raises(SettingsError, match=r"^settings: IN_DOUBT=resend is for"):
        load(in_doubt="resend")
