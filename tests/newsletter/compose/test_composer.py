"""RENDERING §6, RULES §2.3 (H-1…H-6), T16 and T17: what is composed parses to its source."""

import email.header
import email.utils
import re
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.compose import Composer, headers
from newsletter.compose.quoted_printable import encode
from newsletter.errors import Unmailable
from newsletter.message import Envelope, Mailbox, RenderedEmail, hole
from tests.newsletter import mime_reader

NOW = datetime(2026, 11, 24, 9, 30, 15, 123456, tzinfo=UTC)
TOKEN = "aB3_-x" * 12
SENDER = Mailbox("editors@ledger.example", "The Monthly Ledger")

# Everything an author or a stranger may type; the reader keeps the two marks of a hole out.
typed = st.text(st.characters(codec="utf-8", exclude_characters="\ue000\ue001"))
lines = st.lists(
    st.sampled_from(
        [
            ".",
            "..",
            "From ",
            "From x",
            " ",
            "a ",
            "\t",
            "é" * 40,
            "=",
            "=3D",
            "x" * 75,
            "x" * 76,
            "x" * 77,
            "",
            hole("token"),
            f" {hole('token')}",
            f"{hole('name')} ",
            "--",
            "\r\n",
            "\n",
        ]
    )
    | typed
).map("".join)


def mail(**changed: object) -> RenderedEmail:
    given: dict[str, object] = {
        "sender": SENDER,
        "subject": "November",
        "html": f"<p>{hole('token')}</p>\n",
        "text": f"{hole('token')}\n",
    }
    return RenderedEmail(**(given | changed))  # type: ignore[arg-type]


def envelope(address: str = "reader@example.org", **changed: object) -> Envelope:
    given: dict[str, object] = {"token": "sealed", "values": {"token": TOKEN, "name": "Ann"}}
    return Envelope(address, **(given | changed))  # type: ignore[arg-type]


def composed(email: RenderedEmail, to: Envelope) -> bytes:
    return Composer(email, domain="ledger.example").message(to, date=NOW)


