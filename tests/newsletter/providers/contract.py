"""What every provider keeps, counted by the receiver: `class TestX(Contract)` with a `post`.

A provider proves itself by inheriting from Contract and giving a fixture `post`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from html import escape

import pytest

from newsletter.errors import ProviderError, Unmailable
from newsletter.message import Asset, Envelope, Mailbox, RenderedEmail, SendResult, SendStatus
from newsletter.providers.protocol import Provider
from newsletter.slots import hole

SENDER = "editors@ledger.example"
EMAIL = RenderedEmail(
    sender=Mailbox(SENDER, "The Monthly Ledger"),
    subject="November, and what came of it",
    html=f'<p>Grüße</p>\n<a href="https://l.example/u/{hole("token")}">{hole("token")}</a>\n',
    text=f".\nFrom here, Grüße\nhttps://l.example/u/{hole('token')}\n",
    reply_to=Mailbox("letters@ledger.example"),
    headers=(
        ("List-Id", "<ledger.l.example>"),
        ("Precedence", "bulk"),
        ("List-Unsubscribe", f"<https://l.example/u/{hole('token')}>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    ),
)


@dataclass(frozen=True, slots=True)
class Received:
    """One mail as the receiver got it."""

    to: str
    name: str
    subject: str
    text: str
    html: str
    headers: dict[str, list[str]]
    pictures: dict[str, tuple[str, bytes]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Post:
    """A provider, what its receiver counts, and the same provider with nobody at the other end."""

    provider: Provider
    received: Callable[[], Sequence[Received]]
    nowhere: Provider
    misconfigured: Provider


def envelope(number: int, **changed: object) -> Envelope:
    """Return the envelope of recipient `number`."""
    given: dict[str, object] = {
        "address": f"reader{number}@example.org",
        "token": f"sealed{number}",
        "name": f"Reader {number}",
        "values": {"token": f"token{number}"},
    }
    return Envelope(**(given | changed))  # type: ignore[arg-type]


def send(
    provider: Provider, envelopes: Sequence[Envelope], email: RenderedEmail = EMAIL
) -> list[SendResult]:
    """Send in one call and return the results; a ProviderError goes through."""
    mailing = provider.prepare(email)
    try:
        return [one for some in mailing.send(envelopes, reference="sealed-batch") for one in some]
    finally:
        mailing.close()


def outcome(
    provider: Provider, envelopes: Sequence[Envelope], email: RenderedEmail = EMAIL
) -> tuple[list[SendStatus], ProviderError | None]:
    """Send in one call; return the statuses that came, and the error that ended them."""
    mailing = provider.prepare(email)
    statuses: list[SendStatus] = []
    try:
        for results in mailing.send(envelopes, reference="sealed-batch"):
            statuses += [result.status for result in results]
    except ProviderError as error:
        return statuses, error
    finally:
        mailing.close()
    return statuses, None


class Contract:
    """The tests that every provider passes."""

    @pytest.fixture
    def post(self) -> Post:
        raise NotImplementedError

    def test_each_recipient_gets_one_mail_and_one_result_in_the_order_given(
        self, post: Post
    ) -> None:
        results = send(post.provider, [envelope(number) for number in range(25)])
        assert [result.status for result in results] == [SendStatus.SUBMITTED] * 25
        assert sorted(one.to for one in post.received()) == sorted(
            f"reader{number}@example.org" for number in range(25)
        )

    def test_everybody_gets_their_own_values_and_nobody_elses(self, post: Post) -> None:
        """T16, SG-1, SG-2."""
        send(post.provider, [envelope(number) for number in range(12)])
        for one in post.received():
            number = one.to.removeprefix("reader").partition("@")[0]
            link = f"https://l.example/u/token{number}"
            assert one.text == EMAIL.text.replace(hole("token"), f"token{number}")
            assert one.html == EMAIL.html.replace(hole("token"), f"token{number}")
            assert one.headers["list-unsubscribe"] == [f"<{link}>"]
            assert one.headers["list-unsubscribe-post"] == ["List-Unsubscribe=One-Click"]
            assert one.headers["list-id"] == ["<ledger.l.example>"]
            assert (one.subject, one.name) == (EMAIL.subject, f"Reader {number}")

    def test_a_value_is_escaped_in_the_html_and_literal_in_the_text(self, post: Post) -> None:
        """SG-4."""
        token = "<b>&\"'</b> -tag- %name% {{token}}"
        email = replace(EMAIL, headers=())
        send(post.provider, [envelope(0, values={"token": token})], email)
        (one,) = post.received()
        assert one.text == EMAIL.text.replace(hole("token"), token)
        escaped = "&lt;b&gt;&amp;&quot;&#x27;&lt;/b&gt; -tag- %name% {{token}}"
        assert one.html == EMAIL.html.replace(hole("token"), escaped)

    @pytest.mark.parametrize(
        ("name", "first"),
        [
            ("Ada Lovelace", "Ada"),
            ("Lovelace, Ada", "Ada"),
            ("<script>alert(1)</script>", "<script>alert(1)</script>"),
            ('"onclick="x', '"onclick="x'),
            ("{email} %name% -tag-", "{email}"),
            ("\ue000token\ue001", "token"),
            ("A\r\nB: c\x00\u2028D", "A"),
            ("  ", ""),
            ("", ""),
        ],
    )
    def test_a_merge_field_is_written_as_its_place_wants_it(
        self, post: Post, name: str, first: str
    ) -> None:
        """H-3, SG-4; a name is one line, whoever typed it."""
        email = replace(
            EMAIL,
            html=f'<p title="{hole("name", "a &amp; b")}">{hole("first_name", "<i>you</i>")}</p>\n',
            text=f"Dear {hole('name', 'a & b')},\n{hole('email')}\n{hole('first_name', 'you')}\n",
            personal_subject=f"{hole('name', 'Dear reader')}, the tides",
        )
        send(post.provider, [envelope(0, name=name)], email)
        (one,) = post.received()
        shown = " ".join("".join(c if c.isprintable() else " " for c in name).split())
        assert one.text == f"Dear {shown or 'a & b'},\nreader0@example.org\n{first or 'you'}\n"
        title, inner = escape(shown) or "a &amp; b", escape(first) or "<i>you</i>"
        assert one.html == f'<p title="{title}">{inner}</p>\n'
        assert one.subject == f"{shown or 'Dear reader'}, the tides"

    def test_an_embedded_picture_travels_in_each_mail_and_a_served_one_in_none(
        self, post: Post
    ) -> None:
        inside = Asset("ab12.png", "image/png", bytes(range(256)) * 9)
        also = Asset("cd34.gif", "image/gif", b"GIF89a")
        served = Asset("ef56.jpg", "image/jpeg", b"served")
        shown = "".join(f'<img src="cid:{one.content_id}">\n' for one in (inside, also))
        email = replace(EMAIL, html=EMAIL.html + shown, assets=(inside, served, also))
        send(post.provider, [envelope(0), envelope(1)], email)
        assert len(post.received()) == 2
        for number, one in enumerate(post.received()):
            assert one.html == email.html.replace(hole("token"), f"token{number}")
            assert one.text == EMAIL.text.replace(hole("token"), f"token{number}")
            assert one.pictures == {
                "ab12.png@pictures.invalid": ("image/png", inside.data),
                "cd34.gif@pictures.invalid": ("image/gif", also.data),
            }

    @pytest.mark.parametrize(
        "address", ["not an email", "jörg@example.org", "a@x.org\r\nBcc: v@x.org", "", "a@b@x.org"]
    )
    def test_an_address_no_mail_can_carry_fails_alone(self, post: Post, address: str) -> None:
        """PY-10, H-4."""
        people = [envelope(0), envelope(1, address=address), envelope(2)]
        statuses, error = outcome(post.provider, people)
        assert error is None
        assert statuses == [SendStatus.SUBMITTED, SendStatus.FAILED, SendStatus.SUBMITTED]
        assert [one.to for one in post.received()] == ["reader0@example.org", "reader2@example.org"]

    @pytest.mark.parametrize(
        "header",
        [
            ("X-A", "one\r\nBcc: v@x.org"),
            ("X-A\r\nBcc", "v@x.org"),
            ("Bcc", "v@x.org"),
            ("Subject", "another"),
            ("X-A", "x" * 1000),
        ],
    )
    def test_an_email_whose_header_no_mail_can_carry_is_refused(
        self, post: Post, header: tuple[str, str]
    ) -> None:
        """H-3."""
        with pytest.raises(Unmailable):
            post.provider.prepare(replace(EMAIL, headers=(header,)))

    @pytest.mark.parametrize("token", ["", "one\r\nBcc: v@x.org", "a>, <b", "x" * 129, "\u00e4"])
    def test_a_token_that_no_header_can_hold_fails_its_recipient_alone(
        self, post: Post, token: str
    ) -> None:
        """H-3."""
        people = [envelope(0, values={"token": token}), envelope(1)]
        statuses, error = outcome(post.provider, people)
        assert (statuses, error) == ([SendStatus.FAILED, SendStatus.SUBMITTED], None)
        assert [one.to for one in post.received()] == ["reader1@example.org"]

    @pytest.mark.parametrize(
        "name",
        ["A\r\nBcc: v@x.org", "Ann\x00\x07", '"Ann" <v@x.org>', "Ünal 王 👩‍👩‍👧", "=?utf-8?q?x?="],
    )
    def test_a_name_stays_a_name(self, post: Post, name: str) -> None:
        """H-2, H-3, PY-10."""
        send(post.provider, [envelope(0, name=name)])
        (one,) = post.received()
        assert one.to == "reader0@example.org"
        assert "bcc" not in one.headers
        assert one.name == " ".join(
            name.replace("\r\n", " ").replace("\x00", "").replace("\x07", "").split()
        )

    def test_a_domain_beyond_ascii_is_reached_by_its_a_labels(self, post: Post) -> None:
        """H-4."""
        assert send(post.provider, [envelope(0, address="post@straße.de")])
        assert [one.to for one in post.received()] == ["post@xn--strae-oqa.de"]

    def test_one_mailing_carries_many_batches(self, post: Post) -> None:
        mailing = post.provider.prepare(EMAIL)
        for number in range(5):
            assert len(list(mailing.send([envelope(number)], reference=f"b{number}"))) == 1
        mailing.close()
        assert len(post.received()) == 5

    def test_a_batch_of_nobody_sends_nothing(self, post: Post) -> None:
        assert send(post.provider, []) == []
        assert post.received() == []

    def test_checking_and_preparing_send_nothing_and_closing_twice_is_harmless(
        self, post: Post
    ) -> None:
        post.provider.check()
        post.provider.check(Mailbox(SENDER, "The Monthly Ledger"))
        mailing = post.provider.prepare(EMAIL)
        mailing.close()
        mailing.close()
        assert post.received() == []

    def test_whoever_stops_listening_has_sent_no_more_than_a_call(self, post: Post) -> None:
        mailing = post.provider.prepare(EMAIL)
        results = mailing.send([envelope(number) for number in range(10)])
        next(results)
        del results
        mailing.close()
        assert len(post.received()) == (post.provider.at_once or 10)

    def test_a_hole_without_a_value_is_a_defect_and_sends_nothing(self, post: Post) -> None:
        with pytest.raises(KeyError):
            send(post.provider, [envelope(0, values={})])
        assert post.received() == []

    def test_when_nobody_is_there_an_error_says_so_and_nobody_is_marked(self, post: Post) -> None:
        """PY-4."""
        statuses, error = outcome(post.nowhere, [envelope(0), envelope(1)])
        assert statuses == []
        assert error is not None
        assert str(error)
        assert error.mend
        with pytest.raises(ProviderError):
            post.nowhere.check()

    def test_a_setting_that_makes_no_sense_is_named_before_anything_is_sent(
        self, post: Post
    ) -> None:
        for act in (post.misconfigured.check, lambda: send(post.misconfigured, [envelope(0)])):
            with pytest.raises(ProviderError) as caught:
                act()
            assert caught.value.mend
