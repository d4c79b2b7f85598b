"""Eleventy's posts: data around them, titles that are computed, templates, permalinks."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.digest.dialects.eleventy.configuration import read_configuration
from newsletter.digest.dialects.eleventy.filters import prefixed, slugify
from newsletter.digest.reader import read_post
from tests.limits import soon
from tests.newsletter.digest.dialects.lifting import body, lift, page_of, told, write_site
from tests.newsletter.digest.writing import codes

SITE = {
    "eleventy.config.js": "export default (c) => { c.addGlobalData('wiki', 'https://w.example/'); };\n"
    'export const config = { dir: { input: "src" }, pathPrefix: "/sub" };\n',
    "src/_data/metadata.json": '{"url": "https://site.example", "title": "Site"}',
    "src/_data/team/people.yaml": "- {name: Ada}\n- {name: Bob}\n",
    "src/_data/numbers.js": "module.exports = { year: '2026', now: Date.now() };\n",
    "src/_includes/sign.njk": "Yours, {{ by }}",
    "src/blog/blog.json": '{"by": "Ada", "tags": ["wind"]}',
    "src/blog/blog.11tydata.json": '{"lang": "nl"}',
}


def post(folder: Path, text: str, name: str = "src/blog/a.md") -> Path:
    """Write a post into a site and return its file."""
    write_site(folder, SITE | {name: text})
    return folder / name


def test_a_title_is_computed_from_data_around_the_post(tmp_path: Path) -> None:
    head = "---\nissue: 92\neleventyComputed:\n  title: '{{ metadata.title }} {{ issue }}'\n"
    file = post(tmp_path, head + "description: By {{ by }} {{ nobody }}\n---\nWords.\n")

    digest = read_post(file)

    assert (digest.title, digest.description) == ("Site 92", "By Ada")
    assert (digest.tags, digest.language) == (("wind",), "nl")


def test_a_title_is_read_without_a_site(tmp_path: Path) -> None:
    text = "---\nissue: 92\ntitle: Bundle {{ issue }}\n---\n{% set x = 'y' %}Words.\n"
    write_site(tmp_path, {"a.md": text})

    assert read_post(tmp_path / "a.md").title == "Bundle 92"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("{{ by }} {{ page.fileSlug }} {{ page.filePathStem }}", "Ada a /blog/a"),
        ("{{ metadata.title }} {{ wiki }} {{ numbers.year }}", "Site https://w.example/ 2026"),
        ("{{ '/x/' | url }} {{ 'https://y.example/' | url }} {{ 'z' | url }}", "/sub/x/ https://y.example/ z"),
        ("{{ page.url }}", "/blog/a/"),
        ("{% for p in team.people %}{{ p.name }}{% if not loop.last %}, {% endif %}{% endfor %}", "Ada, Bob"),
        ("{% set x = 'one' %}{{ x | upper }}", "ONE"),
        ('{% include "sign.njk" %} {% include "sign" %}', "Yours, Ada Yours, Ada"),
        ("{# hidden #}shown", "shown"),
        ("{{ '3' | default('x') }} {{ nothing | default('x') }}", "3 x"),
        ("{% raw %}{{ x }}{% endraw %}", "&#123;{ x }}"),
    ],
)  # fmt: skip
def test_templates_know_what_lies_around_the_post(tmp_path: Path, written: str, meant: str) -> None:
    lifted = lift(post(tmp_path, f"---\ntitle: A\n---\n{written}\n"))

    assert body(lifted) == meant
    assert lifted.findings == ()


@pytest.mark.parametrize(
    ("written", "left", "name"),
    [
        ("A {{ collections.all.length }} b.", "A  b.", "collections.all.length"),
        ("A {{ numbers.now }} b.", "A  b.", "numbers.now"),
        ("A {{ by | shout }} b.", "A  b.", "by"),
        ('A {% card "x", "y" | z %}b{% endcard %}.', "A b.", "card"),
        ('A {% include "../../secret.txt" %} b.', "A  b.", "include ../../secret.txt"),
    ],
)
def test_what_only_a_build_knows_is_named(
    tmp_path: Path, written: str, left: str, name: str
) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    lifted = lift(post(tmp_path, f"---\ntitle: A\n---\n{written}\n"))

    assert body(lifted) == left
    if name != "card":
        assert told(lifted) == [(name, 4)]


def test_templates_are_left_alone_where_the_post_says_so(tmp_path: Path) -> None:
    lifted = lift(post(tmp_path, "---\ntitle: A\ntemplateEngineOverride: md\n---\n{{ by }}\n"))

    assert body(lifted) == "{{ by }}"


@pytest.mark.parametrize(
    ("name", "head", "path"),
    [
        ("src/2026-11-05-a.md", "", "/2026-11-05-a/"),
        ("src/x/index.md", "", "/x/"),
        ("src/x/x.md", "", "/x/"),
        ("src/2026-11-05-a.md", "permalink: /b/{{ page.fileSlug }}.html", "/b/a.html"),
        ("src/a.md", "permalink: b/index.html", "/b/"),
        ("src/a.md", "permalink: /{{ title | slugify }}/{{ numbers.year }}/", "/the-title/2026/"),
        ("src/a.md", "permalink: /{{ numbers.now }}/", None),
        ("src/a.md", "permalink: '{% if x %}/a/{% endif %}'", None),
        ("src/a.md", "permalink: false", None),
        ("src/a.md", "permalink: {build: /a/}", None),
    ],
)
def test_a_post_lives_where_its_permalink_says(
    tmp_path: Path, name: str, head: str, path: str | None
) -> None:
    file = post(tmp_path, f"---\ntitle: The title\n{head}\n---\nWords.\n", name)

    assert page_of(file).url == (path and "https://site.example/sub" + path)


def test_a_permalink_that_a_script_sets_is_a_finding(tmp_path: Path) -> None:
    script = "module.exports = { permalink: (data) => `/x/${data.page.fileSlug}/` };\n"
    write_site(tmp_path, {"src/blog/blog.11tydata.js": script})

    digest = read_post(post(tmp_path, "---\ntitle: A\n---\nWords.\n"))

    assert digest.url is None
    assert codes(digest) == ["site-unread"]
    assert "blog/blog.11tydata.js" in digest.findings[0].message


def test_pictures_lie_beside_the_post_or_where_they_are_copied_from(tmp_path: Path) -> None:
    config = 'module.exports = (c) => { c.addPassthroughCopy({"./public/": "/"}); c.addPassthroughCopy("src/img"); return {dir: {input: "src"}}; };'
    write_site(
        tmp_path,
        {
            ".eleventy.js": config,
            "src/img/a.png": "png",
            "public/pics/b.png": "png",
            "src/c.png": "png",
            "src/a.md": "---\ntitle: A\n---\n![a](/img/a.png) ![b](/pics/b.png) ![c](c.png)"
            ' {% image "./src/img/a.png", "Alt" %}\n\n{% set x = 1 %}\n',
        },
    )

    digest = read_post(tmp_path / "src/a.md")

    found = {src: one.path.name if one.path else None for src, one in digest.images.items()}
    assert found == {
        "/img/a.png": "a.png",
        "/pics/b.png": "b.png",
        "c.png": "c.png",
        "./src/img/a.png": "a.png",
    }


@pytest.mark.parametrize(
    ("text", "folders"),
    [
        ('module.exports = { dir: { input: "a", includes: "b", data: "c" } };', ("a", "b", "c")),
        ("export default (c) => { c.setInputDirectory('x'); };", ("x", "_includes", "_data")),
        ("module.exports = () => ({ dir: { input: compute() } });", (".", "_includes", "_data")),
        ("// return { dir: { input: 'no' } }\n", (".", "_includes", "_data")),
        ("{{{{", (".", "_includes", "_data")),
    ],
)
def test_a_configuration_is_read_as_text(
    tmp_path: Path, text: str, folders: tuple[str, str, str]
) -> None:
    write_site(tmp_path, {"eleventy.config.js": text})

    found = read_configuration(tmp_path)

    assert (found.input, found.includes, found.data) == folders


def test_slugs_and_prefixes_are_eleventys() -> None:
    assert slugify("The Post's Größe & Maß") == "the-posts-groesse-and-mass"
    assert prefixed("/a/", "/sub/") == "/sub/a/"
    assert prefixed("//a.example/", "/sub/") == "//a.example/"
    with pytest.raises(ValueError, match="script"):
        slugify("日本")


@pytest.mark.parametrize(
    "hostile",
    ["{# " * 80_000, "{#" + "a" * 200_000, "{% set a = " * 20_000, "{{ a | url(" * 20_000],
    ids=range(4),
)
def test_no_body_takes_long(tmp_path: Path, hostile: str) -> None:
    """T12."""
    file = post(tmp_path, "---\ntitle: A\n---\n" + hostile + "\n#}")
    with soon():
        lift(file)


PIECES = st.sampled_from(
    [
        *("{{ ", " }}", "{% ", " %}", "{# ", " #}", "set ", "x", " = ", "include ", '"sign.njk"', "|"),
        *("url", "(", ")", "by", "page.", "for ", " in ", "endfor", "if ", "endif", "\n", "`", "[", "]"),
    ]
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
@soon()
def test_any_body_at_all_is_lifted(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """T12."""
    folder = tmp_path_factory.getbasetemp() / "eleventy"
    lifted = lift(post(folder, f"---\ntitle: A\n---\n{text}\n"))

    assert len(lifted.lines) in (0, lifted.text.count("\n") + 1)