def canonical(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


@given(html=lines, text=lines, token=typed, name=typed)
def test_every_message_parses_to_its_source_through_two_parsers(
    html: str, text: str, token: str, name: str
) -> None:
    """T17."""
    values = {"token": token, "name": name}
    data = composed(mail(html=html, text=text), envelope(values=values))

    def filled(source: str, put: dict[str, str]) -> str:
        # Piece by piece: a CR in a value and an LF behind its hole are two ends of lines.
        source = canonical(source)
        for key, value in put.items():
            source = source.replace(hole(key), canonical(value))
        return source

    escaped = {key: _escaped(value) for key, value in values.items()}
    wanted = filled(text, values), filled(html, escaped)
    strict = mime_reader.read(data)
    assert (canonical(strict.text), canonical(strict.html)) == wanted
    parsed = message_from_bytes(data, _class=EmailMessage, policy=policy.default)
    bodies = []
    for part in parsed.iter_parts():
        body = part.get_payload(decode=True)
        assert isinstance(body, bytes)
        bodies.append(body.decode())
    assert tuple(map(canonical, bodies)) == wanted


def _escaped(value: str) -> str:
    for character, entity in (("&", "amp"), ("<", "lt"), (">", "gt"), ('"', "quot"), ("'", "#x27")):
        value = value.replace(character, f"&{entity};")
    return value


@given(name=typed, subject=typed, sender=typed, extra=typed)
def test_no_input_changes_the_number_of_headers(
    name: str, subject: str, sender: str, extra: str
) -> None:
    """H-3, T12."""
    try:
        headers.ready("X-Extra", extra)
    except Unmailable:
        extra = "refused"
    email = mail(
        subject=subject,
        sender=Mailbox("editors@ledger.example", sender),
        headers=(("X-Extra", extra),),
    )
    data = composed(email, envelope(name=name))
    names = [field for field, _ in mime_reader.read(data).fields]
    assert names == (
        ["From", "To", "Subject", "Date", "Message-ID", "X-Extra", "MIME-Version", "Content-Type"]
    )
    assert message_from_bytes(data, policy=policy.default).keys() == names


@given(name=typed, subject=typed)
def test_names_and_subjects_arrive_as_they_were_typed_on_one_line(name: str, subject: str) -> None:
    """H-2, RFC 2047."""
    data = composed(mail(subject=subject), envelope(name=name))
    strict = mime_reader.read(data)
    assert mime_reader.mailbox(strict.one("To")) == (headers.clean(name), "reader@example.org")
    assert mime_reader.words(strict.one("Subject")).strip() == headers.clean(subject)
    # Not policy.default: Python 3.11 keeps the fold between encoded words as a space.
    parsed = message_from_bytes(data, policy=policy.compat32)
    assert _decoded(parsed["Subject"]) == headers.clean(subject)
    phrase, address = email.utils.parseaddr(parsed["To"])
    assert address == "reader@example.org"
    assert _decoded(phrase) == headers.clean(name)


def _decoded(raw: str) -> str:
    unfolded = raw.replace("\r\n", "").replace("\n", "")
    return str(email.header.make_header(email.header.decode_header(unfolded))).strip()


@pytest.mark.parametrize(
    "name",
    [
        "Ünal Ö. Ärger",
        "王小明" * 20,
        "Александр Сергеевич Пушкин-Долгорукий-Заболоцкий",
        "👩‍👩‍👧 family",
        'Dr. "Quote" \\ back',
        "Smith, John; Jr.",
        "x" * 120,
        "many plain words " * 9,
        "=?utf-8?q?fake?=",
        "a\r\nBcc: victim@example.org",
        "nul\x00bell\x07del\x7f",
        "line\u2028para\u2029next\x85end\x0b\x0c",
    ],
)
def test_a_difficult_name_arrives_in_lines_of_76(name: str) -> None:
    """H-2, H-3."""
    data = composed(mail(), envelope(name=name))
    head = data.partition(b"\r\n\r\n")[0].decode()
    assert max(map(len, head.split("\r\n"))) <= 76
    name_read, address = mime_reader.mailbox(mime_reader.read(data).one("To"))
    assert (name_read, address) == (headers.clean(name), "reader@example.org")


@pytest.mark.parametrize(
    "subject", ["=?utf-8?q?fake?=", "x" * 200, "many plain words " * 9, "日" * 99]
)
def test_a_difficult_subject_arrives_in_lines_of_76(subject: str) -> None:
    """RFC 2047."""
    data = composed(mail(subject=subject), envelope())
    assert max(map(len, data.partition(b"\r\n\r\n")[0].split(b"\r\n"))) <= 76
    raw = mime_reader.read(data).one("Subject")
    assert mime_reader.words(raw) == headers.clean(subject)
    # What was typed as an encoded word is read as what was typed.
    assert "fake?=" not in raw


def test_a_long_unsubscribe_address_stays_whole() -> None:
    """H-1."""
    url = f"https://news.example.org/u/{'t' * 300}"
    for written, token in (url, TOKEN), (f"{url}/{hole('token')}", TOKEN):
        email = mail(headers=(("List-Unsubscribe", f"<{written}>"),))
        whole = written.replace(hole("token"), token)
        assert f"List-Unsubscribe: <{whole}>\r\n".encode() in composed(email, envelope())


@given(token=typed)
def test_a_header_takes_a_token_and_nothing_else(token: str) -> None:
    """H-3."""
    email = mail(headers=(("X-A", f"<https://l.example/{hole('token')}>"),), html="", text="")
    is_token = re.fullmatch("[A-Za-z0-9_-]{1,128}", token) is not None
    try:
        data = composed(email, envelope(values={"token": token}))
    except Unmailable:
        assert not is_token
    else:
        assert is_token
        assert mime_reader.read(data).one("X-A") == f"<https://l.example/{token}>"


def test_a_list_id_whose_phrase_is_not_ascii_holds_no_quoted_encoded_word() -> None:
    """H-2."""
    email = mail(headers=(("List-Id", '"Die Zürcher" <zueri.ledger.example>'),))
    found = mime_reader.read(composed(email, envelope())).one("List-Id")
    assert mime_reader.mailbox(found) == ("Die Zürcher", "zueri.ledger.example")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-A\r\nBcc", "v@example.org"),
        ("X A", "v"),
        ("X:A", "v"),
        ("", "v"),
        ("X-A", "one\r\ntwo"),
        ("X-A", "one\ntwo"),
        ("X-A", "nul\x00"),
        ("X-A", "x" * 1000),
        ("Subject", "mine"),
        ("bcc", "v@example.org"),
        ("Content-Type", "text/html"),
        ("Message-ID", "<a@b>"),
    ],
)
def test_an_impossible_header_is_refused(name: str, value: str) -> None:
    """H-3."""
    with pytest.raises(Unmailable):
        Composer(mail(headers=((name, value),)), domain="ledger.example")
    with pytest.raises(Unmailable):
        Composer(mail(headers=((name, value + hole("token")),)), domain="ledger.example")


