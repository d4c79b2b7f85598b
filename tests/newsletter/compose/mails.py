"""What the tests of composing share: a mail, an envelope, and what anybody may type."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from newsletter.compose import Composer
from newsletter.message import Envelope, Mailbox, RenderedEmail
from newsletter.slots import hole

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
            hole("first_name", "\u00fc &amp;"),
            f"{hole('first_name', 'x' * 80)}.",
            f"{hole('email')} ",
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
