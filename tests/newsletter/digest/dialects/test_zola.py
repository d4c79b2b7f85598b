"""Zola's posts: shortcodes, links between files, and where a page is published.

Zola itself is no package of Debian or PyPI, so these rules are those of its documentation.
"""

from pathlib import Path

import pytest

from newsletter.digest.dialects.recognition import recognise
from newsletter.digest.dialects.zola.shortcodes import lift_shortcodes
from newsletter.digest.model import Digest
from newsletter.digest.site import Site
from tests.newsletter.digest.dialects.lifting import in_english, page
from tests.newsletter.digest.writing import codes, read, write_post

BASE = 'base_url = "https://site.example/sub"\n'
POST = '+++\ntitle = "A Title"\ndate = 2026-04-02\n{}\n+++\nWords.\n'


def _shown(body: str, folder: Path) -> str:
    lifted = in_english(lift_shortcodes(body, page(folder, body, Site(folder))))
    lines = [line.rstrip() for line in lifted.text.split("\n")]
    return "\n".join(line for line in lines if line)


def _read(folder: Path, name: str, text: str, config: str = "") -> Digest:
    write_post(folder, BASE + config, "config.toml")
    return read(folder, text, f"content/{name}")


@pytest.mark.parametrize(
    ("config", "name", "more", "path"),
    [
        ("", "blog/One Two.md", "", "blog/one-two/"),
        ("", "blog/2026-11-05-one.md", "", "blog/one/"),
        ("", "blog/2026-11-05_one/index.md", "", "blog/one/"),
        ("", "blog/one.md", 'slug = "It\'s Übergröße"', "blog/it-s-ubergrosse/"),
        ("", "blog/one.md", 'path = "a/b.html"', "a/b.html/"),
        ("", "blog/one.md", 'path = "/a/b/"', "a/b/"),
        ("", "Big Folder/one.md", "", "Big%20Folder/one/"),
        ("", "one.md", "", "one/"),
        ("", "blog/_index.md", "", "blog/"),
        ("", "_index.md", "", ""),
        ('[slugify]\npaths = "safe"', "blog/Ein Ü?.md", "", "blog/Ein%20%C3%9C/"),
        ('[slugify]\npaths = "off"', "blog/A.B.md", "", "blog/A.B/"),
        (
            "[slugify]\npaths_keep_dates = true",
            "blog/2026-11-05-one.md",
            "",
            "blog/2026-11-05-one/",
        ),
        ("[languages.de]", "blog/one.de.md", "", "de/blog/one/"),
        ("[languages.de]", "blog/one.en.md", "", "blog/one/"),
        ("[languages.de]", "blog/one/index.de.md", "", "de/blog/one/"),
        ("[languages.de]", "blog/one.de.md", 'path = "x"', "x/"),
        ("[languages.de]", "_index.de.md", "", "de/"),
    ],
)
def test_the_address_of_a_post_follows_zolas_rules(
    tmp_path: Path, config: str, name: str, more: str, path: str
) -> None:
    digest = _read(tmp_path, name, POST.format(more), config)

    assert digest.url == f"https://site.example/sub/{path}"


def test_a_name_in_another_script_has_no_address_that_can_be_told(tmp_path: Path) -> None:
    assert _read(tmp_path, "blog/日本.md", POST.format("")).url is None


def test_the_language_of_a_file_is_the_posts_own(tmp_path: Path) -> None:
    config = 'default_language = "fr"\n[languages.de]\n'

    assert _read(tmp_path, "one.de.md", POST.format(""), config).language == "de"
    assert _read(tmp_path, "one.md", POST.format(""), config).language == "fr"


def test_links_between_files_lead_to_their_pages(tmp_path: Path) -> None:
    write_post(tmp_path, POST.format('path = "elsewhere"'), "content/notes/two.md")
    body = "[a](@/notes/two.md#part) [b](@/notes/none.md) [c](/img/x) [d](e/) [f](../two.md)\n"

    digest = _read(tmp_path, "blog/one.md", POST.format("").replace("Words.\n", body))

    links = [
        child.attrs["href"]
        for token in digest.intro
        for child in token.children or ()
        if child.type == "link_open"
    ]
    assert links == [
        "https://site.example/sub/elsewhere/#part",
        "https://site.example/img/x",
        "https://site.example/sub/blog/one/e/",
    ]
    assert codes(digest) == ["link-relative", "link-relative"]
    # The site's address is known: to set it would mend nothing.
    assert {one.mend for one in digest.findings} == {
        "Name a page that is there, or write the whole address."
    }


