"""What the outside says of letters: in no figure, for they are no issue's; but somebody said it."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from newsletter.bounces import GOODBYE
from newsletter.events.acting import Mailed, do
from newsletter.events.rules import consequence
from newsletter.links import NO_ISSUE, Goodbye
from newsletter.message import Event
from newsletter.models import Letter, LetterKind
from subscribers import store
from subscribers.models import Subscription, SubscriptionState

# They go to an address that is not yet, or not any more, the person's.
ELSEWHERE = (LetterKind.NEW_ADDRESS, LetterKind.OLD_ADDRESS)


def act_on_letters(
    session: Session, told: Iterable[tuple[Event, tuple[int, int] | None]], *, now: datetime
) -> None:
    """Do what follows from new reports on letters, each with (NO_ISSUE, the letter's number).

    Those on issues are passed over. A row of bounces is one of issues: a letter is in none.
    """
    for event, named in told:
        follows = consequence(event.type, event.cause)
        if named is None or named[0] != NO_ISSUE or follows is None or follows.after_a_row:
            continue
        letter = session.get(Letter, named[1])
        if letter is not None and letter.kind not in ELSEWHERE:
            mailed = Mailed(letter.list_id, letter.subscriber_id, letter.created_at)
            do(session, event, follows, mailed, now=now)


def leave_by_letter(session: Session, goodbye: Goodbye, *, now: datetime) -> bool:
    """Let somebody leave who wrote to the address in a letter's head; say whether that was new."""
    current = session.get(Subscription, (goodbye.list_id, goodbye.subscriber_id))
    if current is None or current.state == SubscriptionState.UNSUBSCRIBED:
        return False
    visit = store.Visit(actor="self", via=GOODBYE)
    store.unsubscribe(session, goodbye.list_id, goodbye.subscriber_id, visit=visit, now=now)
    return True
