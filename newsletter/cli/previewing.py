"""`newsletter preview`: a local page that shows a post as it would arrive, and follows each save."""

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter.cli import console
from newsletter.cli.options import DialectName, ListName, Post
from newsletter.cli.post import published
from newsletter.cli.running import stop_on_signal
from newsletter.errors import SettingsError

if TYPE_CHECKING:
    from newsletter.web.listening import Handle
    from newsletter.web.preview import Desk

HOST = "127.0.0.1"
PORT = 8026
MOST_TRIED = 10


def preview(
    post: Post,
    list_: ListName = "",
    dialect: DialectName = "",
    port: Annotated[
        int | None, typer.Option("--port", help=f"Where to listen; the first free from {PORT} on.")
    ] = None,
    no_open: Annotated[bool, typer.Option("--no-open", help="Open no browser.")] = False,
) -> None:
    """Show a post on a local page as inboxes would, with what was found; it follows each save."""
    import webbrowser

    from newsletter.settings import load
    from newsletter.web.preview import Desk

    settings = load()
    desk = Desk(
        post,
        lambda: published(post, list_, dialect),
        public_url=settings.public_url,
        templates=settings.templates,
    )
    desk.look()
    stop = stop_on_signal()
    handle = _served(desk, port)
    address = f"http://{HOST}:{handle.port}/"
    console.say(f"{desk.post} is shown on {address} until Ctrl-C")
    try:
        if not no_open and _has_windows():
            webbrowser.open(address)
        stop.wait()
    finally:
        desk.close()
        handle.stop()


def _served(desk: "Desk", port: int | None) -> "Handle":
    """Listen on the port that was named, or on the first that is free."""
    from newsletter.web.listening import listen
    from newsletter.web.preview import create_preview

    app = create_preview(desk)
    if port is not None:
        return listen(app, host=HOST, port=port)
    for tried in range(PORT, PORT + MOST_TRIED):
        try:
            return listen(app, host=HOST, port=tried)
        except SettingsError:
            continue
    raise SettingsError(
        f"the ports {PORT} to {PORT + MOST_TRIED - 1} are all taken", "name another with --port"
    )


def _has_windows() -> bool:
    """Return whether a browser would open beside this terminal, and not in it."""
    if not sys.stdout.isatty():
        return False
    windowed = sys.platform in ("darwin", "win32")
    return windowed or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
