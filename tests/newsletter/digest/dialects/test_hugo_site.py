"""A post's own address, by Hugo's common rules."""

from pathlib import Path

import pytest

from newsletter.digest.reader import read_post
from tests.newsletter.digest.writing import EXAMPLES, codes, read, write_post

POST = "---\ntitle: Über the Bridge!\ndate: 2026-04-02\n{}\n---\nBody.\n"


def _url(folder: Path, config: str, name: str, more: str = "", site_url: str = "") -> str | None:
    write_post(folder, config, "hugo.toml")
    return read(folder, POST.format(more), f"content/{name}", site_url=site_url).url


@pytest.mark.parametrize(
    ("config", "name", "more", "path"),
    [
        ("", "blog/One/index.md", "", "blog/one/"),
        ("", "blog/one.md", "", "blog/one/"),
        ("", "about.md", "", "about/"),
        ("", "blog/2026/one.md", "slug: Two", "blog/2026/two/"),
        ("", "blog/one.md", "url: /elsewhere/here.html", "elsewhere/here.html"),
        ("", "blog/one.md", "url: news/x", "news/x/"),
        ("uglyURLs = true", "blog/one.md", "", "blog/one.html"),
        ("disablePathToLower = true", "blog/One.md", "", "blog/One/"),
        (
            '[permalinks]\nblog = "/:year/:month/:day/:slug/"',
            "blog/one.md",
            "",
            "2026/04/02/%C3%BCber-the-bridge/",
        ),
        ('[permalinks]\nblog = "/n/:slug/"', "blog/one.md", "slug: N-1", "n/n-1/"),
        (
            '[permalinks.page]\nblog = "/:section/:contentbasename/"',
            "blog/a/one.md",
            "",
            "blog/one/",
        ),
        (
            '[permalinks]\nblog = "/:sections[1:]/:title"',
            "blog/a/b/one.md",
            "",
            "%C3%BCber-the-bridge/",
        ),
        (
            '[permalinks]\nblog = "/:06/:Jan/:2/:slugorcontentbasename/"',
            "blog/a.md",
            "",
            "26/apr/2/a/",
        ),
        (
            '[permalinks.page]\n"blog/b" = "/b/:slug/"\nblog = "/x/"',
            "blog/b/a.md",
            "slug: s",
            "b/s/",
        ),
        (
            '[[permalinks]]\npattern = "/p/:contentbasename/"\n[permalinks.target]\n'
            'kind = "page"\npath = "/blog/**"',
            "blog/b/a.md",
            "",
            "p/a/",
        ),
        ('[permalinks.section]\nblog = "/all/"', "blog/_index.md", "", "all/"),
        ("", "_index.md", "", ""),
        ("", "blog/one.md", "url: /:year/:slug/", "2026/%C3%BCber-the-bridge/"),
        ("", "blog/one.md", r"url: /a\:b", "a:b/"),
        ("[uglyURLs]\nblog = true", "blog/one.md", "", "blog/one.html"),
        ("[uglyURLs]\nblog = true", "notes/one.md", "", "notes/one/"),
        ('[permalinks]\nnotes = "/x/:slug/"', "blog/one.md", "", "blog/one/"),
        ("[languages.en]\n[languages.de]", "blog/one.de.md", "", "de/blog/one/"),
        ("[languages.en]\n[languages.de]", "blog/one/index.md", "", "blog/one/"),
    ],
)
def test_the_address_of_a_post_follows_the_sites_rules(
    tmp_path: Path, config: str, name: str, more: str, path: str
) -> None:
    base = 'baseURL = "https://site.example/sub/"\n'

    assert _url(tmp_path, base + config, name, more) == f"https://site.example/sub/{path}"


@pytest.mark.parametrize("month", ["2026-08-open-data", "2026-09-open-data", "2026-10-open-data"])
def test_the_examples_live_where_their_site_puts_them(month: str) -> None:
    digest = read_post(EXAMPLES / month)

    assert digest.url == f"https://monthly-ledger.example/blog/{digest.slug.lower()}/"
    assert digest.cover is not None
    assert digest.cover.url == f"{digest.url}Poster.png"


