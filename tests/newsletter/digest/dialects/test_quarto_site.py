"""A post's own address, and what its folders say of it, by Quarto's rules."""

from pathlib import Path

import pytest

from newsletter.digest.reader import read_post
from tests.newsletter.digest.dialects.lifting import write_site
from tests.newsletter.digest.writing import codes

POST = "---\ntitle: A\n---\n"


@pytest.mark.parametrize(
    ("config", "name", "url"),
    [
        ("website: {site-url: 'https://lab.example/x'}", "posts/a.qmd", "https://lab.example/x/posts/a.html"),
        ("website: {site-url: 'https://lab.example', site-path: /y}", "a.md", "https://lab.example/y/a.html"),
        ("website: {site-url: 'https://lab.example'}", "posts/a b/index.qmd", "https://lab.example/posts/a%20b/"),
        ("website: {site-url: 'https://lab.example'}", "index.qmd", "https://lab.example/"),
        ("book: {site-url: 'https://lab.example'}", "one.Rmd", "https://lab.example/one.html"),
        ("project: {type: website}", "a.qmd", None),
    ],
)  # fmt: skip
def test_a_post_is_published_beside_its_source(
    tmp_path: Path, config: str, name: str, url: str | None
) -> None:
    write_site(tmp_path, {"_quarto.yml": config, name: POST})

    assert read_post(tmp_path / name).url == url


def test_links_to_sources_lead_to_their_pages(tmp_path: Path) -> None:
    body = "[a](../b/index.qmd#x) [b](/c.qmd) [c](/d.pdf) [d](e.pdf) ![p](/p.png)\n"
    write_site(
        tmp_path,
        {
            "_quarto.yml": "website: {site-url: 'https://lab.example', site-path: /y}",
            "posts/a.qmd": POST + body,
            "b/index.qmd": POST,
            "c.qmd": POST,
            "p.png": "p",
        },
    )

    digest = read_post(tmp_path / "posts/a.qmd")

    links = [one.attrs["href"] for one in digest.intro[1].children or () if one.type == "link_open"]
    base = "https://lab.example/y/"
    assert links == [f"{base}b/#x", f"{base}c.html", f"{base}d.pdf", f"{base}posts/e.pdf"]
    (image,) = digest.images.values()
    assert (image.url, image.path) == (f"{base}p.png", tmp_path / "p.png")


def test_folders_set_what_a_post_does_not(tmp_path: Path) -> None:
    write_site(
        tmp_path,
        {
            "_quarto.yml": "lang: da\n",
            "posts/_metadata.yml": "author: Folder\ndraft: true\n",
            "posts/a.qmd": "---\ntitle: A\nauthor: Own\n---\n",
        },
    )

    digest = read_post(tmp_path / "posts/a.qmd")

    assert (digest.authors, digest.draft, digest.language) == (("Own",), True, "da")


def test_a_configuration_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    write_site(tmp_path, {"_quarto.yml": "a: b: c", "a.qmd": POST})

    digest = read_post(tmp_path / "a.qmd")

    assert (digest.url, codes(digest)) == (None, ["site-unread"])
