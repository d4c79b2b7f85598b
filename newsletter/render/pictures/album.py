"""The album of an issue: which pictures it shows, where they will be fetched, how large."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from newsletter.digest.model import Image
from newsletter.findings import Finding
from newsletter.message import Asset
from newsletter.render.pictures.ground import Grounds
from newsletter.render.pictures.sized import MOST_BYTES, Remark, Sized, Unshowable
from newsletter.render.pictures.sizing import mail_sized
from newsletter.slots import slot

# A picture taller than this many times its width is shown narrower.
TALLEST = 1.25
# Beyond this a mail with pictures inside is slow to arrive, and over 10 MB, as it is encoded,
# many servers take it no more (Postfix's message_size_limit).
HEAVY, MOST_EMBEDDED = 1_000_000, 7_000_000
# Where the type alone tells that some inbox will show nothing, in files that we cannot rewrite.
_TROUBLED = {"webp": "WebP", "avif": "AVIF"}
_DRAWINGS = ("svg", "svgz")


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture as it stands in the mail; sizes are CSS pixels, `height` None when unknown."""

    src: str
    width: int
    height: int | None = None


class Album:
    """Collects the assets and findings of an issue's pictures."""

    def __init__(self, post: Path, *, served_by: str, grounds: Grounds | None = None) -> None:
        """Take the post's path, for findings, and who serves pictures: service, site or embed."""
        self._post = post
        self._served_by = served_by
        self._grounds = grounds or Grounds()
        self._assets: dict[str, Asset] = {}
        self._findings: dict[tuple[str, str], Finding] = {}
        # The largest of each file that was shown, so that one shown twice is fetched once.
        self._largest: dict[Path, Asset] = {}
        self._replaced: dict[str, str] = {}

    @property
    def assets(self) -> tuple[Asset, ...]:
        """The pictures that we serve or embed, each once."""
        return tuple(asset for name, asset in self._assets.items() if name not in self._replaced)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found about pictures, each once."""
        weight = sum(len(asset.data) for asset in self.assets)
        if self._served_by != "embed" or weight <= HEAVY:
            return tuple(self._findings.values())
        is_too_heavy = weight > MOST_EMBEDDED
        heavy = Finding(
            "pictures-too-heavy" if is_too_heavy else "pictures-heavy",
            f"The embedded pictures weigh {weight:,} bytes, in every single mail.",
            "Show fewer, or serve them: NEWSLETTER_IMAGES=service.",
            path=self._post,
        )
        return (*self._findings.values(), heavy)

    def settle(self, html: str) -> str:
        """Return finished HTML in which every picture shown twice has one address."""
        for small, large in self._replaced.items():
            html = html.replace(small, large)
        return html

    def show(self, image: Image, box: int) -> Shown | None:
        """Return the picture for a box of this many CSS pixels; None when it cannot be shown."""
        if image.path is None or not image.path.is_file():
            return self._at_the_site(image, box)
        try:
            # Twice the shown width, for dense screens.
            sized = mail_sized(image.path.read_bytes(), 2 * box, grounds=self._grounds)
        except Unshowable as problem:
            self._find(image, problem.code, f"is not shown: {problem}.", problem.mend)
            return None
        width, height = _shown_size(sized, box)
        if self._served_by == "site" and image.url is not None:
            return self._at_the_site(image, width, height, image.path.stat().st_size)
        if sized.remark is not None:
            self._remark(image, sized.remark)
        asset = self._kept(image.path, sized)
        kind = "embedded" if self._served_by == "embed" else "asset"
        return Shown(slot(f"{kind}/{asset.name}"), width, height)

    def _kept(self, path: Path, sized: Sized) -> Asset:
        name = f"{hashlib.sha256(sized.data).hexdigest()[:32]}.{sized.extension}"
        asset = Asset(name, sized.media_type, sized.data, sized.width, sized.height)
        known = self._largest.get(path)
        if known is not None and known.width >= asset.width:
            return known
        if known is not None and known.name != name:
            self._replaced[known.name] = name
        self._largest[path] = asset
        self._assets.setdefault(name, asset)
        return asset

    def _at_the_site(
        self, image: Image, width: int, height: int | None = None, weight: int = 0
    ) -> Shown | None:
        if image.url is None:
            return None
        kind = urlsplit(image.url).path.lower().rpartition(".")[2]
        if kind in _DRAWINGS:
            self._find(
                image, "picture-svg", "is not shown: mail programs show no SVG.", "export it as PNG"
            )
            return None
        if kind in _TROUBLED:
            self._find(
                image,
                "picture-format",
                f"stays at the site as {_TROUBLED[kind]}, which Outlook for Windows does not show.",
                "put a PNG or JPEG there, or the file beside the post and NEWSLETTER_IMAGES=service",
            )
        elif weight > 5 * MOST_BYTES:
            self._find(
                image,
                "picture-heavy",
                f"stays at the site with {weight:,} bytes.",
                "make it smaller there, or NEWSLETTER_IMAGES=service",
            )
        return Shown(image.url, width, height)

    def _remark(self, image: Image, remark: Remark) -> None:
        self._find(image, remark.code, f"{remark.message}.", remark.mend)

    def _find(self, image: Image, code: str, what: str, mend: str) -> None:
        self._findings.setdefault(
            (code, image.src),
            Finding(
                code,
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
