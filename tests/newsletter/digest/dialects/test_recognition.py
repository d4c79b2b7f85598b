"""A post's dialect is told by its site first, then by itself; a name settles it."""

from pathlib import Path

import pytest

from newsletter.digest.dialects.recognition import DIALECTS, names_in, recognise
from newsletter.digest.reader import read_post
from newsletter.errors import PostError
from tests.meters.posts import OURS, Post, all_shared
from tests.newsletter.digest.writing import HEAD, write_post


def test_the_nearest_site_around_a_post_tells_its_dialect(tmp_path: Path) -> None:
    write_post(tmp_path, 'baseURL = "https://site.example"\n', "hugo.toml")
    post = write_post(tmp_path, "# A\n", "content/a.md")

    found = recognise(post, "# A\n")

    assert (found.dialect.name, found.root) == ("hugo", tmp_path.resolve())


def test_without_a_site_the_text_tells_it(tmp_path: Path) -> None:
    post = write_post(tmp_path, "# A\n")

    assert recognise(post, HEAD + "{{< icon >}}").dialect.name == "hugo"
    assert recognise(post, HEAD + "Words.").dialect.name == "plain"


def test_no_folder_above_the_repository_is_looked_at(tmp_path: Path) -> None:
    write_post(tmp_path, 'baseURL = "https://site.example"\n', "hugo.toml")
    (tmp_path / "inner" / ".git").mkdir(parents=True)
    post = write_post(tmp_path, "# A\n", "inner/a.md")

    assert recognise(post, "# A\n").root is None


def test_a_name_beats_every_sign(tmp_path: Path) -> None:
    write_post(tmp_path, 'baseURL = "https://site.example"\n', "hugo.toml")
    post = write_post(tmp_path, "# A\n", "content/a.md")

    assert recognise(post, "# A\n", "Plain").dialect.name == "plain"
    assert read_post(post, dialect="plain").url is None


def test_a_name_that_is_no_dialect_is_refused_with_those_that_are(tmp_path: Path) -> None:
    post = write_post(tmp_path, "# A\n")

    with pytest.raises(PostError, match="no dialect 'wordpress'") as refused:
        read_post(post, dialect="wordpress")

    assert "hugo" in refused.value.mend


@pytest.mark.parametrize("tag", ["{{ site.title }}", "{% include a.html %}", "{{ a | b: 'c' }}"])
def test_machinery_that_no_dialect_knows_never_shows_and_is_named(tmp_path: Path, tag: str) -> None:
    post = write_post(tmp_path, f"{HEAD}Before {tag} after.\n\n`{tag}` in code.\n")

    digest = read_post(post, dialect="plain")

    assert next(one.content for one in digest.intro if one.type == "inline").count("{") == 0
    assert digest.intro[4].children[0].content == tag  # type: ignore[index]
    assert [(one.code, one.line) for one in digest.findings] == [("shortcode", 4)]


@pytest.mark.parametrize(
    ("name", "text", "dialect"),
    [
        ("2026-11-05-a.md", "---\ntitle: A\n---\nWords.\n", "jekyll"),
        ("2026-11-05-a.md", "---\nlayout: post\ndate: 2026-11-05\n---\nWords.\n", "jekyll"),
        ("a.md", "---\ntitle: A\n---\n{% post_url 2026-01-01-b %}\n", "jekyll"),
        ("a.md", "---\ntitle: A\n---\nWords.\n{: .lead}\n", "jekyll"),
        ("2026-11-05-a.md", "---\ntitle: A\ndate: 2026-11-05\n---\nWords.\n", "plain"),
        ("2026-11-05-a.md", "---\ntitle: A\n---\n# A\n\nWords.\n", "plain"),
        ("2026-11-05-a.md", "# A\n\nWords.\n", "plain"),
        ("2026-11-05-a.md", "---\nlayout: post\n---\n[x]({{ '/a/' | url }})\n", "eleventy"),
        ("a.md", "---\neleventyComputed:\n  title: A\n---\nWords.\n", "eleventy"),
        ("a.md", '---\ntitle: A\n---\n{% include "a.njk" %}\n', "eleventy"),
        ("a.md", "<!--\n.. title: A\n-->\n{{% youtube x %}}\n", "nikola"),
        ("a.md", "Title: A\nDate: 2026-11-05\n\nWords.\n", "pelican"),
        ("a.md", "---\ntitle: A\n---\n[x]({filename}b.md)\n", "pelican"),
    ],
)
def test_a_post_without_a_site_is_told_by_its_name_and_its_tags(
    tmp_path: Path, name: str, text: str, dialect: str
) -> None:
    post = write_post(tmp_path, text, name)

    assert recognise(post, text).dialect.name == dialect


# A generator's name among the meters, and those of the dialects that read its posts.
READ_AS = {"mdx": ("docusaurus", "astro", "mdx")}


# Our own, and those of the folder beside the checkout, which not everybody has.
@pytest.mark.parametrize("post", [*OURS, *all_shared()], ids=lambda post: post.name)
def test_a_real_post_is_told_by_itself(post: Post) -> None:
    names = READ_AS.get(post.generator, (post.generator,))

    if {*names} & {dialect.name for dialect in DIALECTS}:
        assert recognise(post.path, post.path.read_text("utf-8-sig")).dialect.name in names


def test_a_folder_that_may_not_be_listed_is_no_site(tmp_path: Path) -> None:
    assert names_in(tmp_path / "none") == frozenset()


def test_a_file_of_a_common_name_makes_no_site_of_another_generators(tmp_path: Path) -> None:
    write_post(tmp_path, "extensions = []\n", "conf.py")
    write_post(tmp_path, "[tool]\nx = 1\n", "config.toml")
    (tmp_path / "config").mkdir()
    (tmp_path / ".vuepress").mkdir()
    post = write_post(tmp_path, "# A\n", "a.md")

    assert recognise(post, "# A\n").root is None
