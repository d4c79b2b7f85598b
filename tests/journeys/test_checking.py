"""A check before anything leaves: what it says, to whom, and what `send` makes of it."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.journeys.house import House
from tests.parts import ROOT

HEAD = '---\ntitle: Tides\nslug: tides\ndescription: What was measured.\ndate: "2026-11-05"\n'
LOCAL = "[more](http://localhost:1313/more/)"
HOW_TO = ROOT / "docs" / "how-to" / "check-in-a-pull-request.md"


@pytest.fixture
def quick(house: House) -> House:
    """A house on a machine without SpamAssassin, which would take seconds for each check."""
    tools = house.folder / "tools"
    tools.mkdir()
    for name in ("git", "bash", "sh", "env"):
        found = shutil.which(name)
        assert found
        (tools / name).symlink_to(found)
    house.environment["PATH"] = str(tools)
    return house


def write(house: House, body: str, more: str = "", name: str = "tides.md") -> Path:
    post = house.folder / name
    post.parent.mkdir(parents=True, exist_ok=True)
    post.write_text(f"{HEAD}{more}---\n\n{body}\n", encoding="utf-8")
    return post


def test_a_sound_post_is_told_so(quick: House) -> None:
    write(quick, "Words.")
    assert quick.run("check", "tides.md") == "nothing found\n"


def test_a_check_without_a_database_loads_none(quick: House) -> None:
    (quick.folder / "newsletter.db").unlink()
    write(quick, "Words.")
    code = (
        "import sys\nfrom newsletter.cli import main\n"
        "try: main(['check', 'tides.md'])\nfinally: print(*sys.modules)"
    )
    done = subprocess.run(
        (sys.executable, "-c", code),
        cwd=quick.folder,
        env=quick.environment | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    said, modules = done.stdout.splitlines()
    assert said == "nothing found"
    assert {"sqlalchemy", "alembic", "fastapi", "sendgrid"}.isdisjoint(modules.split())


def test_an_error_is_told_with_place_code_and_mend_and_ends_the_check(quick: House) -> None:
    write(quick, LOCAL)
    said = quick.run("check", "tides.md", code=1).splitlines()
    assert said == [
        "✗ tides.md:8: The link http://localhost:1313/more/ leads where only you can go."
        " [link-local]",
        "  → Point it at the published page.",
        "1 error",
    ]


def test_a_warning_ends_only_a_strict_check(quick: House) -> None:
    write(quick, "Dear {first_name}.")
    quick.run("check", "tides.md")
    quick.run("check", "tides.md", "--strict", code=1)


def test_json_gives_each_finding_as_the_manual_says(quick: House) -> None:
    write(quick, f"{LOCAL}\n\nDear {{first_name}}.")
    first, second = quick.json("check", "tides.md", code=1)
    manual = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    (shown,) = yaml.safe_load(re.findall(r"```json\n(.*?)```", manual, re.S)[0])
    assert first.keys() == second.keys() == shown.keys()
    assert (second["code"], second["line"]) == ("link-local", 8)
    assert second["title"] == shown["title"]


def test_a_pull_request_gets_annotations_named_from_the_root_of_the_repository(
    quick: House,
) -> None:
    (quick.folder / ".git").mkdir()
    write(quick, LOCAL, name="site/blog/tides.md")
    quick.folder /= "site"
    (line,) = quick.run("check", "blog/tides.md", "--format", "github", code=1).splitlines()
    assert line.startswith("::error title=A link leads to a private machine (link-local),")
    assert ",file=site/blog/tides.md,line=8::" in line
    assert line.endswith("%0APoint it at the published page.")


def test_a_post_that_cannot_be_read_is_an_annotation_too(quick: House) -> None:
    (quick.folder / "tides.md").write_text("---\ntitle: a: b\n---\nx\n", encoding="utf-8")
    said = quick.run("check", "tides.md", "--format", "github", code=2)
    assert said.startswith("::error title=The post cannot be read,file=tides.md,line=2::")


def test_an_unknown_format_is_refused(quick: House) -> None:
    write(quick, "Words.")
    assert "github" in quick.run("check", "tides.md", "--format", "gitlab", code=2)


def test_nothing_of_a_list_is_checked_before_the_settings_name_one(quick: House) -> None:
    write(quick, "Words.")
    assert quick.run("check", "tides.md") == "nothing found\n"
    toml = '[lists.ledger]\nname = "Ledger"\nfrom = "Ledger <a@ledger.example>"\n'
    (quick.folder / "newsletter.toml").write_text(toml, encoding="utf-8")
    found = {row["code"] for row in quick.json("check", "tides.md", code=1)}
    assert found == {"no-postal-address", "no-privacy-notice"}


def test_send_refuses_an_error_and_the_log_keeps_the_one_that_was_allowed(quick: House) -> None:
    quick.list_with(1)
    write(quick, LOCAL, "draft: true\n")
    send = ("send", "tides.md", "--yes", "--no-test", "--allow", "draft")
    assert "link-local" in quick.run(*send, code=2)
    assert quick.json("issues") == []
    quick.run(*send, "--allow", "link-local", "--allow", "clipped")
    steps = {step["step"]: step["detail"] for step in quick.json("show", "tides")["steps"]}
    assert steps["schedule"].endswith(", without a test, in spite of draft, link-local")


def test_an_issue_that_was_only_tried_out_is_refused_by_name_too(quick: House) -> None:
    quick.list_with(1)
    write(quick, "Words.", "draft: true\n")
    quick.run("test", "tides.md", "--to", "me@ledger.example")
    said = quick.run("send", "tides", "--yes", code=2)
    assert "its post has errors (draft)" in said
    quick.run("send", "tides", "--yes", "--allow", "draft")


def test_a_code_that_is_none_allows_nothing(quick: House) -> None:
    quick.list_with(1)
    write(quick, "Words.")
    said = quick.run("send", "tides.md", "--yes", "--no-test", "--allow", "drafts", code=2)
    assert "did you mean draft?" in said
    assert quick.json("issues") == []


@pytest.mark.part("spamassassin")
def test_spamassassin_is_asked_where_it_is_installed(house: House) -> None:
    write(house, "Words of the harbour, its tides and its people. " * 20)
    assert house.run("check", "tides.md") == "nothing found\n"
    write(house, "Words.", "newsletter:\n  subject: BUY VIAGRA NOW, CHEAP CIALIS AND VIAGRA $$$\n")
    found = {row["code"]: row for row in house.json("check", "tides.md", code=1)}
    assert "DRUGS_ERECTILE" in found["spam"]["message"]


def test_links_are_asked_for_when_told_to(quick: House) -> None:
    quick.environment["XDG_CACHE_HOME"] = str(quick.folder / "cache")
    write(quick, "[a name that never exists](https://tides.invalid/)")
    assert quick.json("check", "tides.md") == []
    (found,) = quick.json("check", "tides.md", "--online")
    assert found["code"] in ("link-dead", "link-unchecked")
    assert found["line"] == 8


def test_the_workflow_of_the_manual_marks_a_pull_request(quick: House) -> None:
    workflow = yaml.safe_load(re.findall(r"```yaml\n(.*?)```", HOW_TO.read_text("utf-8"), re.S)[0])
    steps = {step.get("name", ""): step for step in workflow["jobs"]["check"]["steps"]}
    script = quick.folder / "tools" / "newsletter"
    script.write_text(f'#!/bin/sh\nexec {sys.executable} -m newsletter "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    for name in ("basename", "dirname"):
        (script.parent / name).symlink_to(shutil.which(name) or "")
    quick.environment["PYTHONPATH"] = str(ROOT)
    git = ("git", "-c", "user.name=A", "-c", "user.email=a@ledger.example", "-C", "site")
    write(quick, "Words.", name="site/content/blog/old/index.md")
    subprocess.run(("git", "init", "-q", "site"), cwd=quick.folder, check=True)

    def commit() -> str:
        for command in (("add", "."), ("commit", "-qm", "x")):
            subprocess.run((*git, *command), cwd=quick.folder, check=True)
        done = subprocess.run(
            (*git, "rev-parse", "HEAD"), cwd=quick.folder, check=True, capture_output=True
        )
        return done.stdout.decode().strip()

    quick.environment["BASE"] = commit()
    write(quick, LOCAL, name="site/content/blog/größe/index.md")
    commit()
    done = subprocess.run(
        ("bash", "-e", "-c", steps["Check"]["run"]),
        cwd=quick.folder / "site",
        env=quick.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "file=content/blog/größe/index.md,line=8::" in done.stdout
    assert "old" not in done.stdout
    email = quick.folder / "site" / "email" / "content" / "blog" / "größe" / "index" / "email.html"
    assert email.is_file()
    assert steps[""]["with"]["path"] == "email"
