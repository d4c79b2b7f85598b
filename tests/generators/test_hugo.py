"""Hugo itself publishes these sites; what we read of each post is the same."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.conftest import need
from tests.generators.differences import differences
from tests.generators.published import articles, build, write_site

pytestmark = pytest.mark.part("hugo")

BASE = "https://site.example/sub/"
SINGLE = (
    '<!doctype html><article data-source="content/{{ .File.Path }}" data-url="{{ .Permalink }}">'
    "{{ .Content }}</article>"
)
POST = "---\ntitle: The Post\ndate: 2026-04-02\n---\n"


def _differences(folder: Path, config: str, files: Mapping[str, str | bytes]) -> list[str]:
    """Build a site and return what differs in any of its posts."""
    write_site(
        folder,
        {
            "hugo.toml": f'baseURL = "{BASE}"\n{config}',
            "layouts/_default/single.html": SINGLE,
            "layouts/_default/list.html": "<!doctype html>",
            **files,
        },
    )
    build(folder, need("hugo")["hugo"], "--quiet", "--config", "hugo.toml", "-d", "public")
    found = articles(folder / "public", BASE)
    posts = [name for name in files if name.startswith("content/") and name.endswith("index.md")]
    return [
        f"{name}: {one}" for name in posts for one in differences(folder / name, found.get(name))
    ]


def test_a_bundles_pictures_and_links_are_those_that_hugo_makes(tmp_path: Path) -> None:
    body = "![x](a.png) [y](/about/) [z](b/) [w](https://a.example/?x=1&y=2)\n"

    found = _differences(
        tmp_path,
        "",
        {"content/blog/one/index.md": POST + body, "content/blog/one/a.png": b"png"},
    )

    assert found == []
