"""A server of a race: `python hits_server.py URL FOLDER`; its first line says the port."""

import sys
from pathlib import Path

from newsletter.app import build
from newsletter.web.server import serve
from tests.newsletter.house import settings_for


def main(url: str, folder: str) -> None:
    handle = serve(build(settings_for(url, Path(folder))), host="127.0.0.1", port=0)
    print(handle.port, flush=True)
    sys.stdin.read()
    handle.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
