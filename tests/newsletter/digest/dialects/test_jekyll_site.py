"""Where Jekyll publishes a post, what its site adds to it, and what its tags lead to."""

from pathlib import Path

import pytest

from newsletter.digest.reader import read_post
from tests.newsletter.digest.dialects.lifting import body, lift, page_of, told, write_site

CONFIG = "url: https://bits.example\n"


def address(folder: Path, config: str, name: str, head: str = "title: A\n") -> str | None:
    """Return where a file of a site is published."""
    write_site(folder, {"_config.yml": CONFIG + config, name: f"---\n{head}---\nWords.\n"})
    return page_of(folder / name).url


@pytest.mark.parametrize(
    ("config", "name", "head", "path"),
    [
        ("", "_posts/2026-11-05-My-Bits.md", "", "/2026/11/05/My-Bits.html"),
        ("permalink: pretty\n", "_posts/2026-11-05-bits.md", "", "/2026/11/05/bits/"),
        ("permalink: ordinal\n", "_posts/2026-11-05-bits.md", "", "/2026/309/bits.html"),
        ("permalink: weekdate\n", "_posts/2026-11-05-bits.md", "", "/2026/W45/Thu/bits.html"),
        ("permalink: none\n", "_posts/2026-11-05-bits.md", "categories: [B, a b]", "/b/a%20b/bits.html"),
        ("permalink: /:slugified_categories/:slug/\n", "_posts/2026-11-05-Bits.md", "category: Big News", "/big-news/bits/"),
        ("permalink: /:short_year/:i_month/:i_day/:long_month/:short_day/:y_day-:title\n", "_posts/2026-03-05-a.md", "", "/26/3/5/March/Thu/064-a"),
        ("permalink: /:w_year/:week/:hour:minute:second/:title:output_ext\n", "_posts/2026-01-01-a.md", "date: 2026-01-01 10:20:30", "/2026/01/102030/a.html"),
        ("", "talks/_posts/2026-11-05-a.md", "categories: one two", "/talks/one/two/2026/11/05/a.html"),
        ("", "_posts/2026-11-05-a.md", "slug: Other One", "/2026/11/05/Other-One.html"),
        ("", "_posts/2026-11-05-a.md", "permalink: /at/:year/here/", "/at/2026/here/"),
        ("", "_posts/2026-11-05-a.md", "date: 2026-12-01 23:30:00 -0500", "/2026/12/02/a.html"),
        ("timezone: America/New_York\n", "_posts/2026-11-05-a.md", "date: 2026-12-01 23:30:00 -0500", "/2026/12/01/a.html"),
        ("baseurl: /news\n", "_posts/2026-11-05-a.md", "", "/news/2026/11/05/a.html"),
        ("collections: {notes: {output: true, permalink: '/n/:name/'}}\n", "_notes/My Note.md", "", "/n/my-note/"),
        ("collections: {notes: {output: true}}\n", "_notes/deep/one.md", "", "/notes/deep/one.html"),
        ("collections_dir: all\n", "all/_posts/2026-11-05-a.md", "", "/2026/11/05/a.html"),
        ("source: src\n", "src/_posts/2026-11-05-a.md", "", "/2026/11/05/a.html"),
        ("", "about.md", "", "/about.html"),
        ("permalink: pretty\n", "deep/about.md", "", "/deep/about/"),
        ("", "deep/index.md", "", "/deep/"),
        ("defaults: [{scope: {type: posts}, values: {permalink: '/p/:title/'}}]\n", "_posts/2026-11-05-a.md", "", "/p/a/"),
        ("", "_posts/2026-11-05-été à.md", "", "/2026/11/05/%C3%A9t%C3%A9-%C3%A0.html"),
    ],
)  # fmt: skip
def test_a_post_lives_where_its_permalink_says(
    tmp_path: Path, config: str, name: str, head: str, path: str
) -> None:
    assert address(tmp_path, config, name, head + "\n") == "https://bits.example" + path


@pytest.mark.parametrize(
    ("config", "name", "head"),
    [
        ("collections: {notes: {output: false}}\n", "_notes/a.md", ""),
        ("permalink: /:nonsense/:title\n", "_posts/2026-11-05-a.md", ""),
        ("permalink: /:year/:title\n", "_drafts/a.md", ""),
    ],
)
def test_what_the_rules_do_not_tell_has_no_address(
    tmp_path: Path, config: str, name: str, head: str
) -> None:
    assert address(tmp_path, config, name, head) is None


