"""A site's own shortcodes are read where their templates are only HTML; nothing of them is run."""

import os
from pathlib import Path

import pytest

from newsletter.digest.dialects.hugo.shortcodes import lift_shortcodes
from newsletter.digest.site import Site
from tests.newsletter.digest.dialects.lifting import page
from tests.newsletter.digest.writing import write_post


def _lifted(folder: Path, body: str, **settings: object) -> str:
    lifted = lift_shortcodes(body, page(folder, body, Site(folder, settings=settings)))
    return "\n".join(line for line in lifted.text.split("\n") if line.strip()).strip()


@pytest.mark.parametrize(
    ("template", "body", "shown"),
    [
        ("<b>{{ .Get 0 }}</b>", 'A {{< own "x*y" >}}.', "A <b>x\\*y</b>."),
        ('<b>{{- .Get "a" -}}</b>', 'A {{< own a="1 < 2" >}}.', "A <b>1 \\< 2</b>."),
        ("{{/* a remark */}}\n<p>Hello *you*</p>\n", "{{< own >}}", "<p>Hello *you*</p>"),
        (
            '<a href="{{ .Get "u" | safeURL }}">{{ .Inner | markdownify }}</a>',
            'A {{< own u="/x" >}}*b*{{< /own >}}.',
            'A <a href="/x">*b*</a>.',
        ),
        (
            '<div class="box">\n<strong>Tip</strong>\n{{ .Inner | markdownify }}</div>',
            "{{< own >}}\nA *b*\n{{< /own >}}",
            "<strong>Tip</strong>\nA *b*",
        ),
        ('<i class="fa fa-{{ .Get 0 }}"></i>', "A {{< own x >}}b", "A b"),
        ('<img src="/{{ .Get 0 }}">', "{{< own a.png >}}", '<img src="/a.png">'),
    ],
)
def test_a_template_without_logic_is_filled_in(
    tmp_path: Path, template: str, body: str, shown: str
) -> None:
    write_post(tmp_path, template, "layouts/shortcodes/own.html")

    assert _lifted(tmp_path, body) == shown


@pytest.mark.parametrize(
    "template",
    [
        "{{ if .Get 0 }}<b>x</b>{{ end }}",
        "{{ .Page.Title }}",
        "{{ .Get 0 | upper }}",
        "<script>{{ .Get 0 }}</script>",
        '{{ readFile "/etc/passwd" }}',
        "{{ .Inner }}{{ .Inner }}",
        "{{ unclosed",
    ],
)
def test_a_template_with_logic_is_unknown(tmp_path: Path, template: str) -> None:
    write_post(tmp_path, template, "layouts/shortcodes/own.html")

    body = "{{< own a >}}words{{< /own >}}"
    lifted = lift_shortcodes(body, page(tmp_path, body, Site(tmp_path)))

    assert lifted.text.strip() == "words"
    assert [one.code for one in lifted.findings] == ["shortcode"]


def test_a_template_in_markdown_or_in_a_theme_is_read_too(tmp_path: Path) -> None:
    write_post(tmp_path, "*{{ .Get 0 }}*", "layouts/shortcodes/own.md")
    write_post(tmp_path, "<b>{{ .Get 0 }}</b>", "themes/one/layouts/shortcodes/theirs.html")

    assert _lifted(tmp_path, "A {{< own b >}}") == "A *b*"
    assert _lifted(tmp_path, "A {{< theirs b >}}", theme=["one"]) == "A <b>b</b>"


def test_a_template_outside_of_the_site_is_not_read(tmp_path: Path) -> None:
    outside = write_post(tmp_path, "<b>secret</b>", "secret.html")
    write_post(tmp_path, "<b>x</b>", "site/layouts/secret.html")
    (tmp_path / "site/layouts/shortcodes").mkdir()
    os.symlink(outside, tmp_path / "site/layouts/shortcodes/own.html")

    assert "secret" not in _lifted(tmp_path / "site", "A {{< own >}} b")
    assert "<b>x" not in _lifted(tmp_path / "site", "A {{< ../secret >}} b")
