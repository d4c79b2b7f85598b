"""MkDocs itself publishes these sites, with Material's blog; what we read of each post is the same."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.conftest import need
from tests.generators.differences import differences
from tests.generators.published import articles, build, write_site

pytestmark = pytest.mark.part("mkdocs")

BASE = "https://docs.example/sub/"
PAGE = (
    '{% if page %}<!doctype html><article data-source="docs/{{ page.file.src_uri }}"'
    ' data-url="{{ page.canonical_url }}">{{ page.content }}</article>{% endif %}'
)
CONFIG = f"""
site_name: Docs
site_url: {BASE}
markdown_extensions: [admonition, attr_list, footnotes, md_in_html, tables, pymdownx.details, pymdownx.superfences, pymdownx.keys, pymdownx.snippets, pymdownx.caret, {{pymdownx.tabbed: {{alternate_style: true}}}}, {{toc: {{permalink: false}}}}]
theme: {{name: material, custom_dir: theme, font: false}}
"""
BODY = """
[a](../guide/start.md#part) [b](../files/a b.pdf) [c](https://x.example/?a=1&b=2){ .button target=_blank }
[d](other.md) ![p](../img/p.png){ width="300" } [e](mailto:a@b.example) [f][ref]

!!! note "See [g](../index.md)"
    Inside [h](../guide/README.md).

    === "Tab"

        ![q](../img/p.png) [i](#here)

??? tip
    [j](other.md)

--8<-- "snippet.md"

<div markdown>
[k](../guide/start.md)
</div>

[ref]: ../guide/index.md "Guide"
"""
FILES: Mapping[str, str | bytes] = {
    "theme/main.html": PAGE,
    **{
        f"theme/{name}.html": PAGE
        for name in ("blog-post", "blog", "blog-archive", "blog-category")
    },
    "docs/index.md": "# Home\n",
    "docs/guide/start.md": "# Start\n",
    "docs/guide/README.md": "# Guide\n",
    "docs/img/p.png": b"png",
    "docs/files/a b.pdf": b"pdf",
    "snippet.md": "Taken in: [s](https://s.example/).\n",
}


def _differences(folder: Path, config: str, files: Mapping[str, str | bytes]) -> list[str]:
    """Build a site and return what differs in any of its posts."""
    write_site(folder, {"mkdocs.yml": CONFIG + config, **FILES, **files})
    build(folder, need("mkdocs")["mkdocs"], "build", "--quiet", "--site-dir", "public")
    found = articles(folder / "public", BASE)
    posts = [name for name in files if name.endswith(".md")]
    assert posts
    return [
        f"{name}: {one}" for name in posts for one in differences(folder / name, found.get(name))
    ]


@pytest.mark.parametrize("config", ["", "use_directory_urls: false\n"])
def test_links_and_pictures_are_relative_to_the_sources(tmp_path: Path, config: str) -> None:
    pages = {
        "docs/news/May News.md": "# May\n" + BODY.replace("../guide/index.md", "../guide/start.md"),
        "docs/news/other.md": "# Other\n[x](<May News.md>)\n",
        "docs/news/index.md": "# News\n[x](other.md) [y](./) ![z](../img/p.png)\n",
    }

    assert _differences(tmp_path, config, pages) == []


@pytest.mark.parametrize(
    "config",
    [
        "plugins: [material/blog]\n",
        "plugins: [{material/blog: {blog_dir: ., post_url_format: '{slug}'}}]\n",
        "plugins: [{material/blog: {blog_dir: news, post_url_date_format: yyyy/MM, post_url_format: '{date}/{file}'}}]\n",
    ],
)
def test_a_posts_address_is_as_the_blog_is_set_to_make_it(tmp_path: Path, config: str) -> None:
    folder = {"blog_dir: .": "docs", "blog_dir: news": "docs/news"}
    blog = next((path for sign, path in folder.items() if sign in config), "docs/blog")
    up = "../" * blog.count("/")
    posts = {
        f"{blog}/posts/one.md": "---\ndate: 2026-04-02\n---\n# It's *Über* one_day!\n"
        f"[x](two.md) ![y]({up}../img/p.png)\n",
        f"{blog}/posts/two.md": "---\ndate:\n  created: 2026-04-03\nslug: Second\n---\n# Two\n"
        "[x](one.md#a)\n",
    }
    write_site(tmp_path, {f"{blog}/index.md": "# Blog\n"})

    assert _differences(tmp_path, config, posts) == []
