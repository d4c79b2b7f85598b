"""What a check looks at, and the walk through the registry."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from newsletter.digest.model import Digest
from newsletter.findings import Finding, Severity
from newsletter.message import Masthead, RenderedEmail


@dataclass(frozen=True, slots=True)
class Checked:
    """One post as it would leave: `masthead` is None when no List was named."""

    digest: Digest
    email: RenderedEmail
    masthead: Masthead | None
    now: datetime

    def finding(self, code: str, severity: Severity, message: str, mend: str) -> Finding:
        """Return a finding about the post as a whole."""
        return Finding(code, severity, message, mend, path=self.digest.path)


Check = Callable[[Checked], Iterable[Finding]]


def check(checked: Checked, checks: Sequence[Check]) -> Iterator[Finding]:
    """Run the checks in their order and yield what they find."""
    for one in checks:
        yield from one(checked)
