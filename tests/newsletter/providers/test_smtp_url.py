"""`SMTP_URL`: how the server is reached, said on one line."""

import pytest

from newsletter.errors import ProviderMisused
from newsletter.providers.smtp_url import Server, read


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.org", Server("mail.example.org", 587)),
        (
            "smtps://mail.example.org",
            Server("mail.example.org", 465, is_tls=True, has_starttls=False),
        ),
        (
            "smtp://me%40x.org:p%2Fw%3A@mail.example.org:2525?starttls=required",
            Server("mail.example.org", 2525, "me@x.org", "p/w:"),
        ),
        ("smtp://127.0.0.1:25?starttls=never", Server("127.0.0.1", 25, has_starttls=False)),
        ("smtp://[::1]:25/?starttls=never", Server("::1", 25, has_starttls=False)),
        (
            "smtp://me:pw@localhost?starttls=never",
            Server("localhost", 587, "me", "pw", has_starttls=False),
        ),
    ],
)
def test_an_smtp_url_says_how_the_server_is_reached(url: str, server: Server) -> None:
    assert read(url) == server


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.example.org",
        "http://mail.example.org",
        "smtp://",
        "smtp://host:port",
        "smtp://host:99999",
        "smtp://host/path",
        "smtp://host?starttls=maybe",
        "smtp://host?tls=1",
        "smtp://me:canary-secret@mail.example.org?starttls=never",
        "smtp://me:canary-secrät@mail.example.org",
    ],
)
def test_a_wrong_smtp_url_is_refused_and_never_shown(url: str) -> None:
    """S-18, S-19."""
    with pytest.raises(ProviderMisused, match="SMTP_URL") as caught:
        read(url)
    assert "canary" not in f"{caught.value} {caught.value.mend} {read('smtp://a:canary@b')!r}"
