"""A web server that answers as it is told and writes down who asked, when and how."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Page = Callable[[BaseHTTPRequestHandler], None]


@dataclass(slots=True)
class Asked:
    """One request: when it came and, once answered, when the answer had left (monotonic seconds).

    `title` and `body` are those of a post.
    """

    method: str
    host: str
    path: str
    agent: str
    came: float
    left: float
    title: str = ""
    body: str = ""


@dataclass(slots=True)
class Pages:
    """The pages by their path, each a status, a place to go to, or a function that answers.

    `otherwise` is what every other path gets.
    """

    port: int
    pages: dict[str, int | str | Page] = field(default_factory=dict)
    otherwise: int | str | Page = 404
    asked: list[Asked] = field(default_factory=list)

    def url(self, host: str, path: str) -> str:
        """Return the address of a page at a host of any name."""
        return f"http://{host}:{self.port}{path}"

    def methods(self, path: str) -> list[str]:
        """Return how a path was asked for, in order."""
        return [one.method for one in self.asked if one.path == path]


@contextmanager
def web_pages() -> Iterator[Pages]:
    """Serve pages on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host, agent = self.headers.get("Host", ""), self.headers.get("User-Agent", "")
            came = time.monotonic()
            asked = Asked(self.command, host, self.path, agent, came, left=came)
            asked.title = self.headers.get("Title", "")
            asked.body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            pages.asked.append(asked)
            page = pages.pages.get(self.path, pages.otherwise)
            if callable(page):
                page(self)
            else:
                self.send_response(page if isinstance(page, int) else 302)
                if isinstance(page, str):
                    self.send_header("Location", page)
                self.send_header("Content-Length", "0")
                self.end_headers()
            asked.left = time.monotonic()

        do_HEAD = do_POST = do_GET

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    pages = Pages(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield pages
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