def test_the_set_site_url_beats_the_configuration(tmp_path: Path) -> None:
    write_site(
        tmp_path, {"_config.yml": CONFIG, "_posts/2026-11-05-a.md": "---\ntitle: A\n---\nx\n"}
    )

    digest = read_post(tmp_path / "_posts/2026-11-05-a.md", site_url="https://other.example/b")

    assert digest.url == "https://other.example/b/2026/11/05/a.html"


def test_defaults_and_the_name_of_the_file_complete_the_front_matter(tmp_path: Path) -> None:
    config = (
        "defaults:\n"
        "- {scope: {path: ''}, values: {author: Ada, lang: en}}\n"
        "- {scope: {path: _posts, type: posts}, values: {author: Bob}}\n"
        "- {scope: {path: other}, values: {lang: de}}\n"
    )
    write_site(
        tmp_path, {"_config.yml": config, "_posts/2026-11-05-my-bits.md": "---\n---\nWords.\n"}
    )

    digest = read_post(tmp_path / "_posts/2026-11-05-my-bits.md")

    assert (digest.title, digest.authors, digest.language) == ("My Bits", ("Bob",), "en")
    assert str(digest.date) == "2026-11-05"


def test_what_lies_in_drafts_is_a_draft(tmp_path: Path) -> None:
    write_site(tmp_path, {"_config.yml": CONFIG, "_drafts/bits.md": "---\ntitle: A\n---\nx\n"})

    assert read_post(tmp_path / "_drafts/bits.md").draft


FILES = {
    "_config.yml": CONFIG + "baseurl: /news\n",
    "_posts/2026-11-01-older.md": "---\ntitle: Older\ncategory: talks\n---\nx\n",
    "talks/_posts/2026-10-01-oldest.md": "---\ntitle: Oldest\n---\nx\n",
    "about.md": "---\npermalink: /who/\n---\nx\n",
    "files/plan.pdf": "---",
    "_includes/box.html": "**{{ include.title }}**{% if include.text %}\n\n{{ include.text }}{% endif %}\n",
    "_includes/refs.md": "[one]: https://one.example/\n",
    "_includes/code.rb": "puts 1\n",
    "_includes/loop.md": "x{% include loop.md %}",
    "_posts/aside.md": "Aside.\n",
    "secret.txt": "secret",
}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("[a]({% post_url 2026-11-01-older %})", "[a](/news/talks/2026/11/01/older.html)"),
        ("[a]({% post_url /talks/2026-10-01-oldest %})", "[a](/news/talks/2026/10/01/oldest.html)"),
        ("[a]({% post_url 2026-10-01-oldest %}#x)", "[a](/news/talks/2026/10/01/oldest.html#x)"),
        ("[a]({% link about.md %})", "[a](/news/who/)"),
        ("[a]({% link files/plan.pdf %})", "[a](/news/files/plan.pdf)"),
        ("[a]({% link _posts/2026-11-01-older.md %})", "[a](/news/talks/2026/11/01/older.html)"),
        ("{% include box.html title=\"One\" text=page.title %}", "**One**\n\nBits"),
        ("{% include {{ page.which }} title='x' %}", "**x**"),
        ("[One][one]\n\n{% include refs.md %}", "[One][one]\n\n[one]: https://one.example/"),
        ("{% include_relative aside.md %}", "Aside."),
        ("```ruby\n{% include code.rb %}\n```", "```ruby\nputs 1\n```"),
        ("{% highlight ruby linenos %}\nputs `x`\n{% endhighlight %}", "```ruby\nputs `x`\n```"),
        ("- a\n\n  {% highlight sh %}\nls\n  {% endhighlight %}", "- a\n\n  ```sh\n  ls\n  ```"),
        ("Text {% highlight md %}\n```\nx\n```\n{% endhighlight %}", "Text \n\n````md\n```\nx\n```\n````"),
        ("{% gist ada/0123456789abcdef %}", "[gist.github.com/ada/0123456789abcdef](https://gist.github.com/ada/0123456789abcdef)"),
        ("{% seo %}{% feed_meta %}Words.", "Words."),
    ],
)  # fmt: skip
def test_its_tags_lead_where_jekyll_leads_them(tmp_path: Path, written: str, meant: str) -> None:
    post = "_posts/2026-11-05-bits.md"
    head = "---\ntitle: Bits\nwhich: box.html\n---\n"
    write_site(tmp_path, FILES | {post: head + written + "\n"})

    lifted = lift(tmp_path / post)

    assert body(lifted) == meant
    assert lifted.findings == ()


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("{% include none.html %}", "include none.html"),
        ("{% include ../secret.txt %}", "include ../secret.txt"),
        ("{% include away.html %}", "include away.html"),
        ("{% include_relative ../secret.txt %}", "include_relative ../secret.txt"),
        ("[a]({% post_url 2026-11-05-none %})", "post_url"),
        ("[a]({% link ../../etc/passwd %})", "link"),
        ("{% link %}", "link"),
        ("{% gist %}", "gist"),
    ],
)
def test_a_file_that_is_not_there_or_not_the_sites_is_named(
    tmp_path: Path, written: str, name: str
) -> None:
    post = "_posts/2026-11-05-bits.md"
    write_site(tmp_path / "site", FILES | {post: f"---\ntitle: Bits\n---\n{written}\n"})
    (tmp_path / "away.html").write_text("away")
    (tmp_path / "site/_includes/away.html").symlink_to(tmp_path / "away.html")

    lifted = lift(tmp_path / "site" / post)

    assert told(lifted) == [(name, 4)]
    assert "secret" not in lifted.text
    assert "away" not in lifted.text


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('{% include figure image_path="/a.png" alt="Alt" %}', "![Alt](/a.png)"),
        ('{% include figure.html src="/a.png" alt="Alt" %}', "![Alt](/a.png)"),
        ('{% include video id="abc" provider="youtube" %}', "youtube.com/watch?v=abc"),
        ("{% include toc %}", ""),
    ],
)
def test_an_include_of_a_theme_shows_what_its_name_says(
    tmp_path: Path, written: str, meant: str
) -> None:
    post = "_posts/2026-11-05-bits.md"
    write_site(tmp_path, FILES | {post: f"---\ntitle: Bits\n---\n{written}\n"})

    lifted = lift(tmp_path / post)

    assert meant in lifted.text
    assert not {one.code for one in lifted.findings} - {"site-only"}


