"""The public pages on a socket, and the thread that counts who opened and clicked."""

import threading
from dataclasses import replace

from newsletter.app import App
from newsletter.hits import Hits, keep_at
from newsletter.web.app import create_app, hits_of
from newsletter.web.listening import Handle, listen


def serve(
    app: App, *, host: str, port: int, access_log: bool = False, hits: Hits | None = None
) -> Handle:
    """Serve the public pages until stopped; raises SettingsError when the port is taken."""
    hits, stop = hits or hits_of(app), threading.Event()
    handle = listen(create_app(app, hits), host=host, port=port, access_log=access_log)
    counting = threading.Thread(target=keep_at, args=(hits, app.database, stop), daemon=True)
    counting.start()

    def stopped() -> None:
        stop.set()
        counting.join()

    return replace(handle, after=stopped)
