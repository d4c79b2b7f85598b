"""A send to many, which receivers judge more strictly than one to a few."""

from pathlib import Path

from newsletter.cli.drafting import FEW
from tests.doubles.sendgrid_server import KEY, SendGridDouble
from tests.journeys.house import House


def test_more_than_four_thousand_wait_until_doctor_is_content(tmp_path: Path) -> None:
    """# DL-1"""
    with SendGridDouble() as double:
        settings = {"SENDGRID_API_KEY": KEY, "SENDGRID_HOST": double.url, "PROVIDER": "sendgrid"}
        # One-click leaving wants https.
        house = House(tmp_path, PUBLIC_URL="http://news.ledger.example", **settings)
        house.list_with(FEW + 1)
        send = ("send", house.note(), "--yes", "--no-test")
        said = house.run(*send, code=2)
        assert "public-url-http" in said
        assert "more than 4,000 people" in said
        assert house.json("show", "a-note")["state"] == "draft"
        house.run(*send, "--allow", "public-url-http")
    assert house.json("show", "a-note")["state"] == "scheduled"


def test_a_test_that_was_saved_is_judged(house: House) -> None:
    mail = house.folder / "test.eml"
    mail.write_bytes(b"From: The Ledger <editors@ledger.example>\n\nWords\n")
    assert "signed by nobody" in house.run("doctor", "--received", mail, code=1)
