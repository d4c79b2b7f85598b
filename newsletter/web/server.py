"""The public pages on a socket."""

from newsletter.app import App
from newsletter.web.app import create_app
from newsletter.web.listening import Handle, listen


def serve(app: App, *, host: str, port: int, access_log: bool = False) -> Handle:
    """Serve the public pages until stopped; raises SettingsError when the port is taken."""
    return listen(create_app(app), host=host, port=port, access_log=access_log)
