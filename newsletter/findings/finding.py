"""One thing worth knowing before an issue leaves."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from newsletter.findings.kind import Severity
from newsletter.findings.register import KINDS


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing worth knowing before the issue leaves; `line` counts from 1 in the file.

    Its severity is that of its code, wherever it is raised, and so is its mend unless it has one.
    """

    code: str
    message: str
    mend: str = ""
    path: Path | None = None
    line: int | None = None

    def __post_init__(self) -> None:
        """Take what helps against every finding of its code, where that is not well."""
        if not self.mend and self.severity is not Severity.INFO:
            object.__setattr__(self, "mend", KINDS[self.code].mend)

    @property
    def severity(self) -> Severity:
        """How much it matters."""
        return KINDS[self.code].severity

    @property
    def place(self) -> str:
        """The place as `file:line`, as `file`, or empty."""
        if self.path is None:
            return ""
        return str(self.path) if self.line is None else f"{self.path}:{self.line}"


def errors(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings that stop a send."""
    return tuple(finding for finding in findings if finding.severity is Severity.ERROR)
