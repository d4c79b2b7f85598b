"""Pictures and links of a post, as they are reached from an inbox."""

from pathlib import Path

import pytest

from newsletter.findings import Severity
from tests.newsletter.digest.writing import HEAD, codes, read, write_post

SITE = 'baseURL = "https://site.example/"\n'


def _links(folder: Path, body: str, site_url: str = "") -> list[str]:
    digest = read(folder, HEAD + body, site_url=site_url)
    return [
        str(child.attrs["href"])
        for token in digest.intro
        for child in token.children or ()
        if child.type == "link_open"
    ]


def test_a_picture_beside_the_post_has_its_file_and_its_address(tmp_path: Path) -> None:
    write_post(tmp_path, SITE, "hugo.toml")
    picture = write_post(tmp_path, b"png", "content/blog/one/deep down/a b.png")

    digest = read(tmp_path, HEAD + "![x](<deep down/a b.png>)\n", "content/blog/one/index.md")

    (image,) = digest.images.values()
    assert image.path == picture
    assert image.url == "https://site.example/blog/one/deep%20down/a%20b.png"
    assert digest.findings == ()


def test_a_picture_from_the_sites_root_is_found_among_its_static_files(tmp_path: Path) -> None:
    write_post(tmp_path, SITE, "hugo.toml")
    picture = write_post(tmp_path, b"png", "static/img/a.png")

    digest = read(tmp_path, HEAD + "![x](/img/a.png)\n", "content/blog/one.md")

    (image,) = digest.images.values()
    assert (image.path, image.url) == (picture, "https://site.example/img/a.png")


def test_a_missing_picture_is_a_warning_whether_the_site_is_known_or_not(tmp_path: Path) -> None:
    alone = read(tmp_path, HEAD + "\n![x](a.png)\n")
    write_post(tmp_path, SITE, "hugo.toml")
    at_site = read(tmp_path, HEAD + "\n![x](a.png)\n", "content/one/index.md")

    for digest, words, url in (
        (alone, "leaves it out", None),
        (at_site, "left at the site", "https://site.example/one/a.png"),
    ):
        (finding,) = digest.findings
        assert (finding.code, finding.severity) == ("picture-missing", Severity.WARNING)
        assert finding.line == 5
        assert words in finding.message
        assert digest.images["a.png"].url == url


def test_a_picture_used_three_times_is_named_once(tmp_path: Path) -> None:
    assert codes(read(tmp_path, HEAD + "![](a.png)\n\n![](a.png)\n\n![](a.png)\n")) == [
        "picture-missing"
    ]


@pytest.mark.parametrize(
    "src", ["../secret.png", "../../secret.png", "link.png", "%2e%2e/secret.png"]
)
def test_no_picture_is_read_from_outside_of_the_bundle(tmp_path: Path, src: str) -> None:
    secret = write_post(tmp_path, b"png", "secret.png")
    bundle = tmp_path / "post"
    bundle.mkdir()
    (bundle / "link.png").symlink_to(secret)

    digest = read(tmp_path, HEAD + f"![x]({src})\n", "post/index.md")

    assert [image.path for image in digest.images.values()] == [None]
    assert codes(digest) in (["picture-outside"], ["picture-missing"])
    assert src == "../../secret.png" or codes(digest) == ["picture-outside"]


def test_a_picture_of_the_web_is_left_there(tmp_path: Path) -> None:
    digest = read(tmp_path, HEAD + "![x](https://a.example/x.png) ![y](//b.example/y.png)\n")

    assert [image.url for image in digest.images.values()] == [
        "https://a.example/x.png",
        "https://b.example/y.png",
    ]
    assert codes(digest) == []


# S-14
def test_a_picture_written_into_the_text_as_data_is_refused(tmp_path: Path) -> None:
    digest = read(tmp_path, HEAD + "![x](data:image/png;base64,AAAA)\n")

    (image,) = digest.images.values()
    assert (image.path, image.url) == (None, None)
    assert codes(digest) == ["picture-refused"]


def test_links_are_made_absolute_when_the_site_is_known(tmp_path: Path) -> None:
    write_post(tmp_path, SITE, "hugo.toml")
    write_post(tmp_path, "---\ntitle: O\nslug: The-Other\n---\n", "content/blog/other/index.md")
    folder = tmp_path / "content" / "blog" / "one"

    assert _links(folder, "[a](/x) [b](y/) [c](../z?q=1#f) [d](//e.example/) [g](#part)\n") == [
        "https://site.example/x",
        "https://site.example/blog/one/y/",
        "https://site.example/blog/z?q=1#f",
        "https://e.example/",
        "https://site.example/blog/one/#part",
    ]
    assert _links(folder, "[a](../other/index.md#f) [b](mailto:a@b.example) [c](tel:+43)\n") == [
        "https://site.example/blog/the-other/#f",
        "mailto:a@b.example",
        "tel:+43",
    ]


def test_a_link_to_a_story_of_the_issue_stays_within_it(tmp_path: Path) -> None:
    assert _links(tmp_path, "[a](#one) [b](#two)\n\n## One\n") == ["#one"]


def test_a_link_that_leads_nowhere_keeps_its_words_and_is_named(tmp_path: Path) -> None:
    digest = read(
        tmp_path, HEAD + "\nOne\n[two](other/) [three](http://a:99999/) <a href='x/'>four</a>\n"
    )

    assert not any(child.type.startswith("link") for child in digest.intro[1].children or ())
    assert {(one.code, one.line) for one in digest.findings} == {("link-relative", 6)}
    assert "href" not in repr(digest.intro[1].children)


def test_links_in_raw_html_are_made_absolute_too(tmp_path: Path) -> None:
    digest = read(
        tmp_path,
        HEAD + "<div><a class=x href='/a?b&amp;c'>x</a></div>\n",
        site_url="https://s.example",
    )

    (link,) = [one for one in digest.intro[1].children or () if one.type == "link_open"]
    assert link.attrs["href"] == "https://s.example/a?b&c"


def test_a_picture_of_a_site_that_is_not_known_is_named_and_left_out(tmp_path: Path) -> None:
    digest = read(tmp_path, HEAD + "\n![x](/img/a.png)\n")
    (finding,) = digest.findings
    assert (finding.code, finding.line) == ("picture-missing", 5)
    assert "/img/a.png" in finding.message
