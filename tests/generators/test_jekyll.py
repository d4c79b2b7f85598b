"""Jekyll itself publishes these sites; what we read of each post is the same."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.conftest import need
from tests.generators.differences import differences
from tests.generators.published import articles, build, write_site

pytestmark = pytest.mark.part("jekyll")

ORIGIN = "https://site.example"
LAYOUT = (
    '<!doctype html><article data-source="{{ page.path }}"'
    ' data-url="{{ page.url | absolute_url }}">{{ content }}</article>'
)
DEFAULTS = "defaults: [{scope: {path: ''}, values: {layout: default}}]\n"
POST = "---\ntitle: The Post\n---\n"
BODY = """
{% assign wiki = "https://wiki.example/" %}
![x](/assets/a b.png){: width="300" .wide} [y]({{ '/about/' | relative_url }}) [z](b.html)
[w](https://a.example/?x=1&y=2){:target="_blank"} [v]({{ wiki }}One) [u]({{ site.url }}/u)
[t]({% link about.md %}) [s]({% post_url 2026-01-02-older %}) [r][far] [q](mailto:a@b.example)
{: .lead}

{% include links.md to="https://from.example/x" %}

{% for one in site.data.places %}
- [{{ one.name }}]({{ one.url | append: '?a=1' }})
{% endfor %}

<div markdown="1" class="note">
[inner](/inner/)
</div>

{% if page.title contains "Post" %}[p](/p){% else %}[not](/not){% endif %}

[far]: https://far.example/
"""
FILES: Mapping[str, str | bytes] = {
    "_layouts/default.html": LAYOUT,
    "_includes/links.md": "[inc]({{ include.to }}) [{{ page.title }}]({{ page.url | relative_url }})\n",
    "_data/places.yml": "- {name: One, url: 'https://one.example/'}\n- {name: Two, url: /two/}\n",
    "assets/a b.png": b"png",
    "about.md": "---\ntitle: About\n---\nAbout.\n",
    "_posts/2026-01-02-older.md": "---\ntitle: Older\ncategories: talks and\n---\nx\n",
}


def _differences(folder: Path, config: str, files: Mapping[str, str | bytes]) -> list[str]:
    """Build a site and return what differs in any of its posts."""
    config = f"url: {ORIGIN}\n{DEFAULTS}quiet: true\n{config}"
    write_site(folder, {"_config.yml": config, **FILES, **files})
    env = {**os.environ, "TZ": "UTC", "LC_ALL": "C.UTF-8"}
    build(folder, need("jekyll")["jekyll"], "build", "--disable-disk-cache", env=env)
    found = articles(folder / "_site", ORIGIN)
    posts = [name for name in files if name.endswith(".md") and "_includes/" not in name]
    return [
        f"{name}: {one}"
        for name in posts
        for one in differences(folder / name, found.get(name.removeprefix("all/")))
    ]


@pytest.mark.parametrize(
    "config",
    [
        "baseurl: /sub\n",
        "permalink: pretty\nbaseurl: /sub/\n",
        "permalink: /:categories/:year/W:week/:short_day-:i_day/:slug.html\ntimezone: Asia/Tokyo\n",
    ],
)
def test_addresses_are_those_that_jekyll_makes(tmp_path: Path, config: str) -> None:
    files = {
        "_posts/2026-04-02-The-Post of_April.md": POST + BODY,
        "_posts/2026-04-03-at-night.md": "---\ndate: 2026-04-03 23:30:00\n---\n[y](b)\n",
        "_posts/2026-04-04-zoned.md": "---\ndate: 2026-04-04 23:30:00 -0800\n---\n[y](b)\n",
        "_posts/2026-04-05-zoned-text.md": '---\ndate: "2026-04-05 23:30"\n---\n[y](b)\n',
        "talks/_posts/2026-04-06-été.md": "---\ncategory: Un Jour\n---\n[y](../b)\n",
        "_posts/deep/2026-04-07-a.md": "---\ncategories: [A b, c]\nslug: My Slug\n---\n[y](b)\n",
        "_posts/2026-04-08-b.md": "---\npermalink: /x/:year/:title\n---\n[y](b)\n",
        "_posts/2026-04-09-c.md": "---\npublished: false\n---\n[y](b)\n",
        "page.md": "---\ntitle: A\n---\n[y](b)\n",
        "deep/index.md": "---\ntitle: A\n---\n[y](b)\n",
    }

    found = _differences(tmp_path, config, files)

    assert found == []


def test_collections_and_defaults_publish_where_jekyll_does(tmp_path: Path) -> None:
    config = (
        "collections:\n  notes: {output: true}\n  memos: {output: true, permalink: '/m/:name/'}\n"
        "  hidden: {output: false}\n"
        "collections_dir: all\ndefaults:\n- {scope: {path: ''}, values: {layout: default}}\n"
        "- {scope: {path: '', type: posts}, values: {permalink: '/p/:y_day/:title/'}}\n"
        "- {scope: {path: all/_posts/special}, values: {permalink: '/s/:title/'}}\n"
    )
    files = {
        "all/_notes/deep/My Note.md": POST + "[y](b)\n",
        "all/_memos/A Memo.md": POST + "[y](b)\n",
        "all/_hidden/a.md": POST + "[y](b)\n",
        "all/_posts/2026-04-02-a.md": POST
        + "[y]({% post_url 2026-01-02-older %}) [z]({% link _memos/A Memo.md %})\n",
        "all/_posts/special/2026-04-02-b.md": POST + "[y](b)\n",
    }
    write_site(tmp_path, {"all/_posts/2026-01-02-older.md": POST})

    found = _differences(tmp_path, config, files)

    assert found == []
