"""Posts written for one test."""

from pathlib import Path

from newsletter.digest.model import Digest
from newsletter.digest.reader import read_post

POSTS = Path(__file__).parents[2] / "posts"
EXAMPLES = Path(__file__).parents[3] / "examples" / "site" / "content" / "blog"
HEAD = "---\ntitle: A digest\n---\n"


def write_post(folder: Path, text: str | bytes, name: str = "index.md") -> Path:
    """Write a post as it is given and return its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def read(folder: Path, text: str | bytes, name: str = "index.md", site_url: str = "") -> Digest:
    """Write a post and read it."""
    return read_post(write_post(folder, text, name), site_url=site_url)


def codes(digest: Digest) -> list[str]:
    """Return the codes of what was found."""
    return [finding.code for finding in digest.findings]
