"""What a check looks at: one post as it would leave."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from newsletter.digest.model import Digest
from newsletter.digest.text_file import read_text_file, text_file
from newsletter.findings import KINDS, Finding
from newsletter.message import Masthead, RenderedEmail
from newsletter.preflight.written import Piece, Written, read_written


@dataclass(frozen=True)
class Checked:
    """One post as it would leave: `masthead` is None when no List was named.

    `key` is the issue's, `public_url` the base of our own addresses in the mail, `templates` the
    folder of a project's own, `uncounting` the provider's name where it is known to count nothing.
    """

    digest: Digest
    email: RenderedEmail
    masthead: Masthead | None
    now: datetime
    key: str = "sample"
    public_url: str = "https://newsletter.example"
    templates: Path | None = None
    uncounting: str = ""

    @cached_property
    def written(self) -> Written:
        """What the author wrote, each piece with its line."""
        return read_written(self.digest)

    @cached_property
    def text_file(self) -> Piece | None:
        """The text that the author wrote beside the post, if there is one."""
        own = read_text_file(self.digest.path)
        return None if own is None else Piece(own, 1, text_file(self.digest.path))

    def finding(
        self,
        code: str,
        message: str,
        mend: str = "",
        line: int | None = None,
        path: Path | None = None,
    ) -> Finding:
        """Return a finding about the post, or a file beside it; it has its kind's mend or this."""
        return Finding(code, message, mend or KINDS[code].mend, path or self.digest.path, line)


Check = Callable[[Checked], Iterable[Finding]]
