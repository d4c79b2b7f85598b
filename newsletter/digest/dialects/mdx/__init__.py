"""MDX: Docusaurus, Astro, and whatever else reads Markdown with JSX in it."""

from pathlib import Path

from newsletter.digest.dialects.dialect import Dialect, Lifted, Page
from newsletter.digest.dialects.mdx import astro, docusaurus
from newsletter.digest.dialects.mdx.lifting import lift_mdx
from newsletter.digest.markdown import Flavour
from newsletter.digest.site import Site, web_base

FLAVOUR = Flavour(indented_code=False)
TRUNCATED = ("{/* truncate */}", "<!-- truncate -->", "<!--truncate-->")


def _is_mdx(file: Path, _text: str) -> bool:
    return file.suffix.lower() == ".mdx"


def _has_truncation(_file: Path, text: str) -> bool:
    return any(mark in text for mark in TRUNCATED)


def _never(_found: object, _text: str = "") -> bool:
    return False


def _site(root: Path | None, site_url: str) -> Site:
    return Site(root, web_base(site_url))


def _lift_astro(body: str, page: Page) -> Lifted:
    """Lift MDX only: Astro's `.md` files are plain Markdown."""
    return lift_mdx(body, page) if _is_mdx(page.path, body) else Lifted(body)


DOCUSAURUS = Dialect(
    "docusaurus",
    "Docusaurus",
    docusaurus.CONFIGS,
    _has_truncation,
    docusaurus.read_site,
    lift_mdx,
    flavour=FLAVOUR,
)
ASTRO = Dialect("astro", "Astro", astro.CONFIGS, _never, astro.read_site, _lift_astro)
MDX = Dialect("mdx", "MDX", (), _is_mdx, _site, lift_mdx, flavour=FLAVOUR)
