"""The album of an issue: which pictures it shows, where they will be fetched, how large."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from newsletter.digest.model import Image
from newsletter.findings import Finding, Severity
from newsletter.message import Asset, slot
from newsletter.render.images import Sized, Unshowable, mail_sized

# A picture taller than this many times its width is shown narrower.
TALLEST = 1.25
PHONE_WIDTH = 350


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture as it stands in the mail; sizes are CSS pixels, `height` None when unknown."""

    src: str
    width: int
    height: int | None = None

    @property
    def wide(self) -> bool:
        """Whether it may fill the width of a phone."""
        return self.height is None or self.height <= self.width * TALLEST


class Album:
    """Collects the assets and findings of an issue's pictures."""

    def __init__(self, post: Path, *, served_by: str) -> None:
        """Take the post's path, for findings, and who serves pictures: `service` or `site`."""
        self._post = post
        self._served_by = served_by
        self._assets: dict[str, Asset] = {}
        self._addresses: dict[str, str] = {}
        self._findings: dict[tuple[str, str], Finding] = {}

    @property
    def assets(self) -> tuple[Asset, ...]:
        """The pictures we serve, each once."""
        return tuple(self._assets.values())

    @property
    def addresses(self) -> dict[str, str]:
        """Where each picture shown is fetched, by the `src` that the author wrote."""
        return dict(self._addresses)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found about pictures, each once."""
        return tuple(self._findings.values())

    def show(self, image: Image, box: int) -> Shown | None:
        """Return the picture for a box of this many CSS pixels; None when it cannot be shown."""
        shown = self._shown(image, box)
        if shown is not None:
            self._addresses.setdefault(image.src, shown.src)
        return shown

    def _shown(self, image: Image, box: int) -> Shown | None:
        if image.path is None or not image.path.is_file():
            return self._at_the_site(image, box)
        try:
            # Twice the shown width, for dense screens; on a phone each picture fills the width.
            sized = mail_sized(image.path.read_bytes(), 2 * max(box, PHONE_WIDTH))
        except Unshowable as problem:
            self._find(image, problem.code, f"is not shown: {problem}.", problem.mend)
            return None
        width, height = _shown_size(sized, box)
        if self._served_by == "site" and image.url is not None:
            return Shown(image.url, width, height)
        name = f"{hashlib.sha256(sized.data).hexdigest()[:32]}.{sized.extension}"
        self._assets.setdefault(
            name, Asset(name, sized.media_type, sized.data, sized.width, sized.height)
        )
        return Shown(slot(f"asset/{name}"), width, height)

    def _at_the_site(self, image: Image, box: int) -> Shown | None:
        if image.url is None:
            return None
        if image.url.lower().split("?")[0].endswith((".svg", ".svgz")):
            self._find(
                image, "picture-svg", "is not shown: mail programs show no SVG.", "export it as PNG"
            )
            return None
        return Shown(image.url, box)

    def _find(self, image: Image, code: str, what: str, mend: str) -> None:
        self._findings.setdefault(
            (code, image.src),
            Finding(
                code,
                Severity.WARNING,
                f"The picture {image.src} {what}",
                f"{mend[:1].upper()}{mend[1:]}.",
                path=self._post,
                line=image.line,
            ),
        )


def _shown_size(sized: Sized, box: int) -> tuple[int, int]:
    width = min(box, sized.original)
    height = max(1, round(width * sized.height / sized.width))
    if height > width * TALLEST and height > box:
        height = box
        width = max(1, round(height * sized.width / sized.height))
    return width, height
