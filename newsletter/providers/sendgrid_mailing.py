"""An email on its way through SendGrid: calls that say of each recipient what came of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from newsletter.errors import ProviderMisused, ProviderUnavailable, Unmailable
from newsletter.message import Envelope, SendResult, SendStatus
from newsletter.providers.sendgrid_answer import Meaning, Verdict, judge
from newsletter.providers.sendgrid_client import Client
from newsletter.providers.sendgrid_request import Request, groups
from newsletter.providers.sendgrid_row import Row
from newsletter.providers.wire import AnswerLost, NotSent

# So many single rows refused for no reason named, and never a row accepted: it is not the rows.
SUSPECTS = 3
# Results that came together: none of them is told without the others.
Run = Sequence[SendResult]


class SendGridMailing:
    """One email on its way, a call for at most 1,000 recipients and 20 MB."""

    def __init__(self, client: Client, request: Request) -> None:
        self._client = client
        self._post = client.mails()
        self._request = request
        self._was_accepted = False

    def send(
        self, envelopes: Sequence[Envelope], *, reference: str = ""
    ) -> Iterator[Sequence[SendResult]]:
        """Send the recipients in as few calls as the limits allow; yield results as they come.

        A bad recipient among many is found and FAILED, the others go out (R-6). A call whose
        answer was lost makes its recipients IN_DOUBT, and then a ProviderError is raised.
        """
        made = self._request.rows(envelopes, reference)
        rows = [one for one in made if not isinstance(one, Unmailable)]
        runs = self._certain(self._settled(rows))
        if len(rows) < len(made):
            runs = _woven(
                [_failed(one) if isinstance(one, Unmailable) else None for one in made], runs
            )
        return runs

    def close(self) -> None:
        """Hang up."""
        self._client.wire.close()

    def _settled(self, rows: Sequence[Row]) -> Iterator[Run]:
        for group in groups(self._request, rows):
            yield from self._group(group)

    def _group(self, rows: Sequence[Row]) -> Iterator[Run]:
        """Send rows until no row is named an offender; yield results in the order of the rows."""
        failed: dict[int, SendResult] = {}
        places = list(range(len(rows)))
        rest = rows
        verdict = self._call(rest)
        while verdict.meaning is Meaning.OFFENDERS:
            for index, why in verdict.offenders.items():
                failed[places[index]] = SendResult(SendStatus.FAILED, why)
            places = [place for place in range(len(rows)) if place not in failed]
            rest = [rows[place] for place in places]
            verdict = self._call(rest) if rest else Verdict(Meaning.ACCEPTED)
        runs = self._outcome(verdict, rest)
        yield from _woven(list(map(failed.get, range(len(rows)))), runs) if failed else runs

    def _outcome(self, verdict: Verdict, rows: Sequence[Row]) -> Iterator[Run]:
        match verdict.meaning:
            case Meaning.ACCEPTED:
                self._was_accepted |= bool(rows)
                accepted = SendResult(SendStatus.SUBMITTED, verdict.detail, verdict.reference)
                yield [accepted] * len(rows)
            case Meaning.UNKNOWN:
                yield [SendResult(SendStatus.IN_DOUBT, verdict.detail)] * len(rows)
            case Meaning.SOMEWHERE | Meaning.TOO_LARGE if len(rows) > 1:
                half = len(rows) // 2
                yield from self._group(rows[:half])
                yield from self._group(rows[half:])
            case Meaning.SOMEWHERE | Meaning.TOO_LARGE:
                yield [_Suspect(SendStatus.FAILED, verdict.detail)]
        if verdict.error is not None:
            raise verdict.error

    def _certain(self, runs: Iterator[Run]) -> Iterator[Run]:
        """Hold suspects, and what follows them, until a row is accepted or there are no more.

        Raises ProviderMisused for too many of them; those held are then nobody's fate.
        """
        held: list[SendResult] = []
        for run in runs:
            if self._was_accepted and not held:
                yield run
                # From here on nobody is held.
                yield from runs
                return
            held += run
            is_told = self._was_accepted or run[0].status is SendStatus.IN_DOUBT
            suspects = [one for one in held if isinstance(one, _Suspect)]
            if not is_told and len(suspects) >= SUSPECTS:
                raise ProviderMisused(
                    f"SendGrid refuses one recipient after the other: {run[0].detail}",
                    "look at sender and email: it is not the recipients",
                )
            if is_told or not suspects:
                yield held
                held = []
        if held:
            yield held

    def _call(self, rows: Sequence[Row]) -> Verdict:
        try:
            answer = self._post(self._request.body(rows))
        except NotSent as error:
            unreachable = ProviderUnavailable(f"SendGrid cannot be reached: {error}", "wait")
            return Verdict(Meaning.REFUSED, error=unreachable)
        except AnswerLost as error:
            lost = ProviderUnavailable(f"SendGrid's answer was lost: {error}", "wait, then go on")
            return Verdict(Meaning.UNKNOWN, f"no answer: {error}", error=lost)
        return judge(answer, len(rows))


@dataclass(frozen=True, slots=True)
class _Suspect(SendResult):
    """A row refused without a reason that names it."""


def _woven(known: Sequence[SendResult | None], runs: Iterator[Run]) -> Iterator[Run]:
    """Yield what is known already in its places, and what comes in the others."""
    results = chain.from_iterable(runs)
    for one in known:
        yield [next(results) if one is None else one]
    # What is raised after the last of them is raised here.
    for one in results:
        yield [one]


def _failed(error: Unmailable) -> SendResult:
    return SendResult(SendStatus.FAILED, str(error))
