"""Hugo itself publishes these sites; what we read of each post is the same."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from newsletter.digest.reader import read_post
from tests.conftest import need
from tests.generators.differences import differences
from tests.generators.published import articles, build, write_site

pytestmark = pytest.mark.part("hugo")

Files = Mapping[str, str | bytes]
BASE = "https://site.example/sub/"
PAGE = (
    "<!doctype html>{{ with .File }}"
    '<article data-source="{{ .Filename }}" data-url="{{ $.Permalink }}">{{ $.Content }}</article>'
    "{{ end }}"
)


def _post(title: str, *lines: str, body: str = "Words.\n") -> str:
    head = "\n".join((f'title: "{title}"', "date: 2026-04-02T23:30:00-05:00", *lines))
    return f"---\n{head}\n---\n{body}"


POSTS: Files = {
    "content/about.md": _post("The Über  Post -- A & B!"),
    "content/blog/_index.md": "---\ntitle: Blog\n---\n[x](one/)\n",
    "content/blog/one.md": _post(
        "Two/Words: “so”", body="![x](a.png) [a](../two-words/) [b](/c/) [d](#e) <https://f>\n"
    ),
    "content/blog/Two Words/index.md": _post(
        "It's 100% — C++ & C#", body="![x](a.png) ![y](/img/b.png) [c](d/e)\n"
    ),
    "content/blog/Two Words/a.png": b"png",
    "content/blog/2026/three_3.md": _post("Vier.Punkt_Null"),
    "content/blog/2026/März (4).md": _post("Ünd so weiter…", "slug: 'Vier & Ü'"),
    "content/blog/sec/_index.md": "---\ntitle: Sec\n---\n",
    "content/blog/sec/tion/five.md": _post("日本語の題"),
    "content/blog/sec/tion/inner/index.md": _post("Six", "slug: six", body="![x](a.png)\n"),
    "content/blog/sec/tion/inner/a.png": b"png",
    "content/blog/rooted.md": _post("Seven", "url: /Some/Where/"),
    "content/blog/relative.md": _post("Eight", "url: some/where"),
    "content/blog/file.md": _post("Nine", "url: /some/page.html"),
    "content/notes/A.b.C.md": _post("Ten"),
    "content/notes/draft.md": _post("Eleven", "draft: true", "aliases: [/old/, older]"),
    "static/img/b.png": b"png",
}


def _differences(folder: Path, config: str | None, files: Files) -> list[str]:
    """Build a site and return what differs in any of its posts."""
    layouts = {"layouts/_default/single.html": PAGE, "layouts/_default/list.html": PAGE}
    settings = {"hugo.toml": f'baseURL = "{BASE}"\n{config}'} if config is not None else {}
    write_site(folder, {**layouts, **settings, **files})
    build(folder, need("hugo")["hugo"], "--quiet", "--buildDrafts", "--buildFuture", "-d", "public")
    found = articles(folder / "public", BASE)
    posts = [folder / one for one in files if one.endswith(".md")]
    assert found, "the site has no articles"
    return [
        f"{post.name}: {one}" for post in posts for one in differences(post, found.get(str(post)))
    ]


@pytest.mark.parametrize(
    "config",
    [
        "",
        "uglyURLs = true",
        "disablePathToLower = true",
        "removePathAccents = true",
        "canonifyURLs = true",
        "relativeURLs = true",
        '[permalinks]\nblog = "/:year/:month/:day/:slug/"\nnotes = "/n/:title"',
        '[permalinks]\nblog = "/:section/:filename/"\n"/" = "/pages/:slug"',
        '[permalinks]\nblog = "/:sections/:slugorfilename/:yearday/"',
        '[permalinks]\nblog = "/x/:sections[1:]/:sections[last]/:sections[0]/:slug"',
        '[permalinks]\nblog = "/:monthname/:weekday/:weekdayname/:06/:1/:2/:Jan/:title/"',
        '[permalinks]\nblog = "/a/b/:slug.html"',
        'uglyURLs = true\n[permalinks]\nblog = "/:year/:slug"',
        "[uglyURLs]\nblog = true",
    ],
)
def test_every_page_lives_where_hugo_puts_it(tmp_path: Path, config: str) -> None:
    assert _differences(tmp_path, config, POSTS) == []


LANGUAGES: Files = {
    "content/blog/_index.md": _post("Blog"),
    "content/blog/_index.de.md": _post("Blog auf Deutsch"),
    "content/blog/one.md": _post("One", body="![x](a.png) [y](/z/) [v](../w/)\n"),
    "content/blog/one.de.md": _post("Eins", body="![x](a.png) [y](/z/) [v](../w/)\n"),
    "content/blog/two/index.md": _post("Two", body="![x](a.png)\n"),
    "content/blog/two/index.de.md": _post("Zwei", "slug: zwei", body="![x](a.png)\n"),
    "content/blog/two/a.png": b"png",
    "content/rooted.de.md": _post("Drei", "url: /ganz/woanders/"),
    "content/relative.de.md": _post("Vier", "url: ganz/woanders/auch"),
    "content/dot.x.md": _post("Five"),
}


@pytest.mark.parametrize(
    "config",
    [
        "[languages.en]\n[languages.de]",
        "defaultContentLanguageInSubdir = true\n[languages.en]\n[languages.de]",
        'defaultContentLanguage = "de"\n[languages.de]\nweight = 2\n[languages.en]\nweight = 1',
        'uglyURLs = true\n[permalinks]\nblog = "/:year/:slug/"\n[languages.en]\n[languages.de]',
        '[languages.en]\nbaseURL = "https://en.example/x/"\n'
        '[languages.de]\nbaseURL = "https://de.example/"',
        'disableLanguages = ["de"]\n[languages.en]\n[languages.de]',
    ],
)
def test_translations_by_name_live_where_hugo_puts_them(tmp_path: Path, config: str) -> None:
    files: Files = dict(LANGUAGES)
    if 'Language = "de"' in config:
        files = {name.replace(".de.", ".en."): text for name, text in files.items()}
    elif "disable" in config:
        files = {name: text for name, text in files.items() if ".de." not in name}

    assert _differences(tmp_path, config, files) == []


def test_translations_in_folders_of_their_own_live_where_hugo_puts_them(tmp_path: Path) -> None:
    config = (
        'staticDir = ["static", "more"]\n[languages.en]\ncontentDir = "content/english"\n'
        '[languages.de]\ncontentDir = "inhalt"'
    )
    files: Files = {
        "content/english/blog/one.md": _post("One", body="![x](/a.png) ![y](/b.png)\n"),
        "inhalt/blog/eins/index.md": _post("Eins", body="![x](a.png)\n"),
        "inhalt/blog/eins/a.png": b"png",
        "static/a.png": b"png",
        "more/b.png": b"png",
    }

    assert _differences(tmp_path, config, files) == []


def test_a_folder_of_settings_is_read_as_hugo_reads_it(tmp_path: Path) -> None:
    files: Files = {
        "config/_default/config.yaml": "baseURL: http://localhost:1313/\ndefaultContentLanguage: en\n",
        "config/_default/permalinks.toml": 'blog = "/:year/:slug/"',
        "config/_default/languages.yml": "en: {weight: 1}\nde: {weight: 2}\n",
        "config/_default/params.toml": 'who = "Ada"',
        "config/production/hugo.json": f'{{"baseURL": "{BASE}", "uglyURLs": true}}',
        **LANGUAGES,
    }

    assert _differences(tmp_path, None, files) == []


def test_mounted_folders_are_content_as_in_hugo(tmp_path: Path) -> None:
    config = (
        '[[module.mounts]]\nsource = "content"\ntarget = "content"\n'
        '[[module.mounts]]\nsource = "digests"\ntarget = "content/blog/digests"\n'
        '[[module.mounts]]\nsource = "pictures"\ntarget = "static/img"\n'
        '[permalinks]\nblog = "/:sections/:slug/"'
    )
    files: Files = {
        "content/blog/_index.md": _post("Blog"),
        "content/blog/one.md": _post("One"),
        "digests/two/index.md": _post("Two", body="![x](a.png) ![y](/img/b.png)\n"),
        "digests/two/a.png": b"png",
        "digests/_index.md": _post("Digests"),
        "pictures/b.png": b"png",
    }

    assert _differences(tmp_path, config, files) == []


def test_a_dated_name_is_date_and_slug_where_the_site_says_so(tmp_path: Path) -> None:
    config = '[frontmatter]\ndate = [":filename", ":default"]\n[permalinks]\nblog = "/:year/:month/:slug/"'
    files: Files = {
        "content/blog/_index.md": _post("Blog"),
        "content/blog/2026-11-05-one-two.md": _post("One"),
        "content/blog/2026-11-06-three.md": "---\ntitle: Three\nslug: drei\n---\nWords.\n",
        "content/blog/2026-11-07-four/index.md": "---\ntitle: Four\n---\nWords.\n",
        "content/blog/five.md": _post("Five"),
    }

    assert _differences(tmp_path, config, files) == []


def test_references_lead_where_hugo_leads_them(tmp_path: Path) -> None:
    body = """\
