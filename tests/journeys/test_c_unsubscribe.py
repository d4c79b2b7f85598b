"""Journey C: looking changes nothing, one click leaves, and leaving works in the middle."""

import re

from tests.journeys.browser import get, post
from tests.journeys.house import House


def test_a_reader_leaves_with_one_click_and_is_not_mailed_again(house: House) -> None:
    """# U-1, U-2, U-5: GET changes nothing; the mail client's POST leaves, without a redirect.

    No mailbox is read here, so the mail offers no goodbye by mail.
    """
    house.list_with(5)
    house.run("send", house.note("first"), "--yes", "--no-test", "--wait")
    mail = house.outbox()[0]
    assert re.fullmatch(r"<https?://[^<>,]+>", mail["List-Unsubscribe"])
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    with house.serving("--no-worker") as base:
        link = mail["List-Unsubscribe"].strip("<>").replace(house.public_url, base)
        assert get(link).status == 200
        assert house.json("lists", "show", "ledger")[0]["active"] == 5
        assert post(link, **{"List-Unsubscribe": "One-Click"}).status == 200
        assert post(link, **{"List-Unsubscribe": "One-Click"}).status == 200
        assert house.json("lists", "show", "ledger")[0]["active"] == 4
    house.run("send", house.note("second"), "--yes", "--no-test", "--wait")
    second = [one for one in house.outbox() if "second" in one["Subject"]]
    assert len(second) == 4
    assert mail["To"] not in {one["To"] for one in second}


def test_who_leaves_between_freezing_and_sending_is_not_mailed(house: House) -> None:
    """# DL-3"""
    house.list_with(5)
    house.run("send", house.note("first"), "--yes", "--no-test", "--wait")
    mail = house.outbox()[0]
    house.run("send", house.note("second"), "--yes", "--no-test")
    with house.serving("--no-worker") as base:
        link = mail["List-Unsubscribe"].strip("<>").replace(house.public_url, base)
        post(link, **{"List-Unsubscribe": "One-Click"})
    house.run("worker", "--until-idle")
    assert len([one for one in house.outbox() if "second" in one["Subject"]]) == 4


def test_goodbye_links_work_whatever_key_they_were_made_with(house: House) -> None:
    """# U-4: from a mail of before the key was changed, and from one of after it."""
    house.list_with(2)
    house.run("send", house.note("first"), "--yes", "--no-test", "--wait")
    house.run("keys", "rotate")
    house.run("send", house.note("second"), "--yes", "--no-test", "--wait")
    old, *others = house.outbox()
    new = next(one for one in reversed(others) if one["To"] != old["To"])
    with house.serving("--no-worker") as base:
        for mail in (old, new):
            link = mail["List-Unsubscribe"].strip("<>").replace(house.public_url, base)
            assert post(link, **{"List-Unsubscribe": "One-Click"}).status == 200
    assert house.json("lists", "show", "ledger")[0]["active"] == 0


def test_every_broken_link_gives_the_same_plain_page(house: House) -> None:
    """# S-6"""
    house.list_with(1)
    house.run("send", house.note("first"), "--yes", "--no-test", "--wait")
    link = house.outbox()[0]["List-Unsubscribe"].strip("<>")
    with house.serving("--no-worker") as base:
        real = link.replace(house.public_url, base)
        broken = [real[:-1], real + "A", real[:-4] + "AAAA", f"{base}/u/x", f"{base}/u/" + "A" * 60]
        pages = [get(url) for url in broken] + [get(real.replace("/u/", "/confirm/"))]
        assert {page.status for page in pages} == {404}
        assert len({page.text for page in pages}) == 1


def test_the_archive_shows_the_issue_without_anybodys_links(house: House) -> None:
    house.list_with(2)
    house.run("send", house.note("first"), "--yes", "--no-test", "--wait")
    token = house.outbox()[0]["List-Unsubscribe"].strip("<>").rsplit("/", 1)[1]
    with house.serving("--no-worker") as base:
        page = get(f"{base}/archive/ledger/first")
        assert page.status == 200
        assert "Some words." in page.text
        assert token not in page.text
