"""A server that takes every request of SendGrid's API and keeps nothing: 202 after so many seconds.

python -m benchmarks.sendgrid_sink PORT [SECONDS]
"""

import asyncio
import re
import sys
from functools import partial

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_ANSWER = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\nX-Message-Id: sink\r\n\r\n"


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, wait: float) -> None:
    """Answer the requests of one connection."""
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            found = _LENGTH.search(head)
            await reader.readexactly(int(found[1]) if found else 0)
            if wait:
                await asyncio.sleep(wait)
            writer.write(_ANSWER)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def main(port: int, wait: float) -> None:
    """Serve until somebody ends this process."""
    server = await asyncio.start_server(
        partial(answer, wait=wait), "127.0.0.1", port, limit=1 << 22, backlog=100
    )
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 0.0))
