"""INBOX_URL: what it may say, and what is never said of it."""

import socket
import threading

import pytest

from newsletter.bounces import open_inbox
from newsletter.errors import InboxAway, SettingsError


@pytest.mark.parametrize(
    "url",
    [
        "",
        "inbox",
        "pop3://a:b@mail.example.org",
        "imaps://mail.example.org",
        "imaps://a:b@mail.example.org:port",
        "imaps://a:b@mail.example.org/INBOX?folder=x",
        "imaps://a:b@mail.example.org/INBOX?handled=D\u00f6ne",
        "imaps://\u00e4:b@mail.example.org/INBOX",
        "imap://a:s3cret@mail.example.org/INBOX?starttls=never",
        "maildir://host/var/mail",
        "maildir:",
    ],
)
def test_a_url_that_makes_no_sense_is_refused_and_never_shown(url: str) -> None:
    with pytest.raises(SettingsError) as refused, open_inbox(url):
        pass
    assert "INBOX_URL" in str(refused.value)
    assert "s3cret" not in f"{refused.value} {refused.value.mend}"


def test_nothing_is_asked_before_somebody_asks() -> None:
    with open_inbox("imaps://a:b@mail.invalid/INBOX"):
        pass


def test_what_a_server_says_moves_nothing_on_a_terminal() -> None:
    """# WH-7"""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            there, _ = listening.accept()
            with there, there.makefile("rwb", buffering=0) as talk:
                talk.write(b"* OK hello\r\n")
                for line in talk:
                    tag = line.split()[0]
                    kind = b"NO \x1b[2J\x07gone" if b"LOGIN" in line else b"OK done"
                    talk.write(b"* CAPABILITY IMAP4rev1\r\n" if b"CAPABILITY" in line else b"")
                    talk.write(tag + b" " + kind + b"\r\n")

        server = threading.Thread(target=answer)
        server.start()
        port = listening.getsockname()[1]
        url = f"imap://a:b@127.0.0.1:{port}/INBOX?starttls=never"
        with pytest.raises(InboxAway) as told, open_inbox(url) as inbox:
            inbox.names()
        server.join()
    assert "gone" in str(told.value)
    assert str(told.value).isprintable()
