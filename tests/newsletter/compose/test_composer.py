"""RENDERING §6, RULES §2.3, T16 and T17: what is composed parses to its source."""

import re
from datetime import timedelta, timezone
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.compose import Composer
from newsletter.compose.headers import clean
from newsletter.errors import Unmailable
from newsletter.message import Asset, Envelope
from newsletter.slots import fill_holes, hole
from tests.newsletter import mime_reader
from tests.newsletter.compose.mails import (
    NOW,
    canonical,
    composed,
    envelope,
    lines,
    mail,
    typed,
)

HEADERS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "List-Id",
    "List-Unsubscribe",
    "MIME-Version",
    "Content-Type",
]
tokens = st.from_regex(r"[A-Za-z0-9_-]{1,128}", fullmatch=True)
pictures = st.sampled_from([(), (Asset("ab12.png", "image/png", bytes(range(256)) * 9),)])


@given(
    html=lines,
    text=lines,
    subject=lines,
    token=tokens,
    name=typed,
    assets=pictures,
)
def test_every_message_parses_to_its_source_through_two_parsers(
    html: str, text: str, subject: str, token: str, name: str, assets: tuple[Asset, ...]
) -> None:
    """T17: the bodies to the letter, each header once, whoever the recipient is."""
    html += "".join(f'<img src="cid:{one.content_id}">' for one in assets)
    email = mail(
        html=html,
        text=text,
        personal_subject=f"S {subject}",
        assets=assets,
        headers=(
            ("List-Id", "<ledger.ledger.example>"),
            ("List-Unsubscribe", f"<https://l.example/u/{hole('token')}>"),
        ),
    )
    to = envelope(name=name, values={"token": token})
    data = composed(email, to)
    wanted = _filled(text, to), _filled(html, to, escape=True)

    strict = mime_reader.read(data)
    assert (canonical(strict.text), canonical(strict.html)) == wanted
    assert [field for field, _ in strict.fields] == HEADERS
    assert strict.one("List-Unsubscribe") == f"<https://l.example/u/{token}>"
    assert mime_reader.words(strict.one("Subject")) == clean(fill_holes(f"S {subject}", to.value))
    assert mime_reader.mailbox(strict.one("To")) == (clean(name), to.address)
    assert {one.content_id: (one.media_type, one.data) for one in assets} == strict.pictures

    parsed = message_from_bytes(data, _class=EmailMessage, policy=policy.default)
    assert parsed.keys() == HEADERS
    bodies = [part for part in parsed.walk() if part.get_content_maintype() == "text"]
    assert tuple(canonical(_decoded(body)) for body in bodies) == wanted


def _decoded(part: EmailMessage) -> str:
    body = part.get_payload(decode=True)
    assert isinstance(body, bytes)
    return body.decode()


def _filled(source: str, to: Envelope, *, escape: bool = False) -> str:
    """Fill the holes with plain string operations, in another way than the composer."""
    out = []
    # Piece by piece: a CR in a value and an LF behind its hole are two ends of lines.
    for piece in re.split("(\ue000[^\ue001]*\ue001)", source):
        found = re.fullmatch("\ue000([a-z_]+)(?:[|](.*))?\ue001", piece, re.DOTALL)
        if found is None:
            out.append(canonical(piece))
            continue
        value = {"token": to.values["token"], "name": to.value("name")}.get(found[1])
        value = to.value(found[1]) if value is None else value
        out.append(canonical((_escaped(value) if escape else value) or found[2] or ""))
    return "".join(out)


def _escaped(value: str) -> str:
    for character, entity in (("&", "amp"), ("<", "lt"), (">", "gt"), ('"', "quot"), ("'", "#x27")):
        value = value.replace(character, f"&{entity};")
    return value


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
