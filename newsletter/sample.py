"""A post as files: what `render` writes, to look at before any account exists."""

import secrets
from datetime import UTC, datetime
from pathlib import Path

from newsletter import tracking
from newsletter.compose import Composer
from newsletter.errors import NewsletterError
from newsletter.keys import KeyRing
from newsletter.links import Links
from newsletter.message import Envelope
from newsletter.publishing import SAMPLE, Publication

PICTURES = "m"


def write_sample(seen: Publication, folder: Path, *, public_url: str) -> tuple[Path, ...]:
    """Write email.html, email.txt, email.eml and the pictures; return the three files.

    Links are the author's own, values are neutral, there is no pixel. Raises NewsletterError
    when the folder is a file.
    """
    if folder.exists() and not folder.is_dir():
        raise NewsletterError(f"{folder} is a file", "name a folder with --out")
    local = tracking.sample(
        seen.email,
        _links(public_url),
        list_slug=SAMPLE.slug,
        key=seen.key,
        asset=lambda name: f"m/{name}",
    )
    message = sample_message(seen, public_url=public_url, date=_date(seen) or datetime.now(UTC))
    (folder / PICTURES).mkdir(parents=True, exist_ok=True)
    for asset in seen.email.assets:
        (folder / PICTURES / asset.name).write_bytes(asset.data)
    files = tuple(folder / name for name in ("email.html", "email.txt", "email.eml"))
    for file, content in zip(
        files, (local.html.encode(), local.text.encode(), message), strict=True
    ):
        file.write_bytes(content)
    return files


def sample_message(seen: Publication, *, public_url: str, date: datetime) -> bytes:
    """Return the whole message as a reader who is nobody would get it, dated `date`."""
    served = tracking.sample(
        seen.email, _links(public_url), list_slug=SAMPLE.slug, key=seen.key, as_mail=True
    )
    envelope = Envelope(address="reader@newsletter.example", name="A Reader", token="sample")
    return Composer(served, domain="newsletter.example").message(envelope, date=date)


def _links(public_url: str) -> Links:
    # The sample's addresses are never signed, so any key does.
    return Links(public_url, KeyRing([secrets.token_urlsafe(32)]))


def _date(seen: Publication) -> datetime | None:
    written = seen.digest.date
    if written is None:
        return None
    if isinstance(written, datetime):
        return written if written.tzinfo else written.replace(tzinfo=UTC)
    return datetime(written.year, written.month, written.day, tzinfo=UTC)
