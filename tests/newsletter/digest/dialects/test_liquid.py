"""Liquid in a post is run as far as it can be known, and never further."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.digest.containers import closing
from newsletter.digest.dialects.dialect import Lifted
from tests.limits import soon
from tests.newsletter.digest.dialects.lifting import body, lift, opening, told, write_site

HEAD = (
    "---\ntitle: Bits of November\ntags: [wind, sea]\nauthor: {name: Ada}\ndate: 2026-11-05\n---\n"
)
SITE = {
    "_config.yml": "url: https://bits.example\nbaseurl: /news\nversion: 1.5\n",
    "_data/team/people.yml": "- name: Ada\n  role: chair\n- name: Bob\n",
    "_data/numbers.csv": "month,count\nMay,3\nJune,5\n",
    "_data/urls.json": '{"docs": "https://docs.example/"}',
}


def run(folder: Path, text: str) -> Lifted:
    """Run a body as the post of a Jekyll site."""
    write_site(folder, SITE | {"_posts/2026-11-05-bits.md": HEAD + text})
    return lift(folder / "_posts/2026-11-05-bits.md")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("{{ page.title }}", "Bits of November"),
        ("{{page.tags[1]}} {{ page['author'].name }}", "sea Ada"),
        ("{{ page.tags | join: ', ' }} {{ page.tags.size }}", "wind, sea 2"),
        ("{{ page.nothing }}.", "."),
        ("{{ page.nothing | default: 'else' }}", "else"),
        ("{{ site.version }} {{ site.baseurl }} {{ site.url }}", "1.5 /news https://bits.example"),
        ("{{ page.date | date: '%-d %B %Y, %^a %j %e' }}", "5 November 2026, THU 309  5"),
        ("{{ page.date | date_to_string }}", "05 Nov 2026"),
        ("{{ page.date | date_to_long_string: 'ordinal' }}", "5th November 2026"),
        ("{{ '2026-01-02' | date: '%d/%m/%y' }}", "02/01/26"),
        ("{{ site.data.team.people[0].role }}", "chair"),
        ("{{ site.data.numbers.last.month }}{{ site.data.urls.docs }}", "Junehttps://docs.example/"),
        ("{{ 'a b' | url_encode | append: '&' | xml_escape }}", "a+b&amp;"),
        ("{{ ' Word ' | strip | upcase | replace: 'O', '0' }}", "W0RD"),
        ("{{ 'a,b,c' | split: ',' | reverse | first }}", "c"),
        ("{{ 7 | divided_by: 2 | plus: 1 }} {{ 7.0 | divided_by: 2 }}", "4 3.5"),
        ("{{ 'Ein Jahr' | slugify }} {{ 'one two three' | truncatewords: 2 }}", "ein-jahr one two..."),
        ("{{ '/a b.png' | relative_url }} {{ 'x' | absolute_url }}", "/news/a%20b.png https://bits.example/news/x"),
        ("{{ 'https://x.example' | relative_url }}", "https://x.example"),
        ("{{ '*so*' | markdownify }}", "<p><em>so</em></p>"),
        ("{{ site.data.team.people | map: 'name' | array_to_sentence_string }}", "Ada and Bob"),
        ("{{ site.data.team.people | where: 'role', 'chair' | size }}", "1"),
        ("a {{- ' b ' -}} c", "a b c"),
        ("{% assign x = 'one' | append: '!' %}{{ x }}", "one!"),
        ("{% capture x %}[{{ page.title }}]{% endcapture %}{{ x }}{{ x }}", "[Bits of November]" * 2),
        ("{% if page.tags contains 'sea' and page.title != blank %}yes{% else %}no{% endif %}", "yes"),
        ("{% unless page.draft %}out{% endunless %}", "out"),
        ("{% if page.a %}1{% elsif page.tags.size > 1 %}2{% else %}3{% endif %}", "2"),
        ("{% case page.tags.first %}{% when 'x', 'wind' %}w{% else %}e{% endcase %}", "w"),
        ("{% for t in page.tags %}{{ forloop.index }}{{ t }}{% unless forloop.last %}, {% endunless %}{% endfor %}", "1wind, 2sea"),
        ("{% for i in (1..9) limit:2 offset:1 reversed %}{{ i }}{% endfor %}", "32"),
        ("{% for i in (1..5) %}{% if i == 3 %}{% break %}{% endif %}{{ i }}{% endfor %}", "12"),
        ("{% for x in page.none %}x{% else %}none{% endfor %}", "none"),
        ("{% comment %}{{ hidden }}{% endcomment %}shown", "shown"),
        ("{% raw %}{{ shown }} `{{ code }}`{% endraw %}", "&#123;{ shown }} `{{ code }}`"),
        ("{% # only for us %}.", "."),
    ],
)  # fmt: skip
def test_what_can_be_known_is_filled_in(tmp_path: Path, written: str, meant: str) -> None:
    lifted = run(tmp_path, written + "\n")

    assert body(lifted) == meant
    assert lifted.findings == ()


@pytest.mark.parametrize(
    ("written", "left", "name"),
    [
        ("Of {{ nobody }} here.", "Of  here.", "nobody"),
        ("Of {{ page.title | fancy }} here.", "Of  here.", "page.title"),
        ("Of {{ site.posts.size }} here.", "Of  here.", "site.posts.size"),
        ("Of {{ page.title ! }} here.", "Of  here.", "page.title"),
        (
            "{% if site.posts.size > 1 %}Kept.{% else %}Not.{% endif %}",
            "Kept.",
            "if site.posts.size > 1",
        ),
        ("{% mybox %}Kept *words*.{% endmybox %}", "Kept *words*.", "mybox"),
        ("Before {% widget a b %} after.", "Before  after.", "widget"),
        ("{% break %}Kept.", "Kept.", "break"),
    ],
)
def test_what_cannot_be_known_is_named_and_the_words_in_it_stay(
    tmp_path: Path, written: str, left: str, name: str
) -> None:
    lifted = run(tmp_path, written + "\n")

    assert body(lifted) == left
    assert told(lifted) == [(name, 7)]


@pytest.mark.parametrize(
    "written", ["{% widget %}", "{% for p in site.posts %}{{ p.title }}{% endfor %}", "{{ odd }}"]
)
def test_in_place_of_what_stood_alone_a_link_to_the_post_stands_once(
    tmp_path: Path, written: str
) -> None:
    lifted = run(tmp_path, f"{written}\n\n{written}\n\nWords.\n")

    assert body(lifted).split() == [
        *("[See", "it", "online](<https://bits.example/news/2026/11/05/bits.html>)", "Words.")
    ]


def test_in_code_what_is_known_is_filled_in_and_the_rest_stays(tmp_path: Path) -> None:
    code = "```yaml\nv: {{ site.version }}\non: ${{ github.ref }}\n{% if x %}y{% endif %}\n```"
    lifted = run(
        tmp_path, f"{code}\n\nAlso `{{{{ odd }}}}` and `{{% raw %}}{{{{ x }}}}{{% endraw %}}`.\n"
    )

    assert body(lifted) == (
        "```yaml\nv: 1.5\non: ${{ github.ref }}\n{% if x %}y{% endif %}\n```\n\n"
        "Also `{{ odd }}` and `{{ x }}`."
    )
    assert lifted.findings == ()


def test_lines_keep_their_place_around_what_a_tag_brings(tmp_path: Path) -> None:
    lifted = run(tmp_path, "One.\n{% for t in page.tags %}\n- {{ t }}\n{% endfor %}\nLast.\n")

    lines = lifted.text.split("\n")
    assert lifted.line(lines.index("One.") + 1) == 7
    assert lifted.line(lines.index("- sea") + 1) == 9
    assert lifted.line(lines.index("Last.") + 1) == 11


@pytest.mark.parametrize(
    "hostile",
    [
        "{{ a " * 20_000,
        "{% if a %}" * 20_000,
        "{% if a %}" * 20_000 + "{% endif %}",
        "{% raw %}" * 20_000,
        "{% comment " * 20_000,
        "{{" * 100_000,
        "{% include a.html " * 12_000,
        "{{ a[" * 20_000 + "}}",
        "{{ " + "a[" * 1_900 + " }}",
        "{{ 'a' " + "| append: 'a' " * 250 + "}}",
        "{% assign a = 'aaaaaaaaaa' %}" + "{% assign a = a | append: a | append: a %}" * 5_000 + "{{ a }}",
        "{% assign a = 9 %}" + "{% assign a = a | times: a %}" * 5_000 + "{{ a }}",
        "{% for i in (1..1000) %}" * 20 + "x" + "{% endfor %}" * 20,
        "{% for i in (1..1000) %}{% for j in (1..1000) %}{{ i }}{% capture b %}{{ b }}x{% endcapture %}{% endfor %}{% endfor %}{{ b }}",
        "{% assign a = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' %}" + "{% assign a = a | replace: 'a', a %}" * 50,
        "`" + "{{ x }}`{% raw %}" * 12_000,
    ],
    ids=range(16),
)  # fmt: skip
def test_no_template_takes_long_or_writes_much(tmp_path: Path, hostile: str) -> None:
    """T12."""
    with soon():
        lifted = run(tmp_path, hostile)
    assert len(lifted.text) < 2_500_000


PIECES = st.sampled_from(
    [
        *("{{", "}}", "{%", "%}", "{%-", "-%}", "{{-", " if ", " endif ", " for ", "endfor", "else"),
        *(" raw ", "endraw", "comment", "endcomment", "capture", "endcapture", "assign ", "case "),
        *("when ", " page.title ", "site.posts", "x in (1..3)", "|", ":", "'", '"', "[", "]", "(", ")"),
        *("..", "default", "append", "date", "`", "```\n", "\n", "\n\n", "word", "=", "==", "contains"),
        *("include", "highlight ruby", "endhighlight", " link ", "1", "-", "é", "\u202e", "{:", "}"),
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
@soon()
def test_any_body_at_all_is_lifted(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """T12."""
    folder = tmp_path_factory.getbasetemp() / "fuzzed"
    lifted = run(folder, text + "\n")

    assert len(lifted.lines) in (0, lifted.text.count("\n") + 1)
    assert all(one.line and one.line >= 1 for one in lifted.findings)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('{% image "a.png", "A *fine* picture" %}', "![A \\*fine\\* picture](a.png)"),
        ("Press {% kbd Ctrl %} now.", "Press `Ctrl` now."),
        ("{% quote author='Ada' %}\nOne\ntwo\n{% endquote %}", "> One\n> two\n\n— Ada"),
        ('{% note title="Mind" %}\nWords.\n{% endnote %}', opening("note", "Mind") + "\n\nWords.\n" + closing()),
        ("- {% tip %}Words.{% endtip %}", "- **Tip:** Words."),
    ],
)  # fmt: skip
def test_tags_that_many_plugins_share_show_what_they_show_everywhere(
    tmp_path: Path, written: str, meant: str
) -> None:
    head = HEAD.replace("tags:", "clip: xyz\ntags:")
    write_site(tmp_path, SITE | {"_posts/2026-11-05-bits.md": head + written + "\n"})

    lifted = lift(tmp_path / "_posts/2026-11-05-bits.md")

    assert body(lifted) == meant
    assert lifted.findings == ()
