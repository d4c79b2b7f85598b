"""The key ring: what signs, what opens, and what may be shown."""

import pytest

from newsletter.errors import LinkInvalid, SettingsError
from newsletter.keys import Key, KeyRing

OLD, NEW, OTHER = "o" * 32, "n" * 32, "x" * 32


def test_an_old_key_opens_what_it_signed_when_a_new_one_signs() -> None:
    """S-5."""
    signed = KeyRing([OLD]).sign(b"payload")
    assert KeyRing([NEW, OLD]).verify(signed) == b"payload"
    assert KeyRing([NEW, OLD]).sign(b"payload") == KeyRing([NEW]).sign(b"payload")


def test_a_ring_without_the_key_opens_nothing() -> None:
    signed = KeyRing([OLD]).sign(b"payload")
    with pytest.raises(LinkInvalid):
        KeyRing([NEW, OTHER]).verify(signed)


@pytest.mark.parametrize("at", range(len(KeyRing([OLD]).sign(b"payload"))))
def test_one_changed_bit_anywhere_is_noticed(at: int) -> None:
    """S-6."""
    signed = bytearray(KeyRing([OLD]).sign(b"payload"))
    signed[at] ^= 1
    with pytest.raises(LinkInvalid):
        KeyRing([OLD]).verify(bytes(signed))


@pytest.mark.parametrize("length", range(18))
def test_what_is_cut_off_opens_nothing(length: int) -> None:
    with pytest.raises(LinkInvalid):
        KeyRing([OLD]).verify(KeyRing([OLD]).sign(b"payload")[:length])


@pytest.mark.parametrize("secrets", [[], ["short"], [NEW, "s" * 31]])
def test_no_key_and_a_short_key_are_refused_with_the_mend(secrets: list[str]) -> None:
    with pytest.raises(SettingsError, match="SECRET_KEYS") as caught:
        KeyRing(secrets)
    assert caught.value.mend


def test_what_is_sealed_opens_with_its_key_alone() -> None:
    block = b"sixteen bytes !!"
    old, new = Key.of(OLD), Key.of(NEW)
    assert old.unseal(old.seal(block)) == block
    assert new.unseal(old.seal(block)) != block
    assert old.seal(block) != block


def test_blocks_are_sealed_each_by_itself_and_always_alike() -> None:
    first, second = b"1" * 16, b"2" * 16
    key = Key.of(OLD)
    assert key.seal(first + second) == key.seal(first) + key.seal(second)


def test_a_key_shows_its_fingerprint_and_never_its_secret() -> None:
    """S-18."""
    key = Key.of(OLD)
    assert key.fingerprint == Key.of(OLD).fingerprint != Key.of(NEW).fingerprint
    assert OLD not in repr(key)
    assert OLD not in repr(KeyRing([OLD]).__dict__)
