"""What the preview's page shows of a proof: plain values for its template."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newsletter.findings import Finding
from newsletter.message import RenderedEmail
from newsletter.web.preview.desk import Proof, Trouble

# In the order of their keys, 1 to 6: what each is called, and the frame it shows the email in.
VIEWS: Mapping[str, tuple[str, str]] = {
    "desktop": ("Desktop", "light"),
    "phone": ("Phone", "light"),
    "dark": ("Dark", "dark"),
    "bare": ("Pictures off", "bare"),
    "text": ("Plain text", ""),
    "source": ("Source", ""),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A finding as the page shows it; `line` is 0 where it stands in no line of the post.

    `code` is empty for what keeps the post from being rendered.
    """

    severity: str
    code: str
    message: str
    mend: str
    place: str
    line: int


def sheet(post: Path, proof: Proof, view: str) -> dict[str, Any]:
    """Return the values of the page for a proof; `view` is what was asked for, if anything.

    A view that is none is the first one; of a post that never was rendered, the source.
    """
    email = proof.email
    if view not in VIEWS:
        view = "desktop" if email else "source"
    rows = [row(finding, post) for finding in proof.findings]
    trouble = row(proof.trouble, post) if proof.trouble else None
    noted = [*([trouble] if trouble else []), *rows]
    return {
        "file": near(post),
        "view": view,
        "views": [(name, label, frame) for name, (label, frame) in VIEWS.items()],
        "frame": VIEWS[view][1] or "light",
        "proof": proof.name,
        "edition": proof.edition,
        "email": email,
        "facts": facts(email) if email else (),
        "trouble": trouble,
        "findings": rows,
        "lines": [
            (number, text, [one for one in noted if one.line == number])
            for number, text in enumerate(proof.lines, 1)
        ],
    }


def row(found: Finding | Trouble, post: Path) -> Row:
    """Return a finding as the page shows it, its place as near as it can be said."""
    line = found.line or 0
    if found.path is not None and found.path.resolve() == post.resolve():
        place, jump = (f"line {line}" if line else ""), line
    else:
        named = near(found.path) if found.path else ""
        place, jump = (f"{named}:{line}" if named and line else named), 0
    severity, code = "error", ""
    if isinstance(found, Finding):
        severity, code = found.severity.value, found.code
    return Row(severity, code, found.message, found.mend, place, jump)


def near(path: Path) -> str:
    """Return a path as a person in the working folder would write it."""
    with suppress(ValueError):
        return str(path.resolve().relative_to(Path.cwd()))
    return str(path)


def facts(email: RenderedEmail) -> Sequence[str]:
    """Return the email's sizes in words."""
    pictures = sum(len(asset.data) for asset in email.assets)
    return (
        f"HTML {kilobytes(len(email.html.encode()))}",
        f"text {kilobytes(len(email.text.encode()))}",
        f"{counted(len(email.assets), 'picture')} {kilobytes(pictures)}".strip()
        if email.assets
        else "no pictures",
        counted(len(email.links), "link"),
    )


def kilobytes(size: int) -> str:
    """Return a size in KB of 1,024 bytes, as Gmail's limit is told."""
    return f"{max(1, round(size / 1024)):,}\u00a0KB"


def counted(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number:,}\u00a0{noun}{'' if number == 1 else 's'}"
