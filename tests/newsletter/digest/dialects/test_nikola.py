"""Nikola's posts: metadata in comments, links of its own, shortcodes, where they live."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.digest.dialects.nikola.head import split_metadata
from newsletter.digest.reader import read_post
from tests.limits import soon
from tests.newsletter.digest.dialects.lifting import body, lift, page_of, told, write_site
from tests.newsletter.digest.writing import codes, write_post

HEAD = "<!--\n.. title: The Post\n.. slug: the-post\n.. date: 2026-04-02\n-->\n"
SITE = {
    "conf.py": "BLOG_TITLE = 'Bits'\nBLOG_AUTHOR = 'Ada'\nSITE_URL = 'https://site.example/sub/'\n"
    "POSTS = (('posts/*.md', 'blog', 'post.tmpl'),)\nPAGES = (('pages/*.md', '', 'page.tmpl'),)\n",
    "posts/deep/other.md": "---\ntitle: Other\nslug: other\n---\nx\n",
    "pages/about.md": "<!--\n.. title: About\n-->\nx\n",
    "listings/a.py": "print(1)\n",
    "images/a.png": "png",
    "files/b.png": "png",
}


def post(folder: Path, text: str, name: str = "posts/a.md", config: str = "") -> Path:
    """Write a post into a site and return its file."""
    write_site(folder, SITE | {name: text, "conf.py": SITE["conf.py"] + config})
    return folder / name


@pytest.mark.parametrize(
    "text",
    [
        "<!--\n.. title: The Post: one\n.. tags: wind, sea\n.. date: 2026-04-02 10:20:00 UTC+02:00\n-->\nWords.\n",
        ".. title: The Post: one\n.. tags: wind, sea\n.. date: 2026-04-02 10:20:00 UTC+02:00\n\n\nWords.\n",
    ],
)
def test_metadata_stands_in_a_comment_or_in_lines_of_its_own(tmp_path: Path, text: str) -> None:
    digest = read_post(write_post(tmp_path, text))

    assert (digest.title, digest.tags) == ("The Post: one", ("wind", "sea"))
    assert str(digest.date) == "2026-04-02 10:20:00+02:00"
    assert [one.map for one in digest.intro[:1]] == [[5, 6]]


def test_metadata_may_stand_in_a_file_beside_the_post(tmp_path: Path) -> None:
    write_site(tmp_path, {"a.meta": ".. title: The Post\n.. slug: a\n", "a.md": "Words.\n"})

    matter = split_metadata("Words.\n", tmp_path / "a.md")

    assert (matter.values["title"], matter.body) == ("The Post", "Words.\n")


def test_a_tag_makes_a_draft_and_the_settings_an_author(tmp_path: Path) -> None:
    digest = read_post(post(tmp_path, HEAD.replace("-->", ".. tags: draft, a\n-->") + "Words.\n"))

    assert digest.draft
    assert (digest.authors, digest.language) == (("Ada",), "en")


@pytest.mark.parametrize(
    ("name", "head", "config", "path"),
    [
        ("posts/a.md", "", "", "blog/the-post/"),
        ("posts/2026/a.md", "", "", "blog/2026/the-post/"),
        ("posts/a.md", "", "PRETTY_URLS = False\n", "blog/the-post.html"),
        ("posts/a.md", ".. pretty_url: False\n", "", "blog/the-post.html"),
        ("pages/a.md", "", "", "the-post/"),
        ("posts/a.de.md", "", "TRANSLATIONS = {'en': '', 'de': './de'}\n", "de/blog/the-post/"),
        ("elsewhere/a.md", "", "", None),
    ],
)
def test_a_post_lives_where_its_settings_say(
    tmp_path: Path, name: str, head: str, config: str, path: str | None
) -> None:
    file = post(tmp_path, HEAD.replace("-->", f"{head}-->") + "Words.\n", name, config)

    assert page_of(file).url == (path and f"https://site.example/sub/{path}")


def test_without_a_slug_the_files_name_is_spelled_as_one(tmp_path: Path) -> None:
    file = post(tmp_path, "<!--\n.. title: A\n-->\nx\n", "posts/My_Größe Name.md")

    assert page_of(file).url == "https://site.example/sub/blog/my_grosse-name/"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("[a](link://slug/other#x)", "[a](https://site.example/sub/blog/deep/other/#x)"),
        ("[a](link://filename/posts/deep/other.md)", "[a](https://site.example/sub/blog/deep/other/)"),
        ("[a](link://tag/sea%20air)", "[a](https://site.example/sub/categories/sea-air/)"),
        ("[a](link://category/news)", "[a](https://site.example/sub/categories/cat_news/)"),
        ("[a](link://root)", "[a](https://site.example/sub/)"),
        ("[a](link://slug/none) `link://slug/other`", "[a]() `link://slug/other`"),
        ("{{% doc %}}The other <other>{{% /doc %}}", "[The other](https://site.example/sub/blog/deep/other/)"),
        ("{{% listing a.py python %}}", "```python\nprint(1)\n```"),
        ("{{% raw %}}{{% x %}} {{ y }}{{% /raw %}}", "&#123;&#123;% x %}} &#123;{ y }}"),
        ("{{% thumbnail \"/images/a.png\" alt=\"Alt\" %}}", "![Alt](/images/a.png)"),
        (".. TEASER_END\n\nWords.", "Words."),
    ],
)  # fmt: skip
def test_its_own_links_and_shortcodes_become_markdown(
    tmp_path: Path, written: str, meant: str
) -> None:
    lifted = lift(post(tmp_path, f"{HEAD}\n{written}\n"))

    assert body(lifted) == meant
    assert lifted.findings == ()


def test_what_nobody_knows_is_named_with_its_line(tmp_path: Path) -> None:
    lifted = lift(
        post(tmp_path, f"{HEAD}\nA {{{{% odd x %}}}} b.\n\n!!! note\n    c {{{{% odd %}}}}\n")
    )

    assert told(lifted) == [("odd", 7)]
    assert "odd" not in lifted.text


def test_addresses_and_pictures_count_from_the_sites_own_address(tmp_path: Path) -> None:
    text = f"{HEAD}\n[x](/about/) ![a](/a.png) ![b](/b.png) ![c](/c.png) [y](link://slug/none)\n"
    digest = read_post(post(tmp_path, text))

    (link,) = [
        child.attrs["href"]
        for token in digest.intro
        for child in token.children or ()
        if child.type == "link_open"
    ]
    assert link == "https://site.example/sub/about/"
    assert {src: one.path and one.path.parent.name for src, one in digest.images.items()} == {
        "/a.png": "images",
        "/b.png": "files",
        "/c.png": None,
    }
    assert digest.images["/a.png"].url == "https://site.example/sub/a.png"
    assert sorted(codes(digest)) == ["link-relative", "picture-missing"]


def test_a_conf_of_another_program_is_no_site(tmp_path: Path) -> None:
    write_site(tmp_path, {"conf.py": "project = 'Docs'\nextensions = []\n", "a.md": f"{HEAD}x\n"})

    assert page_of(tmp_path / "a.md").site.root is None


@pytest.mark.parametrize(
    "hostile",
    [
        "link://slug/" * 20_000,
        "{{% raw %}}" * 20_000,
        ".. TEASER_END" * 15_000,
        "{{% doc %}}<" * 15_000,
    ],
    ids=range(4),
)
def test_no_body_takes_long(tmp_path: Path, hostile: str) -> None:
    """T12."""
    file = post(tmp_path, f"{HEAD}\n{hostile}\n")
    with soon():
        lift(file)


PIECES = st.sampled_from(
    [
        *("{{% ", " %}}", "{{% /", "raw", "doc", "listing ", "link://", "slug/", "other", "#", "](", ")"),
        *("<!--", "-->", "\n", ".. title: A\n", ".. TEASER_END\n", "!!! note\n", "    ", "`", "&"),
    ]
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
@soon()
def test_any_body_at_all_is_lifted(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """T12."""
    folder = tmp_path_factory.getbasetemp() / "nikola"
    lifted = lift(post(folder, f"{HEAD}\n{text}\n"))

    assert len(lifted.lines) in (0, lifted.text.count("\n") + 1)


def test_a_video_is_a_link_to_it(tmp_path: Path) -> None:
    lifted = lift(post(tmp_path, f"{HEAD}\n{{{{% youtube abc %}}}}\n"))

    assert "https://www.youtube.com/watch?v=abc" in lifted.text
    assert lifted.findings == ()
