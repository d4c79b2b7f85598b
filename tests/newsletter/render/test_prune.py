"""Style sheets hold no rule that matches nothing."""

import pytest

from newsletter.digest.reader import read_post
from newsletter.render.prune import prune
from newsletter.render.renderer import render_issue
from tests.emails import EXAMPLES, MASTHEAD

BODY = '<p class="used other">x</p><i class="">y</i>'


def sheet(css: str) -> str:
    """Return what is left of a sheet over a page with a paragraph of the classes used and other."""
    done = prune(f"<style>{css}</style>{BODY}")
    return done.removesuffix(BODY).removeprefix("<style>").removesuffix("</style>").strip()


@pytest.mark.parametrize(
    ("css", "kept"),
    [
        (".gone { color: #111111 }", ""),
        (".used { color: #111111 }", ".used{color:#111111}"),
        (".gone, .used { top: 0; left: 0 }", ".used{top:0;left:0}"),
        (".used.other > p { top: 0 }", ".used.other > p{top:0}"),
        (".used .gone p { top: 0 }", ""),
        ("table td { top: 0 }", ""),
        ("body, h1 { top: 0 }", "body{top:0}"),
        ("@media (width: 1px) { .gone { top: 0 } }", ""),
        (
            "@media (width: 1px) { .used { top: 0 } .gone { top: 0 } }",
            "@media (width: 1px){.used{top:0}\n}",
        ),
        (
            "@media a { @supports (b: c) { .used { top: 0 } } }",
            "@media a{@supports (b: c){.used{top:0}\n}}",
        ),
        ("@import url(x.css); .used { top: 0 }", "@import url(x.css);.used{top:0}"),
        ("@font-face { font-family: X; src: url(x) }", "@font-face{font-family: X; src: url(x)}"),
        ("[data-ogsc] .used { top: 0 !important }", "[data-ogsc] .used{top:0!important}"),
        ("#outlook a { top: 0 }", ""),
        ("p:not(.x, .y) { top: 0 }", "p:not(.x, .y){top:0}"),
        (":root { color-scheme: light dark }", ":root{color-scheme:light dark}"),
        ("/* .used { } */ .used { top: 0 }", ".used{top:0}"),
        (".used { }", ""),
        (".used { top: 0 ", ".used{top:0}"),
        ("}", "}"),
    ],
)
def test_a_rule_stays_where_it_has_something_to_match(css: str, kept: str) -> None:
    assert sheet(css) == kept


def test_what_outlook_alone_reads_counts() -> None:
    html = "<style>.o { top: 0 }</style><!--[if mso]><td class='o'></td><![endif]-->"
    assert ".o{top:0}" in prune(html)


def test_words_of_an_author_are_no_styles() -> None:
    html = "<style>.a { top: 0 }</style><p>&lt;style>.b{}&lt;/style> class=a</p>"
    assert prune(html) == "<p>&lt;style>.b{}&lt;/style> class=a</p>"


def test_the_sheets_of_an_issue_are_small() -> None:
    html = render_issue(read_post(EXAMPLES[0]), MASTHEAD).email.html
    sheets = html.count("<style")
    assert sheets == 5
    assert sum(len(part.partition("</style>")[0]) for part in html.split("<style")[1:]) < 4_000
