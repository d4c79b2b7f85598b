"""Nikola itself publishes these sites; what we read of each post is the same."""

import os
from base64 import b64decode
from collections.abc import Mapping
from pathlib import Path

import pytest

from newsletter.digest.reader import read_post
from tests.conftest import need
from tests.generators.differences import differences
from tests.generators.published import articles, build, write_site
from tests.newsletter.digest.writing import codes

pytestmark = pytest.mark.part("nikola")

BASE = "https://site.example/sub/"
CONFIG = f"""
BLOG_AUTHOR = "Ada"
BLOG_TITLE = "Bits"
BLOG_EMAIL = "a@b.example"
BLOG_DESCRIPTION = "Small things"
SITE_URL = "{BASE}"
THEME = "own"
TIMEZONE = "UTC"
DEFAULT_LANG = "en"
COMPILERS = {{"markdown": (".md",), "rest": (".rst",), "html": (".html",)}}
DISABLED_PLUGINS = ["robots", "sitemap", "generate_rss"]
POSTS = (("posts/*.md", "blog", "post.tmpl"), ("posts/*.rst", "blog", "post.tmpl"))
PAGES = (("pages/*.md", "", "post.tmpl"),)
"""
TEMPLATE = (
    '<!doctype html><article data-source="${post.translated_source_path(lang)}"'
    ' data-url="${post.permalink(lang, absolute=True)}">${post.text(lang)}</article>'
)
PIXEL = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
BODY = """
![x](/images/a.png) [y](/about/) [z](b/) [w](https://a.example/?x=1&y=2) [v](../v)
[u](link://slug/other) [s](link://tag/wind) [r](link://category/news-desk) [q](link://root)
[p](/docs/p.pdf) [o](mailto:a@b.example)

!!! note "Mind"
    An [inner](/inner/) link.

<!-- TEASER_END -->

{{% raw %}}{{% shown %}}{{% /raw %}}

[far]: https://far.example/
"""
FILES: Mapping[str, str | bytes] = {
    "themes/own/own.theme": "[Theme]\nengine = mako\nparent = base\n",
    "themes/own/templates/post.tmpl": TEMPLATE,
    "images/a.png": PIXEL,
    "files/docs/p.pdf": b"pdf",
    "posts/deep/other.md": "---\ntitle: Other\nslug: other\ndate: 2026-01-02\n---\n\n[y](b/)\n",
    "pages/about.md": "<!--\n.. title: About\n.. slug: about\n-->\n\n[y](b)\n",
}


def _differences(folder: Path, config: str, files: Mapping[str, str | bytes]) -> list[str]:
    """Build a site and return what differs in any of its posts."""
    write_site(folder, {**FILES, **files, "conf.py": CONFIG + config})
    env = {**os.environ, "TZ": "UTC", "PYTHONWARNINGS": "ignore"}
    build(folder, need("nikola")["nikola"], "build", "--quiet", env=env)
    found = articles(folder / "output", BASE)
    posts = [name for name in {**FILES, **files} if name.endswith(".md")]
    return [
        f"{name}: {one}" for name in posts for one in differences(folder / name, found.get(name))
    ]


@pytest.mark.parametrize(
    "config",
    [
        "IMAGE_FOLDERS = {'images': 'images'}\n",
        "PRETTY_URLS = False\nIMAGE_FOLDERS = {'images': 'images'}\nTAG_PATH = 'tags'\nCATEGORY_PREFIX = ''\n",
    ],
    ids=["pretty", "plain"],
)  # fmt: skip
def test_addresses_are_those_that_nikola_makes(tmp_path: Path, config: str) -> None:
    head = "<!--\n.. title: The Post: one\n.. slug: the-post\n.. date: 2026-04-02 10:20:00 UTC+02:00\n.. tags: wind, sea\n.. category: News Desk\n-->\n"
    files = {
        "posts/2026/a.md": head + BODY,
        "posts/My_Größe Name.md": "<!--\n.. title: Named\n.. date: 2026-04-03\n-->\n\n[y](b)\n",
        "posts/c.md": "<!--\n.. title: Own\n.. slug: own\n.. date: 2026-04-04\n.. pretty_url: False\n-->\n\n[y](b)\n",
        "posts/Прилив.md": "<!--\n.. title: Прилив\n.. date: 2026-04-06\n-->\n\nWords.\n",
        "posts/index.md": "<!--\n.. title: Index\n.. date: 2026-04-05\n-->\n\n[y](b)\n",
    }

    found = _differences(tmp_path, config, files)

    assert found == []
    assert "address-unknown" in codes(read_post(tmp_path / "posts/Прилив.md"))


def test_translations_live_below_their_language(tmp_path: Path) -> None:
    config = "TRANSLATIONS = {'en': '', 'de': './de'}\nSHOW_UNTRANSLATED_POSTS = False\n"
    head = "<!--\n.. title: The Post\n.. slug: the-post\n.. date: 2026-04-02\n-->\n"
    files = {
        "posts/a.md": head + "[y](b)\n",
        "posts/a.de.md": head.replace("the-post", "der-beitrag") + "[y](b) [z](/z)\n",
    }

    found = _differences(tmp_path, config, files)

    assert found == []