def test_a_site_address_that_is_given_beats_the_one_in_the_configuration(tmp_path: Path) -> None:
    config = 'baseURL = "http://localhost:1313/"\n'

    assert _url(tmp_path, config, "a.md", site_url="https://b.example") == "https://b.example/a/"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("hugo.yaml", "baseURL: https://site.example\n"),
        ("config.toml", 'baseurl = "https://site.example"\n'),
        ("config.json", '{"baseURL": "https://site.example"}'),
        ("config/_default/hugo.toml", 'baseURL = "https://site.example"\n'),
    ],
)
def test_the_configuration_is_found_under_its_usual_names(
    tmp_path: Path, name: str, text: str
) -> None:
    write_post(tmp_path, text, name)

    assert read(tmp_path, "# A\n", "content/a/index.md").url == "https://site.example/a/"


def test_without_a_site_a_post_has_no_address(tmp_path: Path) -> None:
    assert read(tmp_path, "# A\n").url is None
    assert read(tmp_path, "# A\n", site_url="https://site.example").url is None


def test_a_post_that_names_its_whole_address_is_believed(tmp_path: Path) -> None:
    digest = read(tmp_path, "---\ntitle: A\nurl: https://a.example/x/\n---\n[y](y)")

    assert digest.url == "https://a.example/x/"


def test_a_configuration_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    write_post(tmp_path, "baseURL = \n", "hugo.toml")

    digest = read(tmp_path, "# A\n", "content/a.md")

    assert digest.url is None
    assert codes(digest) == ["site-unread"]


def test_a_page_within_another_pages_folder_has_no_address(tmp_path: Path) -> None:
    write_post(tmp_path, 'baseURL = "https://site.example/"\n', "hugo.toml")
    write_post(tmp_path, "# A\n", "content/blog/one/index.md")

    assert read(tmp_path, "# B\n", "content/blog/one/more.md").url is None
    assert read(tmp_path, "# B\n", "content/blog/one/deep/more.md").url is None
    assert read(tmp_path, "# B\n", "elsewhere/more.md").url is None


def test_the_language_of_a_file_is_the_posts_own_unless_it_names_one(tmp_path: Path) -> None:
    config = "[languages.en]\n[languages.de]\nlanguageCode = 'de-AT'\n"
    write_post(tmp_path, f'baseURL = "https://site.example/"\n{config}', "hugo.toml")

    assert read(tmp_path, "# A\n", "content/a.md").language == "en"
    assert read(tmp_path, "# A\n", "content/a.de.md").language == "de-AT"
    assert read(tmp_path, "---\nlang: fr\n---\n# A\n", "content/a.de.md").language == "fr"


# S-16
def test_settings_that_are_a_link_out_are_not_read(tmp_path: Path) -> None:
    write_post(tmp_path, "secret = 'open sesame'\n", "secret.toml")
    write_post(tmp_path, 'baseURL = "https://site.example/"\n', "site/hugo.toml")
    (tmp_path / "site/config/_default").mkdir(parents=True)
    (tmp_path / "site/config/_default/params.toml").symlink_to(tmp_path / "secret.toml")

    digest = read(tmp_path, "# A\n\n{{< param secret >}}\n", "site/content/a.md")

    assert codes(digest) == ["site-unread", "shortcode"]
    assert digest.url == "https://site.example/a/"


# S-16
def test_a_picture_elsewhere_in_the_site_is_found_and_none_outside_of_it(tmp_path: Path) -> None:
    write_post(tmp_path, 'baseURL = "https://site.example/"\n', "site/hugo.toml")
    write_post(tmp_path, b"png", "site/content/img/a.png")
    secret = write_post(tmp_path, b"png", "b.png")
    (tmp_path / "site/content/img/c.png").symlink_to(secret)
    body = "# A\n\n![](../img/a.png) ![](../../../b.png) ![](../img/c.png) ![](/../../b.png)\n"

    digest = read(tmp_path, body, "site/content/blog/a.md")

    found = [image.src for image in digest.images.values() if image.path is not None]
    assert found == ["../img/a.png"]
    assert codes(digest) == ["picture-outside", "picture-outside", "picture-outside"]