def test_lines_break_where_the_configuration_says_so(tmp_path: Path) -> None:
    post = "_posts/2026-11-05-bits.md"
    config = CONFIG + "kramdown: {hard_wrap: true}\n"
    write_site(tmp_path, {"_config.yml": config, post: "---\ntitle: A\n---\nOne\ntwo\n"})

    (_, inline, _) = read_post(tmp_path / post).intro

    assert [child.type for child in inline.children or ()] == ["text", "hardbreak", "text"]


def test_a_date_is_in_the_sites_time_zone(tmp_path: Path) -> None:
    post = "_posts/2026-11-05-bits.md"
    head = "---\ntitle: A\ndate: 2026-11-05 23:30:00\n---\nOne\n"
    write_site(tmp_path, {"_config.yml": CONFIG + "timezone: Asia/Tokyo\n", post: head})

    digest = read_post(tmp_path / post)

    assert str(digest.date) == "2026-11-06 08:30:00+09:00"
    assert digest.url == "https://bits.example/2026/11/06/bits.html"


def test_an_include_that_includes_itself_ends(tmp_path: Path) -> None:
    post = "_posts/2026-11-05-bits.md"
    write_site(tmp_path, FILES | {post: "---\ntitle: Bits\n---\n{% include loop.md %}\n"})

    lifted = lift(tmp_path / post)

    assert told(lifted) == [("include loop.md", 4)]
    assert len(lifted.text) < 300


def test_pictures_lie_below_the_source_with_or_without_the_baseurl(tmp_path: Path) -> None:
    write_site(
        tmp_path,
        {
            "_config.yml": CONFIG + "baseurl: /news\nsource: src\n",
            "src/assets/a.png": "png",
            "src/_posts/2026-11-05-bits.md": "---\ntitle: A\n---\n"
            "![a]({{ '/assets/a.png' | relative_url }}) ![b](/assets/a.png)\n",
        },
    )

    digest = read_post(tmp_path / "src/_posts/2026-11-05-bits.md")

    found = tmp_path.resolve() / "src/assets/a.png"
    assert {src: one.path and one.path.resolve() for src, one in digest.images.items()} == {
        "/news/assets/a.png": found,
        "/assets/a.png": found,
    }
    assert digest.images["/news/assets/a.png"].url == "https://bits.example/news/assets/a.png"


def test_a_reference_that_nothing_defines_keeps_its_words_and_is_named(tmp_path: Path) -> None:
    text = "See [Core *fix* #1][] and [the\nplan][topic\nplan], matrix[i][j], `[a][b]`.\n"
    write_site(tmp_path, {"2026-11-05-a.md": f"---\ntitle: A\n---\n{text}"})

    digest = read_post(tmp_path / "2026-11-05-a.md")

    words = "".join(one.content or " " for one in digest.intro[1].children or ())
    assert "Core  fix  #1 and the plan, matrix[i][j], [a][b]." in words
    (found,) = digest.findings
    assert (found.code, found.line) == ("link-undefined", 4)
    assert "“Core fix #1”, “topic plan”" in found.message
