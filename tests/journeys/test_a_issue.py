"""Journey A: a post becomes an issue, the issue becomes mails, and nobody is mailed twice."""

from pathlib import Path

from tests.journeys.house import OCTOBER, House


def test_a_post_goes_out_once_to_everybody_on_the_list(house: House) -> None:
    """# R-1 and R-2: one mail a person, also when `send` is said again."""
    house.list_with(120)
    house.run("test", OCTOBER, "--to", "editor@monthly-ledger.example")
    house.run("send", OCTOBER, "--yes", "--wait")
    issue = house.json("show", "tmod-october-2026")
    assert (issue["state"], issue["submitted"], issue["recipients"]) == ("sent", 120, 120)
    mails = [mail for mail in house.outbox() if not mail["Subject"].startswith("[Test")]
    assert len({mail["To"] for mail in mails}) == len(mails) == 120

    said = house.run("send", OCTOBER, "--yes", "--wait")
    assert "already" in said
    assert len(house.outbox()) == 121


def test_a_send_asks_for_a_test_of_this_very_content(house: House, tmp_path: Path) -> None:
    house.list_with(3)
    said = house.run("send", OCTOBER, "--yes", "--wait", code=2)
    assert "newsletter test" in said
    assert house.outbox() == []
    house.run("send", OCTOBER, "--yes", "--wait", "--no-test")
    assert len(house.outbox()) == 3


def test_a_test_is_numbered_in_its_subject_and_counts_for_nobody(house: House) -> None:
    house.list_with(2)
    house.run("test", OCTOBER, "--to", "editor@monthly-ledger.example")
    house.run("test", OCTOBER, "--to", "editor@monthly-ledger.example")
    subjects = sorted(mail["Subject"] for mail in house.outbox())
    assert [subject[:8] for subject in subjects] == ["[Test 1]", "[Test 2]"]
    assert house.json("show", "tmod-october-2026")["recipients"] == 0


def test_a_dry_run_says_who_would_get_it_and_writes_nothing(house: House) -> None:
    house.list_with(7)
    said = house.run("send", OCTOBER, "--dry-run")
    assert "7" in said
    assert house.json("issues") == []


def test_the_same_key_from_another_post_is_refused(house: House, tmp_path: Path) -> None:
    house.list_with(2)
    house.run("send", OCTOBER, "--yes", "--no-test", "--wait")
    other = tmp_path / "other.md"
    other.write_text("---\ntitle: Other\nslug: tmod-October-2026\n---\nAnother post.\n")
    assert "--key" in house.run("send", other, "--yes", "--no-test", "--wait", code=2)
    assert len(house.outbox()) == 2


def test_a_changed_post_is_not_mailed_again_unless_told(house: House, tmp_path: Path) -> None:
    post = tmp_path / "note.md"
    post.write_text("---\ntitle: A note\nslug: a-note\n---\nFirst words.\n")
    house.list_with(2)
    house.run("send", post, "--yes", "--no-test", "--wait")
    post.write_text("---\ntitle: A note\nslug: a-note\n---\nOther words.\n")
    assert "--resend-as" in house.run("send", post, "--yes", "--no-test", "--wait")
    assert len(house.outbox()) == 2
    house.run("send", post, "--yes", "--no-test", "--wait", "--resend-as", "a-note-2")
    assert len(house.outbox()) == 4


def test_what_is_scheduled_is_frozen(house: House, tmp_path: Path) -> None:
    post = tmp_path / "note.md"
    post.write_text("---\ntitle: A note\nslug: a-note\n---\nFirst words.\n")
    house.list_with(2)
    house.run("send", post, "--yes", "--no-test")
    post.write_text("---\ntitle: Another title\nslug: a-note\n---\nOther words.\n")
    house.run("lists", "edit", "ledger", "--postal", "Elsewhere 5")
    house.run("worker", "--until-idle")
    assert {mail["Subject"] for mail in house.outbox()} == {"A note"}
    text = house.outbox()[0].get_body(("plain",))
    assert text is not None
    assert "First words." in text.get_content()
    assert "12 Quay Street" in text.get_content()


def test_an_issue_for_a_segment_reaches_only_its_people(house: House) -> None:
    house.list_with(5)
    for number in (1, 3):
        house.run("subscribers", "edit", f"reader{number:05}@readers.example", "--tag", "vip")
    said = house.run("subscribers", "find", "--segment", "tag:vip")
    assert "2 people of ledger, tagged vip" in said
    assert "tagged vip" in house.run("send", OCTOBER, "--segment", "tag:vip", "--dry-run")

    house.run("send", OCTOBER, "--segment", "tag:vip", "--yes", "--no-test", "--wait")

    addresses = [str(mail["To"]) for mail in house.outbox()]
    assert sorted(one.split("<")[-1] for one in addresses) == [
        "reader00001@readers.example>",
        "reader00003@readers.example>",
    ]
    assert house.json("show", "tmod-october-2026")["segment"] == "tag:vip"


def test_a_filter_that_cannot_be_read_schedules_nothing(house: House) -> None:
    house.list_with(2)

    said = house.run("send", OCTOBER, "--segment", "tag:", "--yes", "--no-test", code=2)

    assert "    tag:\n        ^" in said
    assert house.json("issues")[0]["state"] == "draft"


def test_what_is_mailed_to_others_waits_until_it_can_be_read(tmp_path: Path) -> None:
    house = House(
        tmp_path,
        PROVIDER="smtp",
        SMTP_URL="smtp://127.0.0.1:1?starttls=never",
        PUBLIC_URL="https://news.ledger.example",
    )
    house.list_with(2)
    given = ("--yes", "--no-test", "--at", "2090-01-01T08:00")
    house.run("send", house.note("one"), *given)
    house.run("send", house.note("two"), *given, "--no-live-check")
    asked, unasked = (house.run("show", key) for key in ("one", "two"))
    assert "without a live check" not in asked
    assert "without a test, without a live check" in unasked