def test_a_header_that_stands_twice_is_refused() -> None:
    with pytest.raises(Unmailable):
        composed(mail(headers=(("X-A", "1"), ("x-a", "2"))), envelope())


def test_a_domain_beyond_ascii_goes_out_in_a_labels() -> None:
    """H-4; IDNA 2008: straße.de is not strasse.de."""
    data = composed(mail(), envelope("post@straße.de"))
    assert mime_reader.read(data).one("To") == "post@xn--strae-oqa.de"


@pytest.mark.parametrize(
    "address",
    [
        "jörg@example.org",
        "a b@example.org",
        "a@example.org\r\nBcc: v@example.org",
        "a@b@example.org",
        "<a@example.org>",
        "a@",
        "@example.org",
        "",
        "a@exa mple.org",
        "a@.example.org",
        f"{'a' * 65}@example.org",
        f"{'a' * 64}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 8}",
        f"a@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.{'f' * 20}",
    ],
)
def test_an_address_that_no_mail_can_carry_is_refused_without_being_shown(address: str) -> None:
    """H-4, PY-10."""
    with pytest.raises(Unmailable) as caught:
        composed(mail(), envelope(address))
    assert "@" not in str(caught.value).replace("its @", "")


def test_the_date_says_where_zero_is_and_the_message_id_names_no_attempt() -> None:
    """RULES 2.3."""
    east = timezone(timedelta(hours=5, minutes=30))
    composer = Composer(mail(), domain="ledger.example")
    first = mime_reader.read(composer.message(envelope(), date=NOW))
    assert first.one("Date") == "Tue, 24 Nov 2026 09:30:15 +0000"
    assert first.one("Message-ID") == "<sealed@ledger.example>"
    later = NOW.astimezone(east) + timedelta(days=1)
    assert mime_reader.read(composer.message(envelope(), date=later)).one("Date") == (
        "Wed, 25 Nov 2026 09:30:15 +0000"
    )
    with pytest.raises(ValueError, match="time zone"):
        composer.message(envelope(), date=NOW.replace(tzinfo=None))


@pytest.mark.parametrize("token", ["", "a b", "a>b", "a\r\nb", "ä", "x" * 129])
def test_a_token_that_is_no_token_makes_no_message_id(token: str) -> None:
    with pytest.raises(Unmailable):
        composed(mail(), envelope(token=token))


def test_a_hole_without_a_value_is_a_defect() -> None:
    with pytest.raises(KeyError):
        composed(mail(), envelope(values={}))


def test_a_hole_in_the_subject_is_filled_and_cannot_break_out() -> None:
    """H-3."""
    data = composed(
        mail(personal_subject=f"For {hole('name')}"),
        envelope(values={"token": "t", "name": "A\r\nB: c"}),
    )
    assert mime_reader.read(data).one("Subject") == "For A B: c"


def test_ten_thousand_recipients_each_get_their_own_token_and_no_other() -> None:
    """T16."""
    body = f"https://l.example/u/{hole('token')} and https://l.example/p/{hole('token')}.\n" * 3
    own = (("List-Unsubscribe", f"<https://l.example/u/{hole('token')}>"),)
    email = mail(text=body, html=f"<a href='{body}'>", headers=own)
    composer = Composer(email, domain="ledger.example")
    for number in range(10_000):
        token = f"token-{number:05}"
        to = envelope(f"r{number}@example.org", token=f"d{number}", values={"token": token})
        data = composer.message(to, date=NOW)
        assert data.count(b"token-") == data.count(token.encode()) == 13
        if number % 500 == 0:
            message = mime_reader.read(data)
            assert message.text == body.replace(hole("token"), token).replace("\n", "\r\n")
            assert message.one("To") == f"r{number}@example.org"


@given(st.lists(lines.map(lambda text: text.replace("\ue000", "")), max_size=4))
def test_pieces_encoded_apart_follow_each_other(pieces: list[str]) -> None:
    joined = b"".join(encode(piece, is_open=True) for piece in pieces)
    # A lone CR behind one piece and an LF before the next are two ends of lines.
    wanted = "".join(map(canonical, pieces))
    assert canonical(mime_reader.quoted_printable(joined.decode("ascii"))) == wanted


def test_a_lone_surrogate_is_no_reason_to_stop() -> None:
    assert encode("a\ud800b") == b"a?b"
