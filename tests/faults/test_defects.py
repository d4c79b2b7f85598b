"""Planted defects: each of them turns a test of this folder red.

They are planted in a copy of the tree. In `make test` only whether they can still be planted.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.faults.amount import LONG, told
from tests.parts import ROOT

KILLED = "test_whoever_is_killed_while_they_send_loses_nobody_and_doubles_nobody"
KILLS = f"tests/faults/test_kills.py::{KILLED}[smtp-sqlite]"
# A call of many people: there a whole batch is in doubt.
KILLS_OF_MANY = f"tests/faults/test_kills.py::{KILLED}[sendgrid-sqlite]"
CUT = "test_a_power_cut_loses_nobody_doubles_nobody_and_forgets_no_goodbye"
POWERCUTS = f"tests/faults/test_powercuts.py::{CUT}[smtp]"
MANY = "tests/faults/test_many.py::test_of_many_senders_one_dies_and_one_wakes_too_late[smtp]"


@dataclass(frozen=True, slots=True)
class Defect:
    """A few words of one file replaced by others; `told` by one of the tests."""

    name: str
    file: str
    words: str
    others: str
    test: str = KILLS


DEFECTS = (
    Defect(
        "marked before it was sent",
        "newsletter/dispatcher/scribe.py",
        '"bits": note.acked}',
        '"bits": bytes(b"\\xff" * len(note.acked))}',
    ),
    Defect(
        "marked only after all were sent",
        "newsletter/dispatcher/journal.py",
        "        if not self._stepwise:\n",
        "        if self._stepwise:\n",
    ),
    Defect(
        "no fence",
        "newsletter/dispatcher/fence.py",
        '        BATCH.c.attempt == bindparam("f_attempt"),\n'
        '        BATCH.c.owner == bindparam("f_owner"),\n'
        "        BATCH.c.state == str(BatchState.SENDING),\n",
        '        BATCH.c.attempt >= bindparam("f_attempt") - 9,\n'
        '        BATCH.c.owner != bindparam("f_owner") + "x",\n',
        MANY,
    ),
    Defect(
        "finished too early",
        "newsletter/issues/ending.py",
        "Batch.state.in_((BatchState.PENDING, BatchState.SENDING, BatchState.IN_DOUBT))",
        "Batch.state.in_((BatchState.PENDING, BatchState.SENDING))",
        KILLS_OF_MANY,
    ),
    Defect(
        "the token of the neighbour",
        "newsletter/dispatcher/compiled.py",
        "links.goodbye_tokens(claimed.list_id, people.ids, issue_id)",
        "links.goodbye_tokens(claimed.list_id, [one ^ 1 for one in people.ids], issue_id)",
    ),
    Defect(
        "no footer in the text",
        "newsletter/tracking/places.py",
        "text=fill_slots(email.text",
        "text=fill_slots(email.text.replace('https://slot.invalid/unsubscribe/', '')",
    ),
    Defect(
        "what surely was not accepted is in doubt for nobody",
        "newsletter/dispatcher/sweep.py",
        "Ending(detail, doubtful=max(0, batch.at_once - gaps) if batch.at_once else None)",
        "Ending(detail, doubtful=0)",
    ),
    Defect(
        "the next message before the result of the one before",
        "newsletter/providers/smtp.py",
        "            if this.announce():\n                yield from self._told()\n",
        "            this.announce()\n",
    ),
    Defect(
        "a claim that is not forced to the disk",
        "subscribers/engines.py",
        '("synchronous=FULL"',
        '("synchronous=NORMAL"',
        POWERCUTS,
    ),
    Defect(
        "a goodbye that is not forced to the disk",
        "newsletter/app/goodbye_book.py",
        "                os.fsync(handle)\n",
        "",
        POWERCUTS,
    ),
)


FOLDERS = ("newsletter", "subscribers", "tests", "templates", "alembic", "examples")


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_a_defect_can_be_planted(defect: Defect) -> None:
    assert (ROOT / defect.file).read_text("utf-8").count(defect.words) == 1


def planted(defect: Defect, tmp_path: Path) -> "subprocess.CompletedProcess[str]":
    """Plant a defect in a copy of the tree, and run the test that is to tell."""
    for name in (*FOLDERS, "pyproject.toml"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, tmp_path)
    (tmp_path / ".parts").symlink_to(ROOT / ".parts")
    file = tmp_path / defect.file
    file.write_text(file.read_text("utf-8").replace(defect.words, defect.others), "utf-8")
    done = subprocess.run(
        (sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", defect.test),
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path), "BROADSHEET_FAULTS": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    why = [line[2:].strip() for line in done.stdout.splitlines() if line.startswith("E  ")]
    told(f"planted: {defect.name}: {why[0][:300] if why else done.stdout[-500:]}")
    return done


if LONG:

    @pytest.mark.timeout(600)
    @pytest.mark.parametrize("test", sorted({defect.test for defect in DEFECTS}))
    def test_without_a_defect_it_is_green(test: str, tmp_path: Path) -> None:
        """So that what is red below is red for the defect, and not for the copy."""
        words = DEFECTS[0].words
        done = planted(replace(DEFECTS[0], name="nothing", others=words, test=test), tmp_path)
        assert done.returncode == 0, done.stdout

    @pytest.mark.timeout(600)
    @pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
    def test_a_planted_defect_turns_a_test_red(defect: Defect, tmp_path: Path) -> None:
        done = planted(defect, tmp_path)
        assert done.returncode == 1, done.stdout
