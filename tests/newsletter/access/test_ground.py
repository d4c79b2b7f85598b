"""Where a password may be typed, and which page a form may come from."""

import pytest

from newsletter.access import is_ours, is_safe


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://news.example", True),
        ("http://127.0.0.1:8025", True),
        ("http://localhost:8025", True),
        ("http://[::1]:8025", True),
        ("http://news.example", False),
        ("http://127.0.0.1.example", False),
        ("http://10.0.0.1", False),
    ],
)
def test_a_password_is_typed_over_https_or_at_home(url: str, safe: bool) -> None:
    assert is_safe(url) is safe


@pytest.mark.parametrize(
    ("origin", "public_url", "host", "ours"),
    [
        ("https://news.example", "https://news.example", "127.0.0.1:8025", True),
        ("https://news.example", "https://News.example/letters", "news.example", True),
        ("https://news.example:8443", "https://news.example", "news.example:8443", False),
        ("http://news.example", "https://news.example", "news.example", False),
        ("http://127.0.0.1:8025", "https://news.example", "127.0.0.1:8025", False),
        ("http://127.0.0.1:9000", "http://127.0.0.1:8025", "127.0.0.1:9000", True),
        ("http://[::1]:9000", "http://127.0.0.1:8025", "[::1]:9000", True),
        ("http://127.0.0.1:9001", "http://127.0.0.1:8025", "127.0.0.1:9000", False),
        ("http://evil.example", "http://127.0.0.1:8025", "evil.example", False),
        ("http://[", "http://127.0.0.1:8025", "[", False),
        ("null", "http://127.0.0.1:8025", "127.0.0.1:8025", False),
        ("", "http://127.0.0.1:8025", "", False),
    ],
)
def test_a_form_comes_from_our_own_page(
    origin: str, public_url: str, host: str, ours: bool
) -> None:
    """RULES S-9: a name that somebody else points at this machine is none of ours."""
    assert is_ours(origin, public_url=public_url, host=host) is ours
