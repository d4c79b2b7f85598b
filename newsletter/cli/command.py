"""The command `newsletter`: its tree of commands, and what each error means to the shell."""

import gc
import os
import sys
from types import TracebackType
from typing import Any

import typer
import typer.core

from newsletter.cli import (
    admins,
    amending,
    bounces,
    checking,
    issues,
    keeping,
    keys,
    linking,
    lists,
    person,
    post,
    previewing,
    reporting,
    roundup,
    running,
    sending,
    subscribers,
    syncing,
    trying,
)
from newsletter.cli.console import warn
from newsletter.errors import InboxAway, NewsletterError, ProviderError
from subscribers.errors import SubscriberError

DONE, NOT_WELL, REFUSED, OUTSIDE, STOPPED = 0, 1, 2, 3, 130
MAY_NOT = (
    "this user may not write there: run it as the one who may, or change who owns file and folder"
)
# Hardly anything here is a cycle: looking for one each 700 objects, as Python does, takes a tenth of
# the time of reading events.
COLLECT_EVERY = 20_000


class Commands(typer.core.TyperGroup):
    """The commands; Ctrl-C in any of them says so, and how to go on where its notes tell."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for. Typer itself would leave an empty line."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as stopped:
            warn("\nstopped")
            for note in getattr(stopped, "__notes__", ()):
                warn(f"  → {note}")
            raise typer.Exit(STOPPED) from None


app = typer.Typer(
    name="newsletter",
    cls=Commands,
    help="Send the digest posts of your site's repository as email newsletters.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
running.register(app)
post.register(app)
app.command()(checking.check)
app.command()(previewing.preview)
app.command()(roundup.roundup)
app.command()(syncing.sync)
app.command("test")(trying.try_out)
app.command()(sending.send)
app.command()(amending.amend)
keeping.register(app)
issues.register(app)
app.command()(reporting.report)
app.command()(linking.repoint)
person.register(subscribers.app)
app.add_typer(subscribers.app, name="subscribers")
app.add_typer(lists.app, name="lists")
app.add_typer(keys.app, name="keys")
app.add_typer(admins.app, name="admin")
app.add_typer(bounces.app, name="bounces")


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 1 not well, 2 refused, 3 the outside failed."""
    sys.excepthook = _defect
    gc.set_threshold(COLLECT_EVERY)
    try:
        # Typer's own call would put its traceback printer in the place of ours.
        typer.main.get_command(app)(arguments)
    except (ProviderError, InboxAway) as error:
        _end(error, OUTSIDE)
    except (NewsletterError, SubscriberError) as error:
        _end(error, REFUSED)
    except BrokenPipeError:
        # The reader of our pipe went away: nothing more can be said to it, also not at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(DONE)
    except OSError as error:
        mend = MAY_NOT if isinstance(error, PermissionError) else ""
        _end_line(f"{error.filename or 'system'}: {error.strerror or error}", mend, REFUSED)
    except _database_errors() as error:
        line = str(getattr(error, "orig", error)).strip().splitlines()
        mend = MAY_NOT if "readonly" in str(error) else "check DATABASE_URL"
        _end_line(f"database: {line[0] if line else error}", mend, OUTSIDE)


def _database_errors() -> tuple[type[Exception], ...]:
    # Looked up when something went wrong, so that `--help` and `render` need not load SQLAlchemy.
    errors = sys.modules.get("sqlalchemy.exc")
    if errors is None:
        return ()
    return (errors.OperationalError, errors.InterfaceError, errors.ArgumentError)


def _defect(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Say that this is a defect of ours, and keep the traceback where it can be sent from."""
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile(
        "w", prefix="newsletter-defect-", suffix=".txt", delete=False
    ) as file:
        traceback.print_exception(kind, error, trace, file=file)
    warn(f"newsletter: a defect of ours ({kind.__name__}); nothing else was done")
    warn(f"  → please report it with {file.name}")


def _end(error: NewsletterError | SubscriberError, code: int) -> None:
    _end_line(str(error), error.mend, code)


def _end_line(message: str, mend: str, code: int) -> None:
    warn(f"newsletter: {message}")
    if mend:
        warn(f"  → {mend}")
    sys.exit(code)
