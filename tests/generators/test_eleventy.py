"""Eleventy itself publishes these sites; what we read of each post is the same."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.conftest import need
from tests.generators.differences import differences
from tests.generators.published import articles, build, write_site

pytestmark = pytest.mark.part("eleventy")

ORIGIN = "https://site.example"
LAYOUT = (
    '<!doctype html><article data-source="{{ page.inputPath }}"'
    ' data-url="{{ metadata.url }}{{ pathPrefix }}{{ page.url | urlencode | replace("%2F", "/") }}">'
    "{{ content | safe }}</article>"
)
CONFIG = """
import { HtmlBasePlugin } from "@11ty/eleventy";
export default function (eleventyConfig) {
  %s
  // eleventyConfig.addGlobalData("layout", "other.njk");
  eleventyConfig.addGlobalData("layout", "article.njk");
  eleventyConfig.addGlobalData("wiki", "https://wiki.example/");
  eleventyConfig.addGlobalData("pathPrefix", () => "%s");
  eleventyConfig.addPassthroughCopy("src/img");
  return { dir: { input: "src", output: "out", includes: "_parts" }, pathPrefix: "%s"%s };
}
"""
BODY = """
![x](/img/a.png) [y]({{ '/about/' | url }}) [z](b/) [w](https://a.example/?x=1&y=2)
[v]({{ wiki }}One) [u]({{ metadata.url }}/u) [t]({{ page.url }}t) {% assign where = "https://s.example/" %}[s]({{ where }}{{ title | slugify }})

{% for one in places %}
- [{{ one.name }}]({{ one.url | append: '?a=1' }})
{% endfor %}

{% if tags contains "wind" %}[p](/p){% else %}[not](/not){% endif %}

{% raw %}{{ shown }}{% endraw %}

{% include "link.liquid" %}
"""
NUNJUCKS = """
{% set where = "https://s.example/" %}[s]({{ where }}{{ title | lower | replace(" ", "-") }}) {# [no](/no) #}

{% if draft %}[not](/not){% elif title %}[yes](/yes){% endif %}

{% for one in places %}
- [{{ one.name }}]({{ one.url | default("/x") }})
{% endfor %}

{% include "link.njk" %} [y]({{ "/about/" | url }}) ![x](/img/a.png)

{% macro go(to, words="there") %}[{{ words }}]({{ to }}){% endmacro %}
{% from "macros.njk" import far %}{% import "macros.njk" as more %}
{{ go("/one/") }} {{ go(words="b", to="/two/" ~ title | lower) }} {{ far("x") }} {{ more.far("y") }}
"""
FILES: Mapping[str, str | bytes] = {
    "package.json": '{"type": "module"}',
    "src/_parts/article.njk": LAYOUT,
    "src/_parts/link.liquid": "[inc](/inc/{{ page.fileSlug }})",
    "src/_parts/macros.njk": "{% macro far(name) %}[{{ name }}](https://far.example/{{ name }}){% endmacro %}",
    "src/_parts/link.njk": "[inc](/inc/{{ page.fileSlug }})",
    "src/_data/metadata.js": f'export default {{ title: "Site", url: "{ORIGIN}" }};\n',
    "src/_data/places.json": '[{"name": "One", "url": "https://one.example/"}, {"name": "Two", "url": "/two/"}]',
    "src/img/a.png": b"png",
    "src/blog/blog.json": '{"permalink": "/{{ page.date | date: \'%Y/%m\' }}/{{ page.fileSlug }}/", "tags": ["wind"]}',
}  # fmt: skip
POST = "---\ntitle: The Post's Größe & Maß\n---\n"


def _differences(folder: Path, config: str, prefix: str, posts: Mapping[str, str]) -> list[str]:
    """Build a site and return what differs in any of its posts."""
    write_site(folder, {**FILES, **posts, "eleventy.config.js": config})
    eleventy = need("eleventy")["eleventy"]
    (folder / "node_modules").symlink_to(eleventy.parent.parent)
    build(folder, eleventy, "--quiet")
    found = articles(folder / "out", ORIGIN + prefix)
    return [
        f"{name}: {one}"
        for name in posts
        for one in differences(folder / name, found.get(f"./{name}"))
    ]


@pytest.mark.parametrize(
    ("plugin", "prefix"),
    [("", "/"), ("", "/sub/"), ("eleventyConfig.addPlugin(HtmlBasePlugin);", "/sub/")],
    ids=["root", "prefix", "plugin"],
)
def test_addresses_are_those_that_eleventy_makes(tmp_path: Path, plugin: str, prefix: str) -> None:
    config = CONFIG % (plugin, prefix.rstrip("/"), prefix, "")
    posts = {
        "src/blog/2026-04-02-The_Post.md": POST + BODY,
        "src/notes/2026-04-03-My Note.md": POST + "[y](b)\n",
        "src/notes/notes.md": POST + "[y](b)\n",
        "src/deep/er/index.md": POST + "[y](b) [z](/z)\n",
        "src/own.md": "---\ntitle: A\npermalink: /x/{{ title | slugify }}.html\n---\n[y](b)\n",
        "src/computed.md": "---\ntitle: A b\neleventyComputed:\n"
        '  permalink: "/c/{{ title | slugify }}/index.html"\n---\n[y](b)\n',
        "src/none.md": "---\ntitle: A\npermalink: false\n---\n[y](b)\n",
    }

    found = _differences(tmp_path, config, prefix, posts)

    assert found == []


def test_nunjucks_in_markdown_is_read_where_it_agrees_with_liquid(tmp_path: Path) -> None:
    config = CONFIG % ("", "", "/", ', markdownTemplateEngine: "njk"')

    found = _differences(
        tmp_path, config, "/", {"src/notes/a.md": "---\ntitle: A b\n---\n" + NUNJUCKS}
    )

    assert found == []