@pytest.mark.parametrize(
    ("config", "more", "date"),
    [
        ("", "lastmod: 2026-05-06", "2026-05-06"),
        ("", "date: 2026-01-02\nlastmod: 2026-05-06", "2026-01-02"),
        (
            '[frontmatter]\ndate = ["made", ":default"]',
            "date: 2026-01-02\nmade: 2026-03-04",
            "2026-03-04",
        ),
        ('[frontmatter]\ndate = [":git", ":default"]', "date: 2026-01-02", "2026-01-02"),
        ('[frontmatter]\ndate = [":default", ":filename"]', "date: 2026-01-02", "2026-01-02"),
        ('[frontmatter]\ndate = [":filename", ":default"]', "date: 2026-01-02", "2026-11-05"),
    ],
)
def test_the_date_is_the_one_that_the_site_means(
    tmp_path: Path, config: str, more: str, date: str
) -> None:
    write_post(tmp_path, f'baseURL = "https://site.example/"\n{config}\n', "hugo.toml")

    digest = read(tmp_path, f"---\ntitle: A\n{more}\n---\nB.\n", "content/2026-11-05-a.md")

    assert str(digest.date) == date


@pytest.mark.parametrize(
    "more", ["headless: true", "build:\n  render: never", "_build: {render: false}"]
)
def test_a_post_that_the_site_makes_no_page_of_is_named(tmp_path: Path, more: str) -> None:
    write_post(tmp_path, 'baseURL = "https://site.example/"\n', "hugo.toml")

    digest = read(tmp_path, f"---\ntitle: A\n{more}\n---\nB.\n", "content/a/index.md")

    assert [(one.code, one.line) for one in digest.findings] == [("not-published", 3)]


@pytest.mark.parametrize(
    ("cascade", "draft", "cover"),
    [
        ("{draft: true}", True, "own.png"),
        ("[{draft: true, target: {path: '/blog/o*'}}]", True, "own.png"),
        ("[{draft: true, target: {path: '/notes/**'}}, {draft: false}]", False, "own.png"),
        ("[{draft: true, target: {kind: section}}]", False, "own.png"),
        ("[{draft: true, target: {lang: de}}]", False, "own.png"),
        ("{params: {cover: a.png, who: Ada}, images: [b.png]}", False, "own.png"),
        ("nonsense", False, "own.png"),
    ],
)
def test_what_a_section_hands_down_counts_where_the_post_says_nothing(
    tmp_path: Path, cascade: str, draft: bool, cover: str
) -> None:
    write_post(tmp_path, 'baseURL = "https://site.example"\n', "hugo.toml")
    write_post(tmp_path, f"---\ncascade: {cascade}\n---\n", "content/blog/_index.md")
    post = write_post(
        tmp_path,
        "---\ntitle: A\nparams: {cover: own.png}\n---\n{{< param who >}}.\n",
        "content/blog/one.md",
    )

    digest = read_post(post)

    assert digest.draft is draft
    assert digest.cover is not None
    assert digest.cover.src == cover
    assert ("Ada." in str(digest.intro)) is ("Ada" in cascade)


def test_a_section_that_cannot_be_read_hands_nothing_down(tmp_path: Path) -> None:
    write_post(tmp_path, 'baseURL = "https://site.example"\n', "hugo.toml")
    write_post(tmp_path, "---\ncascade: [\n", "content/blog/_index.md")
    write_post(tmp_path, "---\ncascade: {draft: true}\n---\n", "content/_index.md")
    post = write_post(tmp_path, "---\ntitle: A\n---\nB.\n", "content/blog/one.md")

    assert read_post(post).draft
