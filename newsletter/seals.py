"""Sealed tokens: names of deliveries and batches outside the database that show no id.

One 16-byte block each, always the same for the same ids.
"""

import struct
from collections.abc import Sequence

from newsletter.errors import LinkInvalid
from newsletter.keys import KeyRing
from newsletter.spelling import all_spelt, loosely_unspelt, spelt, unspelt

_SEAL = struct.Struct(">cIQ3s")
_KIND_AND_FIRST = struct.Struct(">cI")
_CHECK = b"\0\0\0"
_NAMELESS = bytes(_SEAL.size)


class Seals:
    """Seals and unseals under one key ring."""

    def __init__(self, ring: KeyRing) -> None:
        """Take the ring: its newest key seals, every one opens."""
        self.ring = ring

    def seal_delivery(self, issue_id: int, subscriber_id: int) -> str:
        """Return the sealed name of a delivery: 22 URL-safe characters, always the same."""
        return self._seal(b"d", issue_id, subscriber_id)

    def seal_deliveries(self, issue_id: int, subscriber_ids: Sequence[int]) -> list[str]:
        """Return the sealed names of many deliveries in one pass, in order."""
        # As `_SEAL` packs each: all of them by one call.
        parts = [_KIND_AND_FIRST.pack(b"d", issue_id), 0, _CHECK] * len(subscriber_ids)
        parts[1::3] = subscriber_ids
        blocks = struct.pack(">" + "5sQ3s" * len(subscriber_ids), *parts)
        sealed = self.ring.newest.seal(blocks)
        return all_spelt([sealed[at : at + 16] for at in range(0, len(sealed), 16)])

    def unseal_delivery(self, token: str) -> tuple[int, int]:
        """Return (issue, subscriber) of a sealed delivery; raises LinkInvalid."""
        return self._unseal(b"d", token)

    def unseal_deliveries(self, tokens: Sequence[str]) -> list[tuple[int, int] | None]:
        """Return (issue, subscriber) of each sealed delivery in order, None for what is none."""
        blocks = [_block(token) for token in tokens]
        found: list[tuple[int, int] | None] = [None] * len(tokens)
        sealed = b"".join(blocks)
        for key in self.ring.keys:
            opened = _SEAL.iter_unpack(key.unseal(sealed))
            for at, (kind, first, second, check) in enumerate(opened):
                if kind == b"d" and check == _CHECK:
                    found[at] = first, second
        return found

    def seal_batch(self, issue_id: int, batch_no: int, attempt: int) -> str:
        """Return the sealed name of one attempt at a batch (attempt < 2**24)."""
        return self._seal(b"b", issue_id, batch_no << 24 | attempt)

    def unseal_batch(self, token: str) -> tuple[int, int, int]:
        """Return (issue, batch, attempt) of a sealed batch; raises LinkInvalid."""
        issue_id, packed = self._unseal(b"b", token)
        return issue_id, packed >> 24, packed & 0xFFFFFF

    def _seal(self, kind: bytes, first: int, second: int) -> str:
        return spelt(self.ring.newest.seal(_SEAL.pack(kind, first, second, _CHECK)))

    def _unseal(self, kind: bytes, token: str) -> tuple[int, int]:
        block = unspelt(token)
        if len(block) == _SEAL.size:
            for key in self.ring.keys:
                found, first, second, check = _SEAL.unpack(key.unseal(block))
                if found == kind and check == _CHECK:
                    return first, second
        raise LinkInvalid("the token names nothing of ours")


def _block(token: str) -> bytes:
    """Return the block of a sealed token; for what is none, one that names nothing."""
    try:
        block = loosely_unspelt(token)
    except LinkInvalid:
        return _NAMELESS
    return block if len(block) == _SEAL.size else _NAMELESS
