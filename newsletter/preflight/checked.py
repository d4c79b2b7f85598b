"""What a check looks at: one post as it would leave."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from newsletter.digest.model import Digest
from newsletter.findings import KINDS, Finding
from newsletter.message import Masthead, RenderedEmail
from newsletter.preflight.written import Written, read_written


@dataclass(frozen=True)
class Checked:
    """One post as it would leave: `masthead` is None when no List was named.

    `key` is the issue's, `public_url` the base of our own addresses in the mail, `templates` the
    folder of a project's own.
    """

    digest: Digest
    email: RenderedEmail
    masthead: Masthead | None
    now: datetime
    key: str = "sample"
    public_url: str = "https://newsletter.example"
    templates: Path | None = None

    @cached_property
    def written(self) -> Written:
        """What the author wrote, each piece with its line."""
        return read_written(self.digest)

    def finding(self, code: str, message: str, mend: str = "", line: int | None = None) -> Finding:
        """Return a finding about the post; without a mend it has the one of its kind."""
        return Finding(code, message, mend or KINDS[code].mend, self.digest.path, line)


Check = Callable[[Checked], Iterable[Finding]]
