"""The lane of the letters: claimed and sent one body at a time, apart from every issue."""

import itertools
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from newsletter import issues, tracking
from newsletter.errors import NewsletterError, ProviderUnavailable
from newsletter.letters import queue
from newsletter.letters.queue import ClaimedLetter
from newsletter.links import NO_ISSUE, Goodbye, Links
from newsletter.message import Envelope, Mailbox, RenderedEmail, SendResult, SendStatus
from newsletter.models import LetterBody, LetterKind
from newsletter.pace import NO_LIMITS, Limits, breaker, charge_letters, letters_are_free
from newsletter.pace.turns import LETTERS, hold_until
from newsletter.providers.protocol import Mailing, Provider
from subscribers.database import Database
from subscribers.database import now as system_clock
from subscribers.models import List

# How many are claimed at once: by a provider that goes step by step one, so that one is in doubt.
GROUP = 100
AWAY_SECONDS = 15.0
# When the provider refuses us, letters wait until a person has mended it.
REFUSED_SECONDS = 60.0


class LetterSender:
    """Sends letters, oldest first; for one thread, which keeps the last body compiled."""

    def __init__(
        self,
        database: Database,
        links: Links,
        provider: Provider,
        *,
        name: str,
        limits: Limits = NO_LIMITS,
        clock: Callable[[], datetime] = system_clock,
    ) -> None:
        self._database = database
        self._links = links
        self._provider = provider
        self._name = name
        self._limits = limits
        self._numbers = itertools.count(1)
        self._clock = clock
        self._compiled: tuple[tuple[int, str], Mailing] | None = None
        self._in_hand = ""

    def send_some(self) -> bool:
        """Claim the oldest letter (with a provider of whole calls: those like it) and send it.

        Returns whether there was one; False too while a provider that was away is left in peace.
        """
        now = self._clock()
        with self._database.read() as session:
            if not queue.due(session, now) or not letters_are_free(session, now):
                return False
        most = 1 if self._provider.at_once else GROUP
        owner = f"{self._name}/letter-{next(self._numbers)}"
        with self._database.begin() as session:
            letters = queue.claim(
                session,
                most=self._limits.size(most, stepwise=True),
                owner=owner,
                now=now,
            )
            charge_letters(session, self._limits, len(letters), now)
        self._in_hand = owner
        try:
            if letters:
                self._send(letters)
        finally:
            self._in_hand = ""
        return True

    def renew(self) -> None:
        """Renew the lease of the claim in hand, from another thread: a mail server may be slow."""
        in_hand = self._in_hand
        if in_hand:
            with self._database.begin() as session:
                queue.renew(session, in_hand, self._clock())

    def close(self) -> None:
        """Let go of the compiled letter and its connections."""
        if self._compiled is not None:
            self._compiled[1].close()
            self._compiled = None

    def _send(self, letters: Sequence[ClaimedLetter]) -> None:
        done = 0
        lost = SendResult(SendStatus.FAILED)
        try:
            mailing = self._mailing(letters[0])
            envelopes = [self._envelope(letter) for letter in letters]
            lost = SendResult(SendStatus.IN_DOUBT, "the provider said nothing")
            for results in mailing.send(envelopes):
                for letter, result in zip(letters[done:], results, strict=False):
                    self._answer([letter], result)
                    done += 1
        except ProviderUnavailable as error:
            with self._database.begin() as session:
                breaker.failed(
                    session, retry_after=error.retry_after, is_trial=False, now=self._clock()
                )
            wait = AWAY_SECONDS if error.retry_after is None else error.retry_after
            self._put_back(letters[done:], str(error), wait)
        except NewsletterError as error:
            self._put_back(letters[done:], str(error), REFUSED_SECONDS)
        except Exception as error:
            # A defect: before the call it reached nobody, in it that is not known.
            what = f"{type(error).__name__}: {error}"
            self._answer(letters[done:], SendResult(lost.status, what))
        else:
            self._answer(letters[done:], lost)

    def _answer(self, letters: Sequence[ClaimedLetter], result: SendResult) -> None:
        if letters:
            with self._database.begin() as session:
                for letter in letters:
                    queue.answer(session, letter, result, self._clock())
                if result.status in (SendStatus.SUBMITTED, SendStatus.LATER):
                    breaker.answered(session)

    def _put_back(self, letters: Sequence[ClaimedLetter], why: str, wait: float) -> None:
        until = self._clock() + timedelta(seconds=wait)
        with self._database.begin() as session:
            hold_until(session, LETTERS, until.timestamp())
            queue.put_back(session, letters, why, until)

    def _mailing(self, letter: ClaimedLetter) -> Mailing:
        key = letter.list_id, letter.body
        if self._compiled is not None and self._compiled[0] == key:
            return self._compiled[1]
        self.close()
        with self._database.read() as session:
            list_ = session.get_one(List, letter.list_id)
            body = session.get_one(LetterBody, letter.body)
            email = RenderedEmail(
                sender=Mailbox(list_.sender_address, list_.sender_name),
                subject=body.subject,
                html=body.html,
                text=body.text,
                reply_to=Mailbox(list_.reply_to) if list_.reply_to else None,
                headers=_headers(letter.kind),
            )
            slug = list_.slug
        addressed = tracking.address(email, self._links, list_slug=slug, key="")
        mailing = self._provider.prepare(addressed)
        self._compiled = key, mailing
        return mailing

    def _envelope(self, letter: ClaimedLetter) -> Envelope:
        links, now = self._links, self._clock()
        if letter.kind == LetterKind.CONFIRM:
            # Made now, not when the row was written: a letter that waited is as fresh as another.
            token = links.confirm_token(letter.request_id or 0, now)
            link = links.confirm(token)
        elif letter.kind == LetterKind.NEW_ADDRESS:
            token = links.move_token(letter.change_id or 0, now)
            link = links.move(token)
        elif letter.kind == LetterKind.FRESH_LINK:
            token = links.fresh_token(letter.subscriber_id, now)
            link = links.manage(token)
        else:
            token = links.goodbye_token(Goodbye(letter.list_id, letter.subscriber_id, NO_ISSUE))
            is_question = letter.kind == LetterKind.STILL_WANT
            link = links.stay(token) if is_question else links.preferences(token)
        return Envelope(
            address=letter.email,
            name=letter.name,
            token=links.seal_delivery(NO_ISSUE, letter.id),
            values={"token": token, "link": link, "name": letter.name},
        )


def _headers(kind: str) -> tuple[tuple[str, str], ...]:
    """Return a letter's headers: by those whose token says goodbye, a mail client may leave."""
    automatic = (("Auto-Submitted", "auto-generated"),)
    is_about_the_person = kind in (
        LetterKind.CONFIRM,
        LetterKind.FRESH_LINK,
        LetterKind.NEW_ADDRESS,
    )
    return automatic if is_about_the_person else (*automatic, *issues.GOODBYE_HEADERS)
