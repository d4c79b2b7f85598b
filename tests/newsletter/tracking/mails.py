"""A mail with every kind of slot."""

from newsletter.keys import KeyRing
from newsletter.links import Links
from newsletter.message import Link, Mailbox, RenderedEmail
from newsletter.slots import hole, slot

LINKS = Links("https://news.example.org", KeyRing(["k" * 32]))
URL = "https://site.example/a?b=1&c='2'"
EVERY = ("link/1", "archive", "subscribe", "unsubscribe", "preferences", "letter")


def mail() -> RenderedEmail:
    names = (*EVERY, "asset/ab12.png")
    return RenderedEmail(
        sender=Mailbox("editors@ledger.example"),
        subject="For you",
        personal_subject=f"For {hole('name', 'you')}",
        html="".join(f'<a href="{slot(name)}">{name}</a>' for name in names),
        text="".join(f"{name} {slot(name)}\n" for name in names),
        headers=(("List-Archive", f"<{slot('archive')}>"),),
        links=(Link(1, URL, "here", 1),),
    )


def leads(email: RenderedEmail) -> dict[str, str]:
    return dict(line.split(" ", 1) for line in email.text.splitlines())
