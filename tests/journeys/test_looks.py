"""How a mail looks, from the setting to the inbox: embedded pictures, own templates, layouts."""

import re
from pathlib import Path

from tests.journeys.browser import get
from tests.journeys.house import OCTOBER, House


def test_embedded_pictures_travel_in_each_mail_and_are_served_in_the_archive(
    tmp_path: Path,
) -> None:
    house = House(tmp_path, IMAGES="embed")
    house.list_with(3)
    house.run("test", OCTOBER, "--to", "editor@monthly-ledger.example")
    house.run("send", OCTOBER, "--yes", "--wait")
    mails = house.outbox()
    assert len(mails) == 4
    for mail in mails:
        html = mail.get_body(("html",))
        assert html is not None
        shown = set(re.findall(r'src="cid:([^"]+)"', html.get_content()))
        inside = {
            str(part["Content-ID"]).strip("<>"): part.get_content()
            for part in mail.walk()
            if part.get_content_maintype() == "image"
        }
        assert shown == set(inside)
        assert len(inside) == 9
        assert all(len(data) <= 200_000 for data in inside.values())
        assert "/m/" not in html.get_content()
    with house.serving() as base:
        page = get(f"{base}/archive/ledger/tmod-october-2026")
        assert "cid:" not in page.text
        (address, *_) = re.findall(r'src="[^"]*(/m/[^"]+)"', page.text)
        assert get(base + address).status == 200


def test_a_rendered_sample_carries_its_pictures_too(tmp_path: Path) -> None:
    house = House(tmp_path, IMAGES="embed")
    house.run("render", OCTOBER, "--out", tmp_path / "out")
    eml = (tmp_path / "out" / "email.eml").read_text()
    html = (tmp_path / "out" / "email.html").read_text()
    assert eml.count("Content-ID: <") == 9
    assert "cid:" not in html
    for name in re.findall(r'src="(m/[^"]+)"', html):
        assert (tmp_path / "out" / name).is_file()


def test_a_projects_own_templates_are_used_where_its_settings_are(house: House) -> None:
    own = house.folder / "templates" / "email" / "words"
    own.mkdir(parents=True)
    (own / "en.toml").write_text('[issue]\nbutton = "Open the paper"\n')
    (house.folder / "newsletter.toml").write_text("batch_size = 10\n")
    house.run("render", OCTOBER, "--out", house.folder / "out")
    assert "Open the paper" in (house.folder / "out" / "email.html").read_text()
    (own / "en.toml").write_text("[issue\n")
    said = house.run("render", OCTOBER, "--out", house.folder / "out", code=2)
    assert "en.toml" in said
    assert "line 1" in said
    assert "en.toml" in house.run("doctor", code=1)


def test_a_list_chooses_its_layout_and_its_logo(house: House) -> None:
    house.list_with(1)
    house.run(
        "lists", "edit", "ledger", "--layout", "letter", "--logo", "https://ledger.example/l.png"
    )
    house.run("send", OCTOBER, "--yes", "--no-test", "--wait")
    (mail,) = house.outbox()
    html = mail.get_body(("html",))
    assert html is not None
    assert "https://ledger.example/l.png" in html.get_content()
    assert 'class="thumb"' not in html.get_content()
    assert house.json("lists", "show", "ledger")[0]["layout"] == "letter"
    assert "digest or letter" in house.run("lists", "edit", "ledger", "--layout", "x", code=2)