def test_pictures_are_found_beside_the_post_and_among_the_static_files(tmp_path: Path) -> None:
    for name in ("content/blog/one/a.png", "static/b.png", "content/blog/one/c.png"):
        write_post(tmp_path, b"png", name)
    body = "![a](a.png) ![b](/b.png) ![c](/blog/one/c.png)\n"

    digest = _read(tmp_path, "blog/one/index.md", POST.format("").replace("Words.\n", body))

    assert [image.path is not None for image in digest.images.values()] == [True, True, True]
    assert digest.images["a.png"].url == "https://site.example/sub/blog/one/a.png"


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (
            '{{ youtube(id="abc", autoplay=true) }}',
            "[Watch the video: youtube.com](<https://www.youtube.com/watch?v=abc>)",
        ),
        ("{{ vimeo(id='12') }}", "[Watch the video: vimeo.com](<https://vimeo.com/12>)"),
        (
            '{{ gist(url="https://gist.github.com/a/1", class="x") }}',
            "[See it online: gist.github.com](<https://gist.github.com/a/1>)",
        ),
        ('{{ figure(src="a.png", alt="A") }}', "![A](a.png)"),
        (
            "{{ resize_image(path=`a b.png`, width=300, op='fit_width') }}",
            '![](a%20b.png){width="300"}',
        ),
        ('{% quote(author="Ada") %}\nWise *words*\n{% end %}', ">\n> Wise *words*\n>\n— Ada"),
        ("Before {{ own_thing(a=[1, 2]) }} after", "Before  after"),
        ("{% own() %}\nA {{ b() }}c\n{% end %}\nd", "A c\nd"),
        ('Show {{/* youtube(id="a") */}} so', 'Show \\{\\{ youtube(id="a") \\}\\} so'),
        ("`{%/* quote() */%}`", "`{% quote() %}`"),
        (
            '```\n{{ youtube(id="a") }}\n{{/* x() */}}\n```',
            '```\n{{ youtube(id="a") }}\n{{ x() }}\n```',
        ),
        ("{{ not_closed(a='b }} words", "{{ not_closed(a='b }} words"),
        ("{% end %}words", "words"),
    ],
)
def test_shortcodes_become_markdown(tmp_path: Path, body: str, shown: str) -> None:
    assert _shown(body, tmp_path) == shown


def test_a_sites_own_shortcode_without_logic_is_filled_in(tmp_path: Path) -> None:
    write_post(tmp_path, "{# a remark #}<b>{{ who }}</b>", "templates/shortcodes/hello.html")
    write_post(tmp_path, "*{{ body }}* {{ n | safe }}", "templates/shortcodes/wrap.md")
    write_post(tmp_path, "{% if a %}x{% endif %}", "templates/shortcodes/logic.html")

    assert _shown('A {{ hello(who="x & *y*") }}', tmp_path) == "A <b>x \\& \\*y\\*</b>"
    assert _shown('A {% wrap(n="<i>z</i>") %}b{% end %}', tmp_path) == "A *b* <i>z</i>"
    assert _shown("A {{ logic(a=1) }}", tmp_path) == "A"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('+++\ntitle = "A"\n[extra]\nx = 1\n+++\nWords', "zola"),
        ('+++\ntitle = "A"\n[taxonomies]\ntags = ["x"]\n+++\nWords', "zola"),
        ('+++\ntitle = "A"\n+++\n[x](@/blog/a.md)', "zola"),
        ('+++\ntitle = "A"\n+++\n{{ youtube(id="a") }}', "zola"),
        ('+++\ntitle = "A"\n+++\nWords', "hugo"),
        ('+++\ntitle = "A"\n[extra]\n+++\n{{< note >}}', "hugo"),
    ],
)
def test_a_post_without_a_site_is_told_from_one_for_hugo(
    tmp_path: Path, text: str, name: str
) -> None:
    assert recognise(write_post(tmp_path, text), text).dialect.name == name


def test_a_configuration_with_a_base_url_is_zolas(tmp_path: Path) -> None:
    write_post(tmp_path, BASE, "config.toml")
    post = write_post(tmp_path, "+++\n+++\n# A\n", "content/a.md")

    assert recognise(post, "# A").dialect.name == "zola"
    assert recognise(post, "# A").root == tmp_path.resolve()
