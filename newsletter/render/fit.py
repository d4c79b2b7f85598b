"""Which stories an email shows whole when all of them would be too many bytes for Gmail."""

from collections.abc import Sequence


def too_many(weights: Sequence[int], excess: int) -> frozenset[int]:
    """Return the stories (from 1) to shorten so that at least `excess` bytes go, if there are any.

    `weights` are the bytes that each would save. In their order, a story stays whole as long as
    it fits: one that is very long gives way, and the short ones behind it stay.
    """
    room = sum(weights) - excess
    shortened = set()
    for number, weight in enumerate(weights, 1):
        if weight <= room:
            room -= weight
        else:
            shortened.add(number)
    return frozenset(shortened)
