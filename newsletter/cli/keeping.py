"""The commands that keep an installation: backup, restore."""

from pathlib import Path
from typing import Annotated

import typer

from newsletter.cli import console
from newsletter.cli.opened import opened
from newsletter.errors import BackupError


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(backup)
    app.command()(restore)


def backup(
    file: Annotated[Path, typer.Argument(help="Where it is written.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the file.")] = False,
) -> None:
    """Write everything into one file, also while issues are sent; keep it like the keys in it."""
    from newsletter.backup import back_up
    from subscribers.database import now

    if file.is_dir():
        raise BackupError(f"{file} is a folder", f"name a file in it: {file / 'newsletter.zip'}")
    if file.exists() and not force:
        raise BackupError(f"{file} is there already", "name another, or --force")
    with opened() as house:
        made = back_up(house, file, now=now())
    rows = sum(made.counts.values())
    size = file.stat().st_size
    console.say(
        f"{file}: {console.counted(rows, 'row')} of {len(made.counts)} tables, {size:,} bytes"
    )
    if made.has_keys:
        console.say("  with the keys: whoever has this file can forge your links")
    else:
        console.warn("! WITHOUT the keys, which your settings hold: keep SECRET_KEYS safe apart")


def restore(
    file: Annotated[Path, typer.Argument(help="A file of `backup`.")],
    book: Annotated[
        list[Path] | None,
        typer.Option(
            "--book", help="Another machine's goodbyes.jsonl.", exists=True, dir_okay=False
        ),
    ] = None,
) -> None:
    """Put a backup back into a new database; every open issue waits there for `resume`."""
    from newsletter import backup as backups
    from newsletter.settings import load
    from subscribers.database import now

    done = backups.restore(load(), file, books=book or (), now=now())
    console.say(f"{done.rows:,} rows of {done.backup.made_at:%Y-%m-%d %H:%M} UTC are back")
    if done.has_book:
        console.say(f"{console.counted(done.goodbyes, 'goodbye')} since then, made true again")
    else:
        console.warn(
            "! no goodbyes.jsonl lies beside the keys here: who left or was erased since then is "
            "back; restore into another place with --book FILE before anything is sent"
        )
    if done.held:
        console.warn(
            f"! {console.counted(done.held, 'issue')} paused (restored): newsletter issues"
        )
    console.warn("! admins and API tokens are in no backup: newsletter admin add, admin token")
    if done.keys_missing:
        console.warn("! a key of that time is missing: nothing is sent until it is back")