[1]({{< ref "two" >}}) [2]({{< relref "/blog/two/index.md#part" >}}) [3]({{% ref "/notes/n.md" %}})
[4]({{< ref "#here" >}}) [5]({{< ref path="unique.md" >}}) [6]({{< ref "/blog" >}}) [7][seven]
[8]({{< relref path="/notes/n.md" lang="de" >}}) <a href="{{< ref "/notes/n" >}}">nine</a>

[seven]: {{< ref "dated" >}}
"""
    files: Files = {
        "content/blog/_index.md": _post("Blog", body='[x]({{< ref "two" >}})\n'),
        "content/blog/one.md": _post("One", body=body),
        "content/blog/two/index.md": _post("Two", "slug: zwei", body='[x]({{< ref "one" >}})\n'),
        "content/blog/2026/dated.md": _post("Dated", "url: /on/a/day/"),
        "content/notes/n.md": _post("N", body='[x]({{< relref "unique" >}})\n'),
        "content/notes/n.de.md": _post("N", "slug: enn", body='[x]({{< ref "/notes/n" >}})\n'),
        "content/notes/deep/unique.md": _post("Unique"),
    }

    assert _differences(tmp_path, "[languages.en]\n[languages.de]", files) == []


def test_figures_and_own_shortcodes_show_the_pictures_that_hugo_shows(tmp_path: Path) -> None:
    body = """\
{{< figure src="a.png" link="/l/" attr="Ada" attrlink="https://ada.example/" caption="[c](c/)" >}}

