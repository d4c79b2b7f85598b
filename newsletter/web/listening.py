"""A web app on a socket, in a thread of this process."""

import copy
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.config import LOGGING_CONFIG

from newsletter.errors import SettingsError

START_SECONDS = 20
STOP_SECONDS = 20


@dataclass(slots=True)
class Handle:
    """A server that runs; `port` is the one it got when 0 was asked for.

    `after` is called once nothing is answered any more.
    """

    port: int
    _server: uvicorn.Server
    _thread: threading.Thread
    after: Callable[[], None] | None = None

    def stop(self) -> None:
        """Answer what is under way, then close."""
        self._server.should_exit = True
        self._thread.join(STOP_SECONDS)
        if self.after is not None:
            self.after()


def listen(app: ASGIApp, *, host: str, port: int, access_log: bool = False) -> Handle:
    """Serve an app until stopped; port 0 is any. Raises SettingsError when the port is taken."""
    config = uvicorn.Config(
        app,
        log_level="warning" if not access_log else "info",
        access_log=access_log,
        log_config=_logging(),
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=STOP_SECONDS // 2,
        lifespan="off",
    )
    bound = _bound(host, port)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([bound],), daemon=True)
    thread.start()
    started = threading.Event()
    for _ in range(START_SECONDS * 50):
        if server.started:
            return Handle(bound.getsockname()[1], server, thread)
        if not thread.is_alive():
            break
        started.wait(0.02)
    bound.close()
    raise SettingsError("the web server did not start", "see its log above")


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # By its full name: only then does asyncio send small answers at once (TCP_NODELAY). Without it
    # every answer on a connection that is kept waits forty milliseconds for an acknowledgement.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except (OSError, OverflowError) as error:
        bound.close()
        why = (isinstance(error, OSError) and error.strerror) or str(error)
        raise SettingsError(
            f"nothing can listen on {host}:{port}: {why}", "another --port, or 0"
        ) from None
    return bound


def _logging() -> dict[str, Any]:
    config: dict[str, Any] = copy.deepcopy(LOGGING_CONFIG)
    config["filters"] = {"redacted": {"()": "newsletter.web.security.Redacted"}}
    config["handlers"]["access"]["filters"] = ["redacted"]
    return config
