"""What `doctor` looks at: the house's own health, each thing a finding."""

import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

from sqlalchemy import func, select

from newsletter.app import App
from newsletter.bounces import open_inbox
from newsletter.compose.headers import domain
from newsletter.errors import (
    InboxAway,
    ProviderError,
    ProviderMisused,
    RenderError,
    SettingsError,
    Unmailable,
)
from newsletter.findings import Finding
from newsletter.issues import provider_counts
from newsletter.message import EventType, Mailbox
from newsletter.models import EventPost, StoredEvent
from newsletter.providers.signing import Signers
from newsletter.publishing import SAMPLE, masthead_of
from newsletter.render.letters import KINDS, render_letter
from newsletter.render.templates import template_set
from newsletter.sender_domains import SENDGRID_SELECTORS, Dns, Sending, check_domain, upwards
from newsletter.worker.seen import worker_alive
from subscribers import store
from subscribers.database import now

FIXED_EMAIL = (3, 12, 5)


def examine(
    app: App, *, python: tuple[int, int, int] = sys.version_info[:3], dns: Dns | None = None
) -> Iterator[Finding]:
    """Yield what is well (info) and what is not (warning, error).

    `python` runs all this; `dns` is asked for the senders' domains, by default this machine's.
    """
    yield Finding("database", f"database: {app.database.engine.dialect.name}, up to date")
    if app.database.is_pooled:
        yield Finding(
            "pooler",
            "PostgreSQL is reached through a pooler: statements are not prepared, and a fleet "
            "looks for work each second instead of being woken",
        )
    yield from _lists(app)
    yield from _templates(app)
    yield from check_public_url(app)
    yield from _provider(app)
    yield from _domains(app, dns or Dns())
    yield from _inbox(app)
    yield from _posts(app)
    with app.database.read() as session:
        if not worker_alive(app, session, now()):
            yield Finding(
                "no-worker",
                "no worker is alive: what is scheduled waits",
                "newsletter worker, newsletter serve, or send --wait",
            )
    if python < FIXED_EMAIL:
        yield Finding(
            "python-email",
            "this Python's email package has CVE-2024-6923; our composer does not fold with it",
            "Python 3.12.5 or newer has the fix",
        )


def _lists(app: App) -> Iterator[Finding]:
    with app.database.read() as session:
        rows = store.lists(session)
        if not rows:
            yield Finding("no-list", "there is no list yet", "newsletter lists add")
        for row in rows:
            if not row.postal_address:
                yield Finding(
                    "no-postal-address",
                    f"the list {row.slug} has no postal address",
                    f"newsletter lists edit {row.slug} --postal …",
                )
            if not row.privacy_url:
                yield Finding(
                    "no-privacy-notice",
                    f"the list {row.slug} names no privacy notice",
                    f"newsletter lists edit {row.slug} --privacy-url https://…",
                )
            if provider_counts(row) and not app.provider.counts:
                yield Finding(
                    "provider-counts-nothing",
                    f"the list {row.slug} leaves clicks and opens to its provider, and "
                    f"{app.provider.name} counts none",
                    f"set PROVIDER=sendgrid, or newsletter lists edit {row.slug} --counted-by own",
                )


def _templates(app: App) -> Iterator[Finding]:
    folder = app.settings.templates
    if folder is None:
        return
    with app.database.read() as session:
        mastheads = [masthead_of(row) for row in store.lists(session)] or [SAMPLE]
    try:
        for masthead in mastheads:
            for kind in KINDS:
                render_letter(kind, masthead, templates=folder)
            template_set(folder).check_words(masthead.language)
    except RenderError as error:
        yield Finding("template-broken", f"template: {error}", error.mend)
    else:
        yield Finding("templates", f"templates of your own: {folder}")


