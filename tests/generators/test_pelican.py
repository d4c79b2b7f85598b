"""Pelican itself publishes these sites; what we read of each post is the same."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import pytest

from newsletter.digest.reader import read_post
from tests.conftest import need
from tests.generators.differences import differences
from tests.generators.published import articles, build, write_site
from tests.newsletter.digest.writing import codes

pytestmark = pytest.mark.part("pelican")

BASE = "https://site.example/sub/"
CONFIG = """
AUTHOR = "Ada"
SITENAME = "Site"
SITEURL = ""
PATH = "content"
TIMEZONE = "UTC"
DEFAULT_LANG = "en"
THEME = "theme"
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = None
AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
DIRECT_TEMPLATES = []
AUTHOR_SAVE_AS = TAG_SAVE_AS = ""
CATEGORY_SAVE_AS = "category/{slug}.html"
"""
PUBLISH = f"""
import sys
sys.path.append(".")
from pelicanconf import *
SITEURL = "{BASE.rstrip("/")}"
"""
ARTICLE = (
    '<!doctype html><article data-source="content/{{ %s.relative_source_path }}"'
    ' data-url="{{ SITEURL }}/{{ %s.url | urlencode }}">{{ %s.content }}</article>'
)
EMPTY = "<!doctype html>"
BODY = """
![x]({static}/images/a b.png) ![y]({attach}pics/b.png) [z]({filename}../other.md#part)
[w]({filename}/pages/about.md) [v](|filename|/other.md) [u]({tag}Wind and sea) [t]({category}News)
[s]({author}Ada Lovelace) [r]({index}) [q](c.html) [p](https://a.example/?x=1&y=2){: .out }
[o]({static}/files/plan.pdf?x=1)

!!! note "Mind"
    An [inner](/inner/) link.

[far]: https://far.example/
"""
FILES: Mapping[str, str | bytes] = {
    "pelicanconf.py": CONFIG,
    "publishconf.py": PUBLISH,
    "theme/templates/article.html": ARTICLE % (("article",) * 3),
    "theme/templates/page.html": ARTICLE % (("page",) * 3),
    **{
        f"theme/templates/{name}.html": EMPTY
        for name in ("category", "tag", "author", "index", "archives", "base")
    },
    "theme/static/empty": "",
    "content/images/a b.png": b"png",
    "content/files/plan.pdf": b"pdf",
    "content/pages/about.md": "Title: Who We Are\n\n[y](b)\n",
    "content/other.md": "Title: The *Other*: One\nDate: 2026-01-02\n\n[y](b)\n",
    "content/blog/pics/b.png": b"png",
}


def _differences(folder: Path, config: str, files: Mapping[str, str | bytes]) -> list[str]:
    """Build a site and return what differs in any of its posts."""
    write_site(folder, {**FILES, **files, "pelicanconf.py": CONFIG + config})
    build(folder, need("pelican")["pelican"], "-q", "-s", "publishconf.py", "-o", "output")
    found = articles(folder / "output", BASE)
    posts = [name for name in {**FILES, **files} if name.endswith(".md")]
    return [
        f"{name}: {one}" for name in posts for one in differences(folder / name, found.get(name))
    ]


@pytest.mark.parametrize(
    "config",
    [
        "STATIC_PATHS = ['images', 'files']\n",
        "STATIC_PATHS = ['images', 'files']\n"
        "ARTICLE_URL = 'posts/{date:%Y}/{date:%b}/{date:%d}/{category}/{slug}/'\n"
        "ARTICLE_SAVE_AS = ARTICLE_URL + 'index.html'\n"
        "PAGE_URL = '{slug}/'\nPAGE_SAVE_AS = '{slug}/index.html'\nSLUGIFY_SOURCE = 'basename'\n"
        "FILENAME_METADATA = r'(?P<date>\\d{4}-\\d{2}-\\d{2})_(?P<slug>.*)'\nDEFAULT_CATEGORY = 'Every Thing'\n",
        "STATIC_PATHS = ['images', 'files']\nSLUGIFY_USE_UNICODE = True\nSLUGIFY_PRESERVE_CASE = True\n"
        "USE_FOLDER_AS_CATEGORY = False\nARTICLE_URL = '{author}/{lang}/{slug}.html'\nARTICLE_SAVE_AS = ARTICLE_URL\n"
        "STATIC_URL = 'st/{path}'\nSTATIC_SAVE_AS = 'st/{path}'\n",
    ],
    ids=["usual", "dated", "unicode"],
)  # fmt: skip
def test_addresses_are_those_that_pelican_makes(tmp_path: Path, config: str) -> None:
    head = "Title: The Post: Größe & Maß!\nDate: 2026-04-02 10:20\nTags: wind, sea\n"
    files = {
        "content/blog/2026-04-02_the-post.md": head + BODY,
        "content/blog/2026-04-03.md": "Title: From its name\n\n[y](b)\n",
        "content/blog/de.md": "Title: Eins\nLang: de\nDate: 2026-04-05\nslug: eins zwei\n\n[y](b)\n",
        "content/c.md": "---\ntitle: 'With YAML: one'\ndate: 2026-04-06\n---\n\n[y](b)\n",
        "content/d.md": "Title: Draft\nDate: 2026-04-07\nStatus: draft\n\n[y](b)\n",
        "content/e.md": "Title: Own\nDate: 2026-04-08\nurl: own/place/\nsave_as: own/place/index.html\n"
        "Authors: Lovelace, Ada; Bob B\n\n[y](b)\n",
    }

    found = _differences(tmp_path, config, files)

    assert found == []


def test_a_title_in_another_script_has_an_address_or_a_finding(tmp_path: Path) -> None:
    files = {
        "content/f.md": "Title: Прилив и отлив\nDate: 2026-04-09\n\nWords.\n",
        "content/g.md": "Title: Прилив\nSlug: tides\nDate: 2026-04-09\n\n[y](b)\n",
    }

    found = _differences(tmp_path, "STATIC_PATHS = ['images', 'files']\n", files)

    assert found == []
    assert "address-unknown" in codes(read_post(tmp_path / "content/f.md"))
    assert "address-unknown" not in codes(read_post(tmp_path / "content/g.md"))
    write_site(tmp_path, {"pelicanconf.py": CONFIG + "SLUGIFY_USE_UNICODE = True\n"})
    assert read_post(tmp_path / "content/f.md").url == f"{BASE}{quote('прилив-и-отлив')}.html"
