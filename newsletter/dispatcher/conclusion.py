"""A claim concluded: what was answered stands, what surely was not accepted is pending again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Update, bindparam, delete, insert, select
from sqlalchemy.orm import Session

from newsletter.dispatcher.claim import Claim, Claimed
from newsletter.dispatcher.fence import LeaseLost, fence, fenced_update
from newsletter.dispatcher.journal import STATUS, exception_row
from newsletter.dispatcher.people import Person
from newsletter.dispatcher.statements import EXCEPTION
from newsletter.issues.away import is_away_for_long
from newsletter.issues.splits import split
from newsletter.issues.stepping import lock
from newsletter.issues.telling import DOUBT, DOUBTED, tell
from newsletter.message import Cause, SendResult, SendStatus
from newsletter.models import Batch, BatchState, DeliveryState, Issue, IssueStep
from newsletter.status_codes import cause_of
from subscribers.clock import moment
from subscribers.models import Subscriber, SuppressionReason
from subscribers.suppressions import suppress

MOST_ATTEMPTS = 5
LATER_SECONDS = (60.0, 300.0, 900.0, 3600.0)
UNIFORM = {
    SendStatus.SUBMITTED: BatchState.SUBMITTED,
    SendStatus.FAILED: BatchState.FAILED,
    SendStatus.IN_DOUBT: BatchState.IN_DOUBT,
}


@dataclass(frozen=True, slots=True)
class Ending:
    """How a call ended that did not answer for everybody.

    `doubtful`: how many of the unanswered may have been accepted (None: all of them); the others
    surely were not, and may be claimed again, with no attempt burnt.
    """

    detail: str = ""
    doubtful: int | None = None


@dataclass(frozen=True, slots=True)
class _Group:
    people: list[int]
    attempt: int
    wait: float
    detail: str


Answers = list[tuple[Person, SendResult]]


def conclude(
    session: Session,
    claimed: Claimed,
    results: Sequence[SendResult],
    ending: Ending,
    *,
    noted: bool,
    who: str,
    now: datetime,
) -> int:
    """End a claim in one transaction; raises LeaseLost when it was taken away.

    `noted`: the results were already committed one by one. Whoever goes back to pending moves
    into a batch of their own, or the batch goes back as a whole when nobody stays in it. Returns
    how many were paid for and not called: who goes back, and who was skipped at the claim.
    """
    claim, people = claimed.claim, claimed.people
    if _were_all_taken(claimed, results):
        taken = BatchState.SUBMITTED, results[0].detail, results[0].reference
        _close(session, claim, _settled(), _settlement(*taken, claimed.size, now))
        return claimed.size - len(people)
    answers, untouched = _answers(claimed, results, ending)
    uncalled = len(untouched) + claimed.size - len(people)
    later = [(person, result) for person, result in answers if result.status is SendStatus.LATER]
    stay = [(person, result) for person, result in answers if result.status is not SendStatus.LATER]
    refused = [(person, result) for person, result in stay if result.status is SendStatus.FAILED]
    if later and claim.attempt >= MOST_ATTEMPTS:
        stay += [(person, _given_up(claim, result)) for person, result in later]
        later = []
    groups = _groups(claim, later, untouched, ending)
    if groups or any(result.status is SendStatus.IN_DOUBT for _, result in stay):
        lock(session, claim.issue_id)
    if noted and len(results) > sum(r.status is SendStatus.SUBMITTED for r in results):
        own = [p.id for p, r in zip(people, results, strict=False) if _own(r)]
        stay = _as_they_stand(stay, _take_back(session, claim, own))
    if people and not stay and len(groups) == 1:
        again = _ended().values(_pending(session, groups[0], now))
        _close(session, claim, again, {})
        return uncalled
    state, detail = _state_of(stay)
    moved = sum(len(group.people) for group in groups)
    named = next((r.reference for _, r in stay if r.reference), "")
    _close(session, claim, _settled(), _settlement(state, detail, named, claimed.size - moved, now))
    for group in groups:
        split(
            session,
            claim.issue_id,
            group.people,
            parent=claim.batch_no,
            attempt=group.attempt,
            detail=group.detail,
            not_before=moment(session, now, group.wait) if group.wait else None,
        )
    rows = [
        exception_row(claim, person.id, result, now)
        for person, result in stay
        if UNIFORM[result.status] is not state
    ]
    if rows:
        session.connection().execute(insert(EXCEPTION), rows)
    for person, result in refused:
        _learn(session, claim.issue_id, person, result.detail, now)
    _log_doubt(session, claim, [r for _, r in stay], who=who, now=now)
    return uncalled


def _were_all_taken(claimed: Claimed, results: Sequence[SendResult]) -> bool:
    """Return whether all were taken with the same words: the way of nearly every call of many."""
    return (
        0 < len(claimed.people) == len(results) == results.count(results[0])
        and results[0].status is SendStatus.SUBMITTED
    )


def _answers(
    claimed: Claimed, results: Sequence[SendResult], ending: Ending
) -> tuple[Answers, list[int]]:
    rest = claimed.people[len(results) :]
    doubtful = len(rest) if ending.doubtful is None else min(ending.doubtful, len(rest))
    doubt = SendResult(SendStatus.IN_DOUBT, ending.detail)
    told = list(zip(claimed.people, results, strict=False))
    answers = [answer for answer in told if answer[1].status is not SendStatus.UNTRIED]
    answers += [(person, doubt) for person in rest[:doubtful]]
    untried = [person.id for person, result in told if result.status is SendStatus.UNTRIED]
    return answers, untried + [person.id for person in rest[doubtful:]]


def _groups(claim: Claim, later: Answers, untouched: list[int], ending: Ending) -> list[_Group]:
    groups = []
    if later:
        wait = LATER_SECONDS[min(claim.attempt, len(LATER_SECONDS)) - 1]
        people = [person.id for person, _ in later]
        groups.append(_Group(people, claim.attempt, wait, later[0][1].detail))
    if untouched:
        groups.append(_Group(untouched, claim.attempt - 1, 0.0, ending.detail))
    return groups


def _own(result: SendResult) -> bool:
    return result.status is not SendStatus.SUBMITTED


def _given_up(claim: Claim, result: SendResult) -> SendResult:
    return SendResult(
        SendStatus.FAILED, f"still refused for now at attempt {claim.attempt}: {result.detail}"
    )


def _state_of(stay: Answers) -> tuple[BatchState, str]:
    """Return what a batch says of everybody in it: their common fate, or submitted."""
    fates = {(result.status, result.detail) for _, result in stay}
    if len(fates) == 1:
        status, detail = next(iter(fates))
        return UNIFORM[status], detail
    return BatchState.SUBMITTED, ""


def _settlement(
    state: BatchState, detail: str, reference: str, stay: int, now: datetime
) -> dict[str, Any]:
    """Return the parameters of `_settled`."""
    return {"is": str(state), "stay": stay, "words": detail, "named": reference, "at": now}


def _pending(session: Session, group: _Group, now: datetime) -> dict[str, Any]:
    # The same attempt may be claimed again: its owner, whose name no other claim has, ended it.
    return {
        "state": str(BatchState.PENDING),
        "attempt": group.attempt,
        "detail": group.detail,
        "not_before": moment(session, now, group.wait) if group.wait else None,
    }


def _close(session: Session, claim: Claim, ended: Update, values: dict[str, Any]) -> None:
    if session.connection().execute(ended, fence(claim) | values).rowcount != 1:
        raise LeaseLost


@cache
def _ended() -> Update:
    return fenced_update().values(acked=None, owner="", lease_until=None)


@cache
def _settled() -> Update:
    return _ended().values(
        state=bindparam("is"),
        n=bindparam("stay"),
        detail=bindparam("words"),
        reference=bindparam("named"),
        submitted_at=bindparam("at"),
    )


def _take_back(session: Session, claim: Claim, people: list[int]) -> Mapping[int, SendResult]:
    """Take back exceptions noted one by one, and return them; what holds is written as a whole."""
    # The batch first, as who settles somebody does: two orders would be a deadlock.
    session.execute(
        select(Batch.batch_no)
        .where(Batch.issue_id == claim.issue_id, Batch.batch_no == claim.batch_no)
        .with_for_update()
    )
    taken = session.connection().execute(
        delete(EXCEPTION)
        .where(EXCEPTION.c.issue_id == claim.issue_id, EXCEPTION.c.subscriber_id.in_(people))
        .returning(EXCEPTION.c.subscriber_id, EXCEPTION.c.state, EXCEPTION.c.detail)
    )
    return {
        person: SendResult(STATUS[DeliveryState(state)], detail) for person, state, detail in taken
    }


def _as_they_stand(stay: Answers, noted: Mapping[int, SendResult]) -> Answers:
    """Return the answers with those who were in doubt and are settled since, before the end."""
    return [
        (person, noted.get(person.id, said) if said.status is SendStatus.IN_DOUBT else said)
        for person, said in stay
    ]


def _learn(session: Session, issue_id: int, person: Person, words: str, now: datetime) -> None:
    """Suppress an address that was refused in the call itself as nobody's, or as full (RULES WH-9).

    A full one only after a row of issues. No report is recorded of either: the delivery failed,
    and would count twice among the bounces.
    """
    cause = cause_of("", words)
    if cause not in (Cause.ADDRESS, Cause.MAILBOX):
        return
    list_id = session.get_one(Issue, issue_id).list_id
    if cause is Cause.MAILBOX and not is_away_for_long(session, list_id, person.id):
        return
    row = session.get_one(Subscriber, person.id)
    # Whoever changed their address in these seconds has one that nobody refused.
    if row.email_key and person.email in ("", row.email):
        suppress(session, row.email_key, SuppressionReason.BOUNCED, detail=words, now=now)


def _log_doubt(
    session: Session, claim: Claim, results: list[SendResult], *, who: str, now: datetime
) -> None:
    doubtful = [result for result in results if result.status is SendStatus.IN_DOUBT]
    if doubtful:
        detail = f"batch {claim.batch_no}: {len(doubtful)} recipients; {doubtful[0].detail}"
        session.add(
            IssueStep(issue_id=claim.issue_id, at=now, who=who, step="in doubt", detail=detail)
        )
        issue = session.get_one(Issue, claim.issue_id)
        name = f"{issue.list_slug}/{issue.key}"
        tell(
            session,
            f"{DOUBT}:{issue.id}",
            title=f"{name}: some are in doubt",
            text=f"{detail}\n\nnewsletter recipients {name} --state in_doubt",
            issue=issue,
            patience=DOUBTED,
            now=now,
        )
        session.flush()
