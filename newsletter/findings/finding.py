"""One thing worth knowing before an issue leaves, and what is always true of its kind."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Severity(StrEnum):
    """How much a finding matters: an error stops a send, a warning does not, an info tells."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Kind:
    """What is the same for all findings of one code.

    `title` is a few words, `meaning` says why it matters, `mend` what helps wherever it stands.
    """

    code: str
    severity: Severity
    title: str
    meaning: str
    mend: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing worth knowing before the issue leaves; `line` counts from 1 in the file."""

    code: str
    severity: Severity
    message: str
    mend: str = ""
    path: Path | None = None
    line: int | None = None

    @property
    def place(self) -> str:
        """The place as `file:line`, as `file`, or empty."""
        if self.path is None:
            return ""
        return str(self.path) if self.line is None else f"{self.path}:{self.line}"


def errors(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings that stop a send."""
    return tuple(finding for finding in findings if finding.severity is Severity.ERROR)
