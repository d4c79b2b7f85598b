"""What a mail of the inbox is, and what it says (RFC 3464, RFC 5965, RFC 3834)."""

import base64
import email
import email.header
import random

import pytest

from newsletter.bounces import Kind, Reading, read
from newsletter.message import Cause, EventType
from newsletter.providers.return_path import ReturnPath
from tests.newsletter.bounces.corpus import LINKS, NAMES, PATH, mail

BOUNCED, DEFERRED, DELIVERED = EventType.BOUNCED, EventType.DEFERRED, EventType.DELIVERED
COMPLAINED, LEFT = EventType.COMPLAINED, EventType.UNSUBSCRIBED

REPORTS = {
    "alias-half": (DELIVERED, Cause.NONE),
    "arf-aol": (COMPLAINED, Cause.NONE),
    "arf-opt-out": (LEFT, Cause.NONE),
    "arf-outlook": (COMPLAINED, Cause.NONE),
    "arf-yahoo": (COMPLAINED, Cause.NONE),
    "exchange-not-found": (BOUNCED, Cause.ADDRESS),
    "exchange-old-html": (BOUNCED, Cause.ADDRESS),
    "exim-dsn": (BOUNCED, Cause.ADDRESS),
    "exim-old": (BOUNCED, Cause.MAILBOX),
    "exim-old-delay": (DEFERRED, Cause.NONE),
    "gmail-delay": (DEFERRED, Cause.NONE),
    "gmail-full": (BOUNCED, Cause.MAILBOX),
    "gmail-unknown": (BOUNCED, Cause.ADDRESS),
    "m365-blocked": (BOUNCED, Cause.BLOCK),
    "m365-full": (BOUNCED, Cause.MAILBOX),
    "m365-not-found": (BOUNCED, Cause.ADDRESS),
    "m365-timeout": (BOUNCED, Cause.UNCLEAR),
    "no-diagnosis": (BOUNCED, Cause.MAILBOX),
    "outlook-junk": (COMPLAINED, Cause.NONE),
    "postfix-delayed": (DEFERRED, Cause.NONE),
    "postfix-delivered": (DELIVERED, Cause.NONE),
    "postfix-expired": (BOUNCED, Cause.UNCLEAR),
    "postfix-full": (BOUNCED, Cause.MAILBOX),
    "postfix-no-host": (BOUNCED, Cause.ADDRESS),
    "postfix-policy": (BOUNCED, Cause.BLOCK),
    "postfix-unknown": (BOUNCED, Cause.ADDRESS),
    "postfix-utf8": (BOUNCED, Cause.ADDRESS),
    "postfix-verp-only": (BOUNCED, Cause.ADDRESS),
    "provider-policy": (BOUNCED, Cause.BLOCK),
    "qmail-gave-up": (BOUNCED, Cause.UNCLEAR),
    "qmail-unknown": (BOUNCED, Cause.ADDRESS),
    "sendmail": (BOUNCED, Cause.ADDRESS),
    "yahoo-no-account": (BOUNCED, Cause.ADDRESS),
}
OTHERS = {
    "arf-not-spam": Kind.AUTOMATIC,
    "away-german": Kind.AUTOMATIC,
    "away-outlook": Kind.AUTOMATIC,
    "away-vacation": Kind.AUTOMATIC,
    "goodbye": Kind.GOODBYE,
    "person-replies": Kind.OTHER,
    "read-receipt": Kind.AUTOMATIC,
}


def test_every_mail_of_the_corpus_has_its_meaning_here() -> None:
    assert set(NAMES) == REPORTS.keys() | OTHERS.keys()


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_says_what_became_of_whose_mail(name: str) -> None:
    """# WH-9: a full mailbox and a policy are told from an address that nobody has."""
    kind, event, _ = read(mail(name), LINKS, PATH)
    assert kind is Kind.REPORT
    assert event
    assert (event.type, event.cause) == REPORTS[name]
    assert LINKS.unseal_delivery(event.token) == (1, 1)
    assert event.source == "inbox"


