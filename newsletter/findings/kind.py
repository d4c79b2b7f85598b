"""What is always true of a finding's kind: how much it matters, what it means, what helps."""

from dataclasses import dataclass
from enum import StrEnum


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