{{< figure src="/img/b.png" title="T" >}} {{< own "/img/c.png" >}}

{{% promo url="https://p.example/?a=1&b=2" %}}*Words* and ![d](d.png){{% /promo %}}
"""
    files: Files = {
        "content/blog/one/index.md": _post("One", body=body),
        "content/blog/one/a.png": b"png",
        "content/blog/one/d.png": b"png",
        "static/img/b.png": b"png",
        "static/img/c.png": b"png",
        "layouts/shortcodes/own.html": '<img src="{{ .Get 0 }}" alt="{{/* none */}}">',
        "layouts/shortcodes/promo.html": '<a href="{{ .Get "url" }}">Buy</a> {{ .Inner }}',
    }

    assert _differences(tmp_path, "[markup.goldmark.renderer]\nunsafe = true", files) == []


def test_a_link_to_a_file_that_hugo_leaves_dead_is_named(tmp_path: Path) -> None:
    files: Files = {
        "content/blog/one.md": _post(
            "One", body="[x](two.md#part) [y](none.md) [z](/blog/two.md)\n"
        ),
        "content/blog/two.md": _post("Two"),
    }

    assert _differences(tmp_path, "", files) == []


def test_front_matter_of_every_kind_is_read_as_hugo_reads_it(tmp_path: Path) -> None:
    config = '[permalinks]\nblog = "/:year/:month/:day/:slug/"\nnotes = "/n/:slugorfilename/"'
    files: Files = {
        "content/blog/_index.md": _post("Blog"),
        "content/blog/a.md": "+++\ntitle = 'In TOML'\ndate = 2026-04-02\n+++\nWords.\n",
        "content/blog/b.md": '+++\ntitle = "B"\ndate = 2026-04-02T23:30:00-08:00\n+++\nWords.\n',
        "content/blog/c.md": '{\n"title": "In JSON",\n"date": "2026-04-03T01:00:00+09:00"\n}\nWords.\n',
        "content/blog/d.md": "---\ntitle: D\npublishDate: 2026-04-05\nlastmod: 2026-04-06\n---\nWords.\n",
        "content/blog/e.md": "---\ntitle: E\nDate: '2026-04-07'\nSlug: An E\n---\nWords.\n",
        "content/blog/f.md": "---\ntitle: 2026\ndate: 2026-04-08 09:10:11\n---\nWords.\n",
        "content/notes/g.md": "---\ntitle: G\nslug: 007\n---\nWords.\n",
        "content/notes/i.md": "---\ntitle: I\naliases: [/n/old, older.html]\n---\n[x](/n/old/)\n",
    }

    assert _differences(tmp_path, config, files) == []


def test_what_sections_and_the_site_hand_down_counts_as_in_hugo(tmp_path: Path) -> None:
    config = (
        '[permalinks]\nblog = "/:year/:month/:slug/"\nnotes = "/:year/:slug/"\n'
        '[[cascade]]\ndate = 2021-01-02\n[cascade._target]\npath = "/notes/**"\n'
        '[[cascade]]\nslug = "handed"\n[cascade._target]\nkind = "page"\npath = "/notes/*"'
    )
    bare = "---\ntitle: Bare\n---\n![x](a.png)\n"
    files: Files = {
        "content/blog/_index.md": "---\ntitle: Blog\ncascade: {date: 2022-03-04, images: [x.png]}\n---\n",
        "content/blog/one.md": bare,
        "content/blog/dated.md": "---\ntitle: Dated\ndate: 2026-05-06\n---\nWords.\n",
        # Of two that aim at a page and say the same thing Hugo takes one or the other.
        "content/blog/deep/_index.md": "---\ntitle: Deep\ncascade:\n- slug: within\n"
        "  _target: {path: '{/blog/deep/b*,/blog/deep/b*/**}'}\n---\n",
        "content/blog/near/_index.md": "---\ntitle: Near\ncascade: {date: 2023-05-06}\n---\n",
        "content/blog/near/three.md": bare.replace("Bare", "Three"),
        "content/blog/deep/bundle/index.md": bare.replace("Bare", "Bundle"),
        "content/blog/deep/bundle/a.png": b"png",
        "content/blog/deep/other.md": bare.replace("Bare", "Other"),
        "content/notes/two.md": bare.replace("Bare", "Two"),
        "content/about.md": bare.replace("Bare", "About"),
    }

    assert _differences(tmp_path, config, files) == []
    assert read_post(tmp_path / "content/blog/one.md").cover.src == "x.png"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("hook", "is_told"),
    [
        ('<a href="{{ .Destination | safeURL }}" rel="x">{{ .Text | safeHTML }}</a>', False),
        ('<a href="{{ .Destination | safeURL }}?from=blog">{{ .Text | safeHTML }}</a>', True),
        ('<a href="{{ .Destination | printf "/out%s" }}">{{ .Text | safeHTML }}</a>', True),
        ('{{ $u := .Destination }}<a href="{{ printf "/out%s" $u }}">{{ .Text }}</a>', True),
    ],
)
def test_a_template_that_leads_links_elsewhere_is_named(
    tmp_path: Path, hook: str, is_told: bool
) -> None:
    files: Files = {
        "content/one.md": _post("One", body="[x](/a/)\n"),
        "layouts/_default/_markup/render-link.html": hook,
    }

    _differences(tmp_path, "", files)

    codes = [one.code for one in read_post(tmp_path / "content/one.md").findings]
    assert ("render-hook" in codes) is is_told