def test_what_our_own_subject_says_is_not_the_servers_word() -> None:
    raw = mail("exchange-old-html").replace(b"Nine stories", b"The bridge is delayed")
    event = read(raw, LINKS, PATH).event
    assert event is not None
    assert (event.type, event.cause) == (BOUNCED, Cause.ADDRESS)


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_report_is_told_from_one(name: str) -> None:
    kind, event, _ = read(mail(name), LINKS, PATH)
    assert kind is OTHERS[name]
    assert (event is not None) == (kind is Kind.GOODBYE)


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_that_names_no_mail_of_ours_is_for_people_to_read(name: str) -> None:
    """Whoever makes one up for somebody else does not know the token of their mail."""
    forged = mail(name, token="AAAAAAAAAAAAAAAAAAAAAA")
    assert read(forged, LINKS, PATH) == Reading(Kind.OTHER)


def test_a_goodbye_counts_by_its_token_and_not_by_whom_it_is_from() -> None:
    """# U-5"""
    event = read(mail("goodbye"), LINKS, PATH).event
    assert event
    assert (event.type, event.source) == (LEFT, "mailto")
    assert LINKS.unseal_delivery(event.token) == (1, 1)
    forged = mail("goodbye").replace(b"unsubscribe ", b"unsubscribe A")
    assert read(forged, LINKS, PATH) == Reading(Kind.OTHER)
    test = mail("goodbye", person=0)
    assert read(test, LINKS, PATH) == Reading(Kind.OTHER)


def test_a_goodbye_counts_whose_subject_a_program_encoded() -> None:
    """RFC 2047: some programs do so with any subject, in as many words as they like."""
    raw = mail("goodbye")
    subject = email.message_from_bytes(raw)["subject"].encode()
    words = (base64.b64encode(part).decode() for part in (subject[:20], subject[20:]))
    in_base64 = "\n ".join(f"=?UTF-8?B?{word}?=" for word in words)
    for encoded in (in_base64, email.header.Header(subject, "utf-8").encode()):
        kind, event, _ = read(raw.replace(subject, encoded.encode()), LINKS)
        assert kind is Kind.GOODBYE
        assert event
        assert LINKS.unseal_delivery(event.token) == (1, 1)


def test_an_answer_from_who_is_away_is_one_in_an_encoded_subject() -> None:
    raw = mail("person-replies")
    subject = email.message_from_bytes(raw)["subject"].encode()
    away = email.header.Header("Réponse automatique : absente", "utf-8").encode().encode()
    assert read(raw.replace(subject, away), LINKS).kind is Kind.AUTOMATIC
    broken = b"=?no-such-charset?b?%%%?= =?utf-8?b?A?="
    assert read(raw.replace(subject, broken), LINKS).kind is Kind.OTHER


def test_a_server_of_another_tongue_is_understood_by_its_status_code() -> None:
    raw = (
        "From: MAILER-DAEMON@quay.example\nTo: {}\nSubject: Unzustellbar: Neun Themen\n\n"
        "Ihre Nachricht kam zurück.\n  <ada@quay.example>: 550 {} unbekannt\n"
    )
    told = {
        code: read(raw.format(PATH.of(LINKS.seal_delivery(1, 1)), code).encode(), LINKS, PATH)
        for code in ("5.1.1", "5.7.1", "2.0.0", "am Montag")
    }
    assert told["5.1.1"].event
    assert told["5.1.1"].event.cause is Cause.ADDRESS
    assert told["5.7.1"].event
    assert told["5.7.1"].event.cause is Cause.BLOCK
    assert {told["2.0.0"].kind, told["am Montag"].kind} == {Kind.OTHER}


def test_no_address_stands_in_what_is_kept() -> None:
    for name in REPORTS:
        event = read(mail(name), LINKS, PATH).event
        assert event
        assert "@" not in event.detail
        assert event.detail.isprintable()


def test_the_same_mail_is_the_same_event_however_its_lines_end() -> None:
    plain = mail("postfix-unknown")
    assert read(plain, LINKS) == read(plain.replace(b"\n", b"\r\n"), LINKS)


