"""Ports of this machine for servers that are told theirs before they start."""

import random
import socket
import threading

# Below those that the system gives to whoever connects: one that is free stays free while its
# server is away, whatever else this machine does.
FIRST, LAST = 20_000, 32_000
PATIENCE_SECONDS = 120
LOOK_SECONDS = 0.05


def free_port() -> int:
    """Return a port where nobody listens."""
    while True:
        port = random.randint(FIRST, LAST)  # noqa: S311 (no secret)
        try:
            with socket.create_server(("127.0.0.1", port)):
                return port
        except OSError:
            continue


def greets(port: int) -> bool:
    """Wait for a server there, and return whether it says something within two minutes."""
    moment = threading.Event()
    for _ in range(round(PATIENCE_SECONDS / LOOK_SECONDS)):
        try:
            with socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS) as connection:
                if connection.recv(1):
                    return True
        except OSError:
            moment.wait(LOOK_SECONDS)
    return False
