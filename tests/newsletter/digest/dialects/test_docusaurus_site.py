"""A post's own address, its date and its authors, by Docusaurus' rules."""

from datetime import date
from pathlib import Path

import pytest

from newsletter.digest.reader import read_post
from tests.newsletter.digest.dialects.lifting import write_site

CONFIG = "export default {{url: 'https://port.example', baseUrl: '/sub/', {}}};\n"
POST = "---\ntitle: A\n{}\n---\nWords.\n"


@pytest.mark.parametrize(
    ("config", "name", "more", "path"),
    [
        ("", "blog/2026-01-06-tide.mdx", "", "blog/2026/01/06/tide"),
        ("", "blog/2026-01-06-tide/index.md", "", "blog/2026/01/06/tide"),
        ("", "blog/2026/01-06-tide.md", "", "blog/2026/01/06/tide"),
        ("", "blog/2026/01/06/tide/index.mdx", "", "blog/2026/01/06/tide"),
        ("", "blog/sea/2026-01-06-tide.md", "", "blog/2026/01/06/sea/tide"),
        ("", "blog/tide.md", "date: 2026-01-06", "blog/tide"),
        ("", "blog/Über See.md", "", "blog/%C3%9Cber%20See"),
        ("", "blog/2026-01-06-tide.md", "slug: /292", "blog/292"),
        ("", "blog/2026-01-06-tide.md", "slug: high-tide", "blog/high-tide"),
        ("trailingSlash: true", "blog/tide.md", "", "blog/tide/"),
        ("presets: [['classic', {blog: {routeBasePath: 'posts'}}]]", "blog/tide.md", "", "posts/tide"),
        ("presets: [['classic', {blog: {routeBasePath: '/', path: './news'}}]]", "news/tide.md", "", "tide"),
        ("", "docs/01-guide/02-start.md", "", "docs/guide/start"),
        ("", "docs/guide/index.md", "", "docs/guide"),
        ("", "src/pages/about.md", "", "about"),
    ],
)  # fmt: skip
def test_a_post_lives_where_docusaurus_puts_it(
    tmp_path: Path, config: str, name: str, more: str, path: str
) -> None:
    write_site(tmp_path, {"docusaurus.config.ts": CONFIG.format(config), name: POST.format(more)})

    assert read_post(tmp_path / name).url == f"https://port.example/sub/{path}"


def test_the_name_of_a_post_tells_its_date(tmp_path: Path) -> None:
    write_site(
        tmp_path, {"docusaurus.config.js": CONFIG.format(""), "blog/2026/01-06-a.md": "# A\n"}
    )

    assert read_post(tmp_path / "blog/2026/01-06-a.md").date == date(2026, 1, 6)


def test_authors_named_by_a_key_have_their_own_names(tmp_path: Path) -> None:
    write_site(
        tmp_path,
        {
            "docusaurus.config.js": CONFIG.format(""),
            "blog/authors.yml": "ada: {name: Ada Byron, url: https://ada.example}\nbob: {title: x}\n",
            "blog/sea/a.md": POST.format("authors: [ada, bob, {key: ada}, {name: Guest}]"),
        },
    )

    assert read_post(tmp_path / "blog/sea/a.md").authors == ("Ada Byron", "bob", "Guest")


def test_links_and_pictures_lead_where_docusaurus_leads_them(tmp_path: Path) -> None:
    body = "[a](./b.md#x) [b](/about) [c](@site/static/x.pdf) [d](pathname:///y) [e](f)\n\n![p](/img/p.png) ![q](@site/static/img/p.png) ![r](r.png)"
    write_site(
        tmp_path,
        {
            "docusaurus.config.js": CONFIG.format(""),
            "blog/2026-01-06-a.md": POST.format("") + body,
            "blog/b.md": POST.format("slug: bee"),
            "static/img/p.png": "p",
            "blog/r.png": "r",
        },
    )

    digest = read_post(tmp_path / "blog/2026-01-06-a.md")

    links = [
        one.attrs["href"]
        for token in digest.intro
        for one in token.children or ()
        if one.type == "link_open"
    ]
    base = "https://port.example/sub/"
    assert links == [
        f"{base}blog/bee#x",
        f"{base}about",
        f"{base}x.pdf",
        f"{base}y",
        f"{base}blog/2026/01/06/f",
    ]
    assert [(image.url, image.path is not None) for image in digest.images.values()] == [
        (f"{base}img/p.png", True),
        (f"{base}img/p.png", True),
        (None, True),
    ]


@pytest.mark.parametrize(
    ("files", "name", "url"),
    [
        ({"src/pages/blog/[...slug].astro": ""}, "src/content/blog/Big Tide.md", "blog/big-tide/"),
        ({"src/pages/posts/[id].astro": ""}, "src/content/blog/tide/index.mdx", "posts/tide/"),
        ({"src/pages/[...slug].astro": ""}, "src/content/blog/tide.md", "tide/"),
        ({}, "src/pages/posts/tide.md", "posts/tide/"),
        ({"src/pages/index.astro": ""}, "src/content/notes/tide.md", None),
    ],
)
def test_a_post_lives_where_astros_pages_show_it(
    tmp_path: Path, files: dict[str, str], name: str, url: str | None
) -> None:
    config = "export default defineConfig({site: 'https://star.example', base: '/x'});\n"
    write_site(tmp_path, {"astro.config.mjs": config, name: POST.format("")} | files)

    digest = read_post(tmp_path / name)

    assert digest.url == (url and f"https://star.example/x/{url}")


def test_astros_markdown_has_no_expressions_and_its_mdx_has(tmp_path: Path) -> None:
    write_site(
        tmp_path,
        {
            "astro.config.mjs": "export default {site: 'https://star.example'};\n",
            "src/content/blog/a.md": POST.format("") + "In {braces}.\n",
            "src/content/blog/b.mdx": POST.format("") + "In {'braces'}.\n",
        },
    )

    plain = read_post(tmp_path / "src/content/blog/a.md")
    mdx = read_post(tmp_path / "src/content/blog/b.mdx")

    assert (plain.intro[1].content, mdx.intro[1].content) == (
        "Words.\nIn {braces}.",
        "Words.\nIn braces.",
    )
