"""How fast the provider may be called: rows that all workers share, so that none is ahead.

A *turn* is a row with the moment from which on the next may go (GCRA's theoretical arrival time);
a *day* counts what went, for quotas and warm-ups. Times are those of the process that asks: two
clocks that differ move a turn by that much once, and no rate.
"""

from newsletter.pace.limits import NO_LIMITS, Limits
from newsletter.pace.spending import (
    ask_the_day_again,
    charge_letters,
    letters_are_free,
    pay_back,
    spend,
)
from newsletter.pace.turns import free, held_until

__all__ = [
    "NO_LIMITS",
    "Limits",
    "ask_the_day_again",
    "charge_letters",
    "free",
    "held_until",
    "letters_are_free",
    "pay_back",
    "spend",
]
