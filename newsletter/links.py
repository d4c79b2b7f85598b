"""Every public URL and its token, both ways.

Link tokens are signed and bound to a purpose (RULES S-5): `tag | purpose | integers | MAC`,
URL-safe base64 without padding. Sealed tokens are those of `seals`.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum

from newsletter.errors import LinkInvalid
from newsletter.keys import KeyRing
from newsletter.seals import Seals
from newsletter.spelling import all_spelt, read_varints, spelt, unspelt, varint, varints

# No subscriber has this number: the footer of a test opens nothing of anybody's.
NOBODY = 0
# What came with no issue came with a letter.
NO_ISSUE = 0
CONFIRM_LASTS = timedelta(days=7)
FRESH_LASTS = timedelta(hours=1)
# A moment before every link, at which none is too old.
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class Purpose(IntEnum):
    """What a link token may be used for; a token of one purpose never opens another's door."""

    GOODBYE = 1
    CONFIRM = 2
    FRESH = 3
    FORM = 4
    READING = 5
    MOVE = 6
    LIVE = 7


@dataclass(frozen=True, slots=True)
class Goodbye:
    """What the footer's token names: a subscriber on a list, and the issue it came with."""

    list_id: int
    subscriber_id: int
    issue_id: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What a counted link or a pixel names: an issue, and who agreed to be counted, or NOBODY."""

    issue_id: int
    subscriber_id: int = NOBODY


class Links(Seals):
    """Makes and reads our public URLs, under one base URL and one key ring."""

    def __init__(self, base: str, ring: KeyRing, *, inbox: str = "") -> None:
        """Take the public base URL (no slash at its end), the ring, and who takes goodbyes by mail."""
        super().__init__(ring)
        self.base = base
        self._inbox = inbox

    @property
    def admin(self) -> str:
        """The address of the admin's pages."""
        return f"{self.base}/admin"

    @property
    def api(self) -> str:
        """The address under which the API answers."""
        return f"{self.base}/api/v1"

    def unsubscribe(self, token: str) -> str:
        """Return the address of the goodbye page (GET shows, POST leaves; RFC 8058)."""
        return f"{self.base}/u/{token}"

    def by_mail(self, token: str) -> str:
        """Return what follows in List-Unsubscribe for who leaves by a mail; empty without an inbox.

        The token is in the subject: addresses may lose their capitals on the way (RFC 6068).
        """
        return f", <mailto:{self._inbox}?subject=unsubscribe%20{token}>" if self._inbox else ""

    def preferences(self, token: str) -> str:
        """Return the address of the footer's preferences page: pause, undo, ask for a fresh link."""
        return f"{self.base}/p/{token}"

    def stay(self, token: str) -> str:
        """Return the address of the page on which a reader says that they still want a list."""
        return f"{self.base}/stay/{token}"

    def confirm(self, token: str) -> str:
        """Return the address of the confirmation page (GET shows, POST confirms)."""
        return f"{self.base}/confirm/{token}"

    def manage(self, token: str) -> str:
        """Return the address of a person's own page, reached by a fresh link only."""
        return f"{self.base}/me/{token}"

    def move(self, token: str) -> str:
        """Return the address of the page on which a new address confirms itself."""
        return f"{self.base}/address/{token}"

    def subscribe(self, list_slug: str) -> str:
        """Return the address of a list's sign-up page."""
        return f"{self.base}/subscribe/{list_slug}"

    def archive(self, list_slug: str, key: str) -> str:
        """Return the address of an issue's archive page."""
        return f"{self.base}/archive/{list_slug}/{key}"

    def asset(self, name: str) -> str:
        """Return the address of a served picture."""
        return f"{self.base}/m/{name}"

    def click(self, number: int, token: str) -> str:
        """Return the address that counts a click on an issue's link and leads on (RULES M-4)."""
        return f"{self.base}/c/{number}/{token}"

    def pixel(self, token: str) -> str:
        """Return the address of the picture that counts an open (RULES S-8)."""
        return f"{self.base}/o/{token}"

    def goodbye_token(self, goodbye: Goodbye) -> str:
        """Return the token of the footer's links; it never expires (RULES U-4)."""
        return self._sign(Purpose.GOODBYE, goodbye.list_id, goodbye.subscriber_id, goodbye.issue_id)

    def goodbye_tokens(
        self, list_id: int, subscriber_ids: Sequence[int], issue_id: int
    ) -> list[str]:
        """Return the footer's tokens of many people of one issue, in order."""
        key = self.ring.newest
        before = bytes((key.tag, Purpose.GOODBYE)) + varint(list_id)
        messages = varints(subscriber_ids, before=before, behind=varint(issue_id))
        macs = key.macs(messages)
        return all_spelt([message + mac for message, mac in zip(messages, macs, strict=True)])

    def read_goodbye(self, token: str) -> Goodbye:
        """Read a footer token; raises LinkInvalid."""
        return Goodbye(*self._verify(Purpose.GOODBYE, token, 3))

    def confirm_token(self, request_id: int, now: datetime) -> str:
        """Return the token that confirms one request, for seven days from `now`."""
        return self._sign(Purpose.CONFIRM, request_id, int(now.timestamp()))

    def read_confirm(self, token: str, now: datetime) -> int:
        """Return the request a confirm token names; raises LinkInvalid."""
        request_id, made = self._verify(Purpose.CONFIRM, token, 2)
        self._not_older(made, now, CONFIRM_LASTS)
        return request_id

    def fresh_token(self, subscriber_id: int, now: datetime) -> str:
        """Return the token of a person's own page, for one hour from `now`."""
        return self._sign(Purpose.FRESH, subscriber_id, int(now.timestamp()))

    def read_fresh(self, token: str, now: datetime) -> int:
        """Return the subscriber a fresh token names; raises LinkInvalid."""
        subscriber_id, made = self._verify(Purpose.FRESH, token, 2)
        self._not_older(made, now, FRESH_LASTS)
        return subscriber_id

    def move_token(self, change_id: int, now: datetime) -> str:
        """Return the token that confirms one change of address, for seven days from `now`."""
        return self._sign(Purpose.MOVE, change_id, int(now.timestamp()))

    def read_move(self, token: str, now: datetime) -> int:
        """Return the change a token names; raises LinkInvalid."""
        change_id, made = self._verify(Purpose.MOVE, token, 2)
        self._not_older(made, now, CONFIRM_LASTS)
        return change_id

    def form_token(self, now: datetime) -> str:
        """Return the signed time trap of a sign-up form (RULES S-3)."""
        return self._sign(Purpose.FORM, int(now.timestamp()))

    def read_form(self, token: str) -> int:
        """Return the moment (Unix seconds) a form was shown; raises LinkInvalid."""
        (made,) = self._verify(Purpose.FORM, token, 1)
        return made

    def reading_token(self, reading: Reading) -> str:
        """Return the token of counted links and of the pixel; links live for ever."""
        return self._sign(Purpose.READING, reading.issue_id, reading.subscriber_id)

    def read_reading(self, token: str) -> Reading:
        """Read a token of counted links; raises LinkInvalid."""
        return Reading(*self._verify(Purpose.READING, token, 2))

    def live_token(self, nonce: str, instance: str) -> str:
        """Return the proof that whoever was asked this has our keys and this very database."""
        return spelt(self.ring.sign(bytes((Purpose.LIVE,)) + _digest(nonce, instance)))

    def is_live(self, token: str, nonce: str, instance: str) -> bool:
        """Return whether a token is that proof."""
        try:
            payload = self.ring.verify(unspelt(token))
        except LinkInvalid:
            return False
        return payload == bytes((Purpose.LIVE,)) + _digest(nonce, instance)

    def _sign(self, purpose: Purpose, *numbers: int) -> str:
        return spelt(self.ring.sign(bytes((purpose,)) + b"".join(map(varint, numbers))))

    def _verify(self, purpose: Purpose, token: str, count: int) -> list[int]:
        payload = self.ring.verify(unspelt(token))
        if payload[0] != purpose:
            raise LinkInvalid("the link was made for something else")
        numbers = read_varints(payload[1:])
        if len(numbers) != count:
            raise LinkInvalid("the link is not whole")
        return numbers

    def _not_older(self, made: int, now: datetime, lasts: timedelta) -> None:
        if now.timestamp() - made > lasts.total_seconds():
            raise LinkInvalid("the link is too old")


def _digest(*words: str) -> bytes:
    return hashlib.sha256("\n".join(words).encode()).digest()