def check_public_url(app: App) -> Iterator[Finding]:
    """Yield what mail programs would hold against our links."""
    url = urlsplit(app.settings.public_url)
    if url.scheme == "https":
        return
    told = f"PUBLIC_URL is {app.settings.public_url}; one-click unsubscribe wants https (RFC 8058)"
    mend = "set PUBLIC_URL to the https address of newsletter serve"
    if app.settings.provider == "outbox":
        yield Finding("public-url-local", told, mend)
    else:
        yield Finding("public-url-http", told, mend)


def _provider(app: App) -> Iterator[Finding]:
    with app.database.read() as session:
        boxes = {Mailbox(row.sender_address, row.sender_name) for row in store.lists(session)}
    senders: list[Mailbox | None] = [*sorted(boxes, key=lambda box: box.address)] or [None]
    for sender in senders:
        try:
            app.provider.check(sender)
        except (ProviderError, Unmailable) as error:
            of = f" (from {sender.address})" if sender else ""
            yield Finding("provider-away", f"provider{of}: {error}", error.mend)
            return
    yield Finding("provider-answers", f"provider: {app.provider.name} answers")


def _domains(app: App, dns: Dns) -> Iterator[Finding]:
    if app.settings.provider == "outbox":
        return
    with app.database.read() as session:
        addresses = {row.sender_address for row in store.lists(session)}
    names = {domain(address.rpartition("@")[2]).lower(): address for address in sorted(addresses)}
    for name, address in names.items():
        yield from check_domain(_sending(app, name, address), dns)


def _sending(app: App, name: str, address: str) -> Sending:
    if app.settings.provider == "sendgrid":
        # Its envelope's domain is its own; it signs for the sender's or for one above.
        signers = (
            (above, selector, b"") for above in upwards(name) for selector in SENDGRID_SELECTORS
        )
        return Sending(name, "", tuple(signers))
    bounces = app.settings.inbox_address.rpartition("@")[2].lower() or name
    try:
        own = Signers(app.settings.dkim).of(address)
    except ProviderMisused:
        # The provider's own look has said so.
        own = None
    return Sending(name, bounces, ((own.domain, own.selector, own.public),) if own else ())


def _inbox(app: App) -> Iterator[Finding]:
    url = app.settings.inbox_url.get_secret_value()
    if not url:
        if app.settings.provider == "smtp":
            yield Finding(
                "bounces-unheard",
                "INBOX_URL is empty: bounces and complaints come by mail, and nobody hears of them",
                "give them a mailbox: docs/bounces-and-complaints.md",
            )
        return
    try:
        with open_inbox(url) as inbox:
            waiting = len(inbox.names())
    except (InboxAway, SettingsError) as error:
        yield Finding("inbox-away", f"inbox: {error}", error.mend)
    else:
        yield Finding(
            "inbox-answers",
            f"inbox: it can be read, and holds {waiting} {'mail' if waiting == 1 else 'mails'}",
        )


def _posts(app: App) -> Iterator[Finding]:
    if app.settings.provider == "sendgrid" and not app.settings.sendgrid_webhook_keys:
        yield Finding(
            "events-unheard",
            "SENDGRID_WEBHOOK_KEYS is empty: what SendGrid reports of mails is not heard",
            "its signed Event Webhook goes to PUBLIC_URL/webhooks/sendgrid",
        )
    unread = EventPost.error != ""
    newest = select(EventPost.error).where(unread).order_by(EventPost.id.desc()).limit(1)
    unknown = StoredEvent.type == EventType.UNKNOWN
    last = select(StoredEvent.detail).where(unknown).order_by(StoredEvent.id.desc()).limit(1)
    with app.database.read() as session:
        why = session.scalar(newest)
        number = session.scalar(select(func.count()).select_from(EventPost).where(unread))
        odd = session.scalar(select(func.count()).select_from(StoredEvent).where(unknown))
        words = session.scalar(last) or "no kind at all"
    if why:
        yield Finding(
            "events-unread",
            f"{number} posts of events could not be read; the last one: {why}",
            "tell us why; they are kept in the table event_post for 90 days",
        )
    if odd:
        yield Finding("events-unknown", f"{odd:,} reports of unknown kinds; the last: {words[:60]}")
