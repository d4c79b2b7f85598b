"""`newsletter lists`: every column of a list can be said by an option and by newsletter.toml."""

import json
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from newsletter.cli import running
from newsletter.cli.command import app
from newsletter.cli.list_options import COLUMNS
from newsletter.declared import ListTable
from subscribers.errors import ListRefused
from subscribers.models import List

Run = Callable[..., Result]
# What no person sets, or what is said as one with another.
MADE = {"id", "slug", "created_at", "consent_version", "sender_name", "sender_address"}
TOML = """
[lists.ledger]
name = "The Ledger"
from = "The Editors <editors@ledger.example>"
reply_to = "letters@ledger.example"
postal = "12 Quay Street"
language = "de"
time_zone = "Europe/Berlin"
accent = "#123456"
layout = "letter"
logo_url = "https://ledger.example/logo.png"
site_url = "https://ledger.example"
privacy_url = "https://ledger.example/privacy/"
opt_in = "single"
consent = "Send me it."
public = false
welcome = true
clicks = "individual"
opens = "off"
counted_by = "provider"
utm = true
latest_within = 7
ask_after = 180
"""


@pytest.fixture
def run(home: Path) -> Run:
    """Run a command in an empty folder."""
    return lambda *words: CliRunner().invoke(app, words)


def shown(run: Run) -> dict[str, object]:
    told: dict[str, object] = json.loads(run("lists", "show", "ledger", "--json").output)[0]
    return told


def test_every_column_of_a_list_has_a_name_in_the_file_and_an_option() -> None:
    assert set(COLUMNS.values()) == {column.key for column in List.__table__.columns} - MADE
    assert COLUMNS.keys() == ListTable.model_fields.keys() - {"sender"}


def test_a_list_of_the_file_is_made_as_it_is_written(run: Run, tmp_path: Path) -> None:
    (tmp_path / "newsletter.toml").write_text(TOML, encoding="utf-8")
    assert run("lists", "sync").exit_code == 0
    told = shown(run)
    assert told["from"] == "The Editors <editors@ledger.example>"
    for line in TOML.strip().splitlines()[1:]:
        name, _, value = line.partition(" = ")
        if name != "from":
            assert told[name] == json.loads(value), name
    assert run("lists", "sync").output == "list ledger is as it was\n"


def test_what_the_file_takes_back_of_an_edit_is_said(run: Run, tmp_path: Path) -> None:
    table = "\n".join(TOML.splitlines()[:7]) + "\n"
    (tmp_path / "newsletter.toml").write_text(table, encoding="utf-8")
    run("lists", "sync")
    edited = run("lists", "edit", "ledger", "--language", "fr", "--clicks", "off", "--welcome")
    assert edited.output.splitlines() == [
        "list ledger changed",
        "  language: de → fr",
        "  welcome: no → yes",
        "  clicks: aggregate → off",
    ]
    default = " (its default: the file says nothing)"
    assert run("lists", "sync").output.splitlines() == [
        "list ledger changed",
        "  language: fr → de",
        f"  welcome: yes → no{default}",
        f"  clicks: off → aggregate{default}",
    ]
    assert run("lists", "edit", "ledger", "--language", "de").output == "list ledger is as it was\n"


def test_new_words_are_a_new_version_and_the_same_words_are_not(run: Run) -> None:
    run("lists", "add", "ledger", "--name", "Ledger", "--from", "a@ledger.example")
    versions = []
    for words in ("Monthly.", "Monthly.", "Weekly."):
        run("lists", "edit", "ledger", "--wording", words)
        versions.append(shown(run)["consent_version"])
    assert versions == [2, 2, 3]


def test_an_empty_value_takes_away_and_what_is_not_named_stays(run: Run) -> None:
    run(
        "lists", "add", "ledger", "--name", "Ledger", "--from", "Ed <a@ledger.example>",
        "--reply-to", "b@ledger.example", "--postal", "Street 1", "--private",
    )  # fmt: skip
    run("lists", "edit", "ledger", "--reply-to", "", "--from", "c@ledger.example")
    told = shown(run)
    assert (told["reply_to"], told["postal"], told["public"]) == ("", "Street 1", False)
    assert told["from"] == "Ed <c@ledger.example>"


def test_a_provider_counts_no_list_that_counts_nobody_by_name(run: Run, tmp_path: Path) -> None:
    """# L-1: whichever of the two is named, and whichever was there before."""
    made = ("lists", "add", "ledger", "--name", "Ledger", "--from", "a@ledger.example")
    counts = ("--counted-by", "provider")
    refused = run(*made, *counts)
    assert refused.exit_code != 0
    assert "only what we can count" in str(refused.exception)
    run(*made, *counts, "--clicks", "individual", "--opens", "off")
    assert isinstance(run("lists", "edit", "ledger", "--opens", "aggregate").exception, ListRefused)
    run("lists", "edit", "ledger", "--opens", "aggregate", "--counted-by", "own")
    assert isinstance(run("lists", "edit", "ledger", *counts).exception, ListRefused)
    assert (shown(run)["opens"], shown(run)["counted_by"]) == ("aggregate", "own")
    table = TOML.replace('opens = "off"', 'opens = "aggregate"')
    (tmp_path / "newsletter.toml").write_text(table, encoding="utf-8")
    assert "only what we can count" in str(run("lists", "sync").exception)


def test_a_provider_counts_no_links_of_the_text_part(run: Run, tmp_path: Path) -> None:
    """SG-5: in a text nothing keeps it from the link to leave by."""
    made = ("lists", "add", "ledger", "--name", "Ledger", "--from", "a@ledger.example")
    counts = ("--counted-by", "provider", "--clicks", "individual", "--opens", "off")
    assert "link to leave by" in str(run(*made, *counts, "--text-links").exception)
    run(*made, *counts)
    assert isinstance(run("lists", "edit", "ledger", "--text-links").exception, ListRefused)
    run("lists", "edit", "ledger", "--text-links", "--counted-by", "own")
    assert isinstance(run("lists", "edit", "ledger", *counts).exception, ListRefused)
    table = TOML.replace('counted_by = "provider"', 'counted_by = "provider"\ntext_links = true')
    (tmp_path / "newsletter.toml").write_text(table, encoding="utf-8")
    assert "link to leave by" in str(run("lists", "sync").exception)


def test_counting_is_left_to_nobody_but_us_or_the_provider(run: Run) -> None:
    run("lists", "add", "ledger", "--name", "Ledger", "--from", "a@ledger.example")
    assert isinstance(run("lists", "edit", "ledger", "--counted-by", "both").exception, ListRefused)


def test_a_check_beside_the_post_refuses_a_provider_that_is_known_to_count_nothing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no provider is named, it is known to those who send."""
    (tmp_path / "newsletter.toml").write_text(TOML, encoding="utf-8")
    (tmp_path / "post.md").write_text("---\ntitle: Tides\ndate: 2026-11-01\n---\n\nWords.\n")
    # SpamAssassin, where it is, takes seconds for each check.
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "provider-counts-nothing" not in run("check", "post.md").output
    for provider, is_found in (("smtp", True), ("sendgrid", False)):
        monkeypatch.setenv("NEWSLETTER_PROVIDER", provider)
        assert ("provider-counts-nothing" in run("check", "post.md").output) is is_found


def test_the_list_that_init_proposes_holds_all_that_a_mail_needs() -> None:
    _, table, rows = running.TOML.partition("[lists.ledger]")
    proposed = tomllib.loads(table + rows.replace("\n# ", "\n"))
    assert {"name", "from", "postal", "privacy_url"} <= proposed["lists"]["ledger"].keys()
