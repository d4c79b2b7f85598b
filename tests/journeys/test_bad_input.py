"""What bad input gets: one line with file, line and mend; nothing written, nothing half-created."""

from pathlib import Path

import pytest

from tests.journeys.house import OCTOBER, House

POSTS = {
    "missing.md": None,
    "latin.md": "---\ntitle: Größe\n---\nx\n".encode("latin-1"),
    "binary.md": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "empty.md": b"",
    "notes.org": b"#+TITLE: Notes\n* One\n",
    "org.md": b"#+TITLE: Notes\n* One\n",
    "yaml.md": b"---\ntitle: a: b\n---\nx\n",
    "toml.md": b'+++\ntitle = "a\n+++\nx\n',
    "json.md": b'{"title": }\n\nx\n',
    "open.md": b"---\ntitle: never closed\n",
    "untitled.md": b"---\ndate: 2026-11-05\n---\nWords without a title.\n",
}


@pytest.mark.parametrize("name", POSTS)
def test_a_post_that_cannot_be_read_is_named_and_nothing_is_written(
    house: House, name: str
) -> None:
    content = POSTS[name]
    if content is not None:
        (house.folder / name).write_bytes(content)
    before = sorted(house.folder.rglob("*"))
    said = house.run("render", name, "--out", "out", code=2)
    assert name in said
    assert "→" in said
    assert len(said.strip().splitlines()) == 2
    assert sorted(house.folder.rglob("*")) == before


@pytest.mark.parametrize(("name", "line"), [("yaml.md", 2), ("toml.md", 2), ("json.md", 1)])
def test_front_matter_that_does_not_parse_is_named_with_its_line(
    house: House, name: str, line: int
) -> None:
    (house.folder / name).write_bytes(POSTS[name] or b"")
    assert f"{name}:{line}:" in house.run("check", name, code=2)


def test_good_rows_come_in_and_bad_rows_are_listed_with_their_lines(house: House) -> None:
    house.list_with(1)
    rows = 'email,name\na@readers.example,A\nnot an address,B\nb@readers.example\n"c@x.example,C\n'
    (house.folder / "more.csv").write_text(rows + "d@readers.example,D\n", encoding="utf-8")
    said = house.run("subscribers", "import", "more.csv", "--i-have-consent", "asked", code=1)
    assert "2 added" in said
    assert "3 refused" in said
    report = (house.folder / "more.refused.csv").read_text(encoding="utf-8").splitlines()
    assert [row.split(",")[0] for row in report] == ["line", "3", "4", "5"]
    assert house.json("lists", "show", "ledger")[0]["active"] == 3


def test_an_import_without_proof_of_consent_takes_nobody(house: House) -> None:
    house.list_with(1)
    (house.folder / "more.csv").write_text("email\nx@readers.example\n", encoding="utf-8")
    assert "--i-have-consent" in house.run("subscribers", "import", "more.csv", code=2)
    assert house.json("lists", "show", "ledger")[0]["active"] == 1


@pytest.mark.parametrize(
    ("settings", "mend"),
    [
        ({"PROVIDER": "smtp"}, "SMTP_URL"),
        ({"PROVIDER": "smtp", "SMTP_URL": "smtp://127.0.0.1:9?starttls=never"}, "127.0.0.1"),
        ({"PROVIDER": "sendgrid"}, "SENDGRID_API_KEY"),
        (
            {
                "PROVIDER": "sendgrid",
                "SENDGRID_API_KEY": "SG.x.y",
                "SENDGRID_HOST": "http://127.0.0.1:9",
            },
            "reached",
        ),
    ],
)
def test_a_provider_that_is_down_or_misconfigured_marks_nobody(
    tmp_path: Path, settings: dict[str, str], mend: str
) -> None:
    House(tmp_path).list_with(3)
    house = House(tmp_path, PUBLIC_URL="https://news.ledger.example", **settings)
    said = house.run("test", OCTOBER, "--to", "editor@ledger.example", code=3)
    assert mend in said
    house.run("send", OCTOBER, "--yes", "--no-test", "--wait", code=3)
    issue = house.json("show", "tmod-october-2026")
    assert (issue["state"], issue["submitted"], issue["failed"]) == ("draft", 0, 0)


def test_a_setting_that_is_wrong_is_named_and_its_value_is_not_shown(tmp_path: Path) -> None:
    """# S-18"""
    house = House(tmp_path, SECRET_KEYS="tooshort-canary")
    said = house.run("issues", code=2)
    assert "SECRET_KEYS" in said
    assert "canary" not in said
    unknown = House(tmp_path, PROVIDER="pigeon")
    assert "provider" in unknown.run("issues", code=2)
