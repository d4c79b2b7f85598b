"""The desk: the newest proof of a post, pulled again whenever something it is made of was saved."""

import hashlib
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from newsletter import tracking
from newsletter.digest.post_file import LARGEST, find_post
from newsletter.errors import NewsletterError, PostError
from newsletter.findings import Finding, Severity
from newsletter.keys import KeyRing
from newsletter.links import Links
from newsletter.message import RenderedEmail
from newsletter.publishing import SAMPLE, Publication
from newsletter.render.templates import reread
from newsletter.web.preview.inbox import with_change
from newsletter.web.preview.watch import Stamps, saved, settled, template_folders, watched
from subscribers.errors import SubscriberError


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a post cannot be rendered as it stands, in sentences; `line` counts from 1."""

    message: str
    mend: str = ""
    path: Path | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """A post as it stands: its last good rendering, and what keeps the newest text from one.

    `name` is the hash of all that is shown. `lines` are those of the file, also of one that cannot
    be read as a post. `email` has the author's own links and neutral values; `html` is its HTML
    with the id `changed` where it differs from the rendering before.
    """

    name: str
    lines: tuple[str, ...]
    publication: Publication | None = None
    email: RenderedEmail | None = None
    html: str = ""
    trouble: Trouble | None = None

    @property
    def edition(self) -> str:
        """The hash of the email as it is framed; empty while there is none."""
        return _hash(self.html) if self.html else ""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found, the worst first, then by line."""
        order = list(Severity)
        found = self.publication.findings if self.publication else ()
        return tuple(
            sorted(found, key=lambda one: (order.index(one.severity), one.line or 0, one.code))
        )


class Desk:
    """Looks at one post for as long as somebody wants to see it; writes nothing."""

    def __init__(
        self,
        post: Path,
        publish: Callable[[], Publication],
        *,
        public_url: str,
        templates: Path | None = None,
    ) -> None:
        """Take the post, how it is published, where our own links lead, a project's templates.

        Raises PostError when there is no such post.
        """
        self.post = find_post(post)
        self._publish = publish
        self._templates = templates
        # A sample's addresses are never signed, so any key does.
        self._links = Links(public_url, KeyRing([secrets.token_urlsafe(32)]))
        self._lock = threading.Lock()
        self._stamps: Stamps = {}
        self._proof: Proof | None = None
        self._closed = threading.Event()

    @property
    def closed(self) -> bool:
        """Whether nobody needs to wait for another proof."""
        return self._closed.is_set()

    def close(self) -> None:
        """Let everybody go who waits for another proof."""
        self._closed.set()

    def look(self) -> Proof:
        """Return the newest proof; a new one is pulled only when something was saved."""
        with self._lock:
            known = self._proof
            digest = known.publication.digest if known and known.publication else None
            found = settled(watched(self.post, digest, self._templates), self._stamps)
            changed = saved(self._stamps, found)
            if known is not None and not changed:
                return known
            folders = template_folders(self._templates)
            if any(path.is_relative_to(folder) for path in changed for folder in folders):
                reread()
            self._stamps = found
            self._proof = self._pull(known)
            return self._proof

    def _pull(self, known: Proof | None) -> Proof:
        proof = known or Proof("", ())
        proof = replace(proof, lines=_lines(self.post), trouble=None)
        try:
            publication = self._publish()
            email = self._seen(publication)
        except (NewsletterError, SubscriberError, OSError) as error:
            return _named(replace(proof, trouble=_trouble(error)))
        proof = _named(replace(proof, publication=publication, email=email))
        if known is not None and known.name == proof.name:
            return known
        before = known.email.html if known and known.email else email.html
        return replace(proof, html=with_change(before, email.html))

    def _seen(self, publication: Publication) -> RenderedEmail:
        return tracking.sample(
            publication.email,
            self._links,
            list_slug=SAMPLE.slug,
            key=publication.key,
            asset=lambda name: f"/pictures/{name}",
        )


def _lines(file: Path) -> tuple[str, ...]:
    try:
        data = file.read_bytes() if file.stat().st_size <= LARGEST else b""
    except OSError:
        return ()
    # As the reader counts them: str.splitlines would also part at a form feed.
    text = data.decode("utf-8", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    return tuple(text.removeprefix("\ufeff").removesuffix("\n").split("\n"))


def _trouble(error: NewsletterError | SubscriberError | OSError) -> Trouble:
    if isinstance(error, OSError):
        return Trouble(f"{error.filename or 'system'}: {error.strerror or error}.")
    place = (error.path, error.line) if isinstance(error, PostError) else (None, None)
    return Trouble(_sentence(str(error.args[0])), _sentence(error.mend), *place)


def _sentence(words: str) -> str:
    # A file's name keeps its letters.
    begins = words[:1].upper() if words.partition(" ")[0].isalpha() else words[:1]
    return f"{begins}{words[1:].rstrip('.')}." if words else ""


def _named(proof: Proof) -> Proof:
    # The pictures' names are hashes, and their bytes stand in no repr.
    shown = (proof.lines, proof.email, proof.findings, proof.trouble)
    return replace(proof, name=_hash(repr(shown)))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
