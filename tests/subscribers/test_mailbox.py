"""Which spellings are one mailbox, for limits alone: the address itself is never folded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscribers.address import mailbox_of, parse


@pytest.mark.parametrize(
    ("spelling", "mailbox"),
    [
        ("b.e.a@gmail.com", "bea@gmail.com"),
        ("Bea+news@GMail.com", "bea@gmail.com"),
        ("b.ea+x+y@googlemail.com", "bea@gmail.com"),
        ("b.ea@example.com", "b.ea@example.com"),
        ("bea+news@example.com", "bea@example.com"),
        ("+bea@example.com", "+bea@example.com"),
        ("bea@me.com", "bea@icloud.com"),
        ("bea@pm.me", "bea@proton.me"),
        ("bea@yandex.ru", "bea@yandex.com"),
    ],
)
def test_a_mailbox_has_several_spellings(spelling: str, mailbox: str) -> None:
    """RULES S-2"""
    address = parse(spelling)
    assert mailbox_of(address.key) == mailbox
    assert address.key == spelling.lower()


@given(st.emails())
def test_a_mailbox_is_its_own(email: str) -> None:
    once = mailbox_of(email.lower())
    assert mailbox_of(once) == once