def test_a_bounce_without_the_mail_is_found_by_the_address_that_it_came_to() -> None:
    """RFC 3461's VERP: some servers return nothing of what they refuse."""
    lowered = mail("postfix-verp-only").lower()
    assert read(lowered, LINKS, PATH).kind is Kind.REPORT
    assert read(lowered, LINKS, ReturnPath("bounces@ledger.example")).kind is Kind.OTHER
    assert read(lowered, LINKS).kind is Kind.OTHER


def in_base64(raw: bytes, boundary: bytes) -> bytes:
    """Return a mail whose reports and copies a gateway wrote in base64, which no RFC allows."""
    end = b"\n--" + boundary + b"--"
    head, *parts = raw.partition(end)[0].split(b"\n--" + boundary + b"\n")
    for at, part in enumerate(parts):
        fields, _, body = part.partition(b"\n\n")
        if fields.lower().startswith(b"content-type: message/"):
            fields += b"\nContent-Transfer-Encoding: base64"
            parts[at] = fields + b"\n\n" + base64.encodebytes(body)
    return (b"\n--" + boundary + b"\n").join([head, *parts]) + end + b"\n"


@pytest.mark.parametrize(
    ("name", "boundary"), [("arf-yahoo", b"=_arf"), ("postfix-unknown", b"=_bounce")]
)
def test_a_report_whose_parts_a_gateway_wrote_in_base64_is_read_all_the_same(
    name: str, boundary: bytes
) -> None:
    """A complaint that nobody could read would be put away as an automatic reply."""
    raw = in_base64(mail(name), boundary)
    assert b"Message-ID: <" not in raw.partition(boundary)[2]
    kind, event, _ = read(raw, LINKS)
    assert kind is Kind.REPORT
    assert event
    assert (event.type, event.cause) == REPORTS[name]
    assert LINKS.unseal_delivery(event.token) == (1, 1)


def mangled(chance: random.Random) -> bytes:
    """Return a mail of the corpus with parts of others in it, bytes lost and bytes changed."""
    raw = bytearray(mail(chance.choice(NAMES)))
    other = mail(chance.choice(NAMES))
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(raw))
        match chance.randrange(4):
            case 0:
                del raw[at : at + chance.randrange(200)]
            case 1:
                begin = chance.randrange(len(other))
                raw[at:at] = other[begin : begin + chance.randrange(300)]
            case 2:
                raw[at : at + 1] = chance.randbytes(chance.randrange(4))
            case _:
                raw[at:at] = chance.choice(NASTY)
    return bytes(raw)


NASTY = (
    b"Content-Type: multipart/mixed; boundary*" + b"9" * 5000 + b"=x\n",
    b"\nContent-Type: text/plain; charset=no-such-thing\n",
    b"\nContent-Transfer-Encoding: base64\n\n===\n",
    b"\nContent-Transfer-Encoding: uuencode\n",
    b"\nContent-Type: message/delivery-status\n\n",
    b"\nContent-Type: multipart/report; boundary=\n",
    b"\nDate: Tue, 99 Foo 99999 99:99:99 +9999\n",
    b"\nSubject: =?utf-8?b?????=\n",
    b"\0\xff\xfe",
    b"\r",
)


@pytest.mark.parametrize("seed", range(20))
def test_whatever_a_mail_holds_reading_it_ends(seed: int) -> None:
    """T12: what nobody can read is for people, and nothing stops the others."""
    chance = random.Random(seed)  # noqa: S311 (no secret)
    for _ in range(15):
        assert isinstance(read(mangled(chance), LINKS, PATH).kind, Kind)


def test_a_mail_that_breaks_a_detector_of_old_formats_is_no_traceback_to_anybody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    for raw in (b"", b"Subject: no sender\r\n\r\nWords.\r\n", b"\xff\xfe\x00"):
        assert read(raw, LINKS).kind is Kind.OTHER
    assert caplog.records == []


def test_a_nest_of_hundreds_of_parts_is_left_for_people() -> None:
    nest = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(400)
    )
    assert read(nest, LINKS).kind is Kind.OTHER
