"""INBOX_URL: what it may say, and what is never said of it."""

import pytest

from newsletter.bounces import open_inbox
from newsletter.errors import SettingsError


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
