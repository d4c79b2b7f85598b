"""RULES H-1…H-6, RFC 2047: what a person typed never adds, breaks or hides a header."""

import email.header
import email.utils
import re
from email import message_from_bytes, policy

import pytest
from hypothesis import given

from newsletter.compose import Composer, headers
from newsletter.errors import Unmailable
from newsletter.message import Mailbox
from newsletter.slots import hole
from tests.newsletter import mime_reader
from tests.newsletter.compose.mails import TOKEN, composed, envelope, mail, typed


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


@pytest.mark.parametrize("bad", ["\r", "\n", "\u2028", "\x85", "\u00a0", "\ud800", "<", ">", ","])
def test_no_letter_before_the_at_breaks_a_header_where_letters_beyond_ascii_are_taken(
    bad: str,
) -> None:
    """H-4, H-5."""
    good = headers.mailbox("To", "åsa@bücher.example", "Åsa", smtputf8=True)
    assert good.endswith("<åsa@xn--bcher-kva.example>\r\n".encode())
    with pytest.raises(Unmailable):
        headers.mailbox("To", f"å{bad}sa@x.example", "Åsa", smtputf8=True)
    with pytest.raises(Unmailable):
        headers.mailbox("To", f"{'å' * 130}@x.example", "", smtputf8=True)
