"""Colours, style sheets, and what is done to the compiled document."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.digest.reader import read_post
from newsletter.errors import RenderError
from newsletter.render import colour
from newsletter.render.blocks import Blocks
from newsletter.render.code import coloured
from newsletter.render.design import looks
from newsletter.render.inline import inline
from newsletter.render.mjml import compile_mjml
from newsletter.render.renderer import render_issue
from newsletter.render.squeeze import squeeze
from newsletter.render.templates import template_set
from tests.emails import EXAMPLES, MASTHEAD

HEX = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(HEX)
def test_any_accent_can_be_read_in_light_and_dark(accent: str) -> None:
    tokens = looks(accent).tokens
    for scheme in ("light", "dark"):
        colours = tokens[scheme]
        for ground in ("paper", "tint"):
            assert colour.contrast(colours["link"], colours[ground]) >= 4.5
    assert colour.contrast(tokens["light"]["on_accent"], accent) >= 4.5


def test_every_text_colour_can_be_read_on_every_ground() -> None:
    for scheme in ("light", "dark"):
        colours = looks("#1f4fd8").tokens[scheme]
        for ground in ("page", "paper", "tint"):
            for words in ("ink", "text", "muted"):
                assert colour.contrast(colours[words], colours[ground]) >= 4.5
        for words in colours["code"].values():
            assert colour.contrast(words, colours["tint"]) >= 4.5


def test_an_accent_of_three_digits_or_of_none_becomes_six() -> None:
    assert colour.six_digits("#a1F", otherwise="#000000") == "#aa11ff"
    assert colour.six_digits("red;}", otherwise="#123456") == "#123456"


def test_an_accent_reaches_the_page_and_nothing_else_of_it_does() -> None:
    digest = read_post(EXAMPLES[0])
    html = render_issue(digest, replace(MASTHEAD, accent="#c02")).email.html
    assert "#cc0022" in html
    html = render_issue(digest, replace(MASTHEAD, accent="red}</style><script>")).email.html
    assert "<script" not in html


def test_a_defect_in_the_mjml_is_told_by_line_and_column() -> None:
    source = "<mjml>\n<mj-body>\n<!-- äö --></mj-section></mj-body></mjml>"
    with pytest.raises(RenderError, match=r"^digest\.mjml:3:25: "):
        compile_mjml(source, template="digest.mjml")


def test_a_value_that_a_template_misses_is_told_with_the_template() -> None:
    with pytest.raises(RenderError, match=r"^_partials/contents\.html:2: 'say'"):
        template_set().fill("_partials/contents.html")


def test_no_web_font_is_asked_for() -> None:
    # mj-text asks for one of Google's where no face is named.
    source = "<mjml><mj-body><mj-section><mj-column><mj-text>x</mj-text></mj-column></mj-section></mj-body></mjml>"
    html = compile_mjml(source, template="t")
    assert "Ubuntu" in html
    assert "googleapis" not in html


def test_the_document_keeps_its_doctype_in_capitals() -> None:
    html = compile_mjml("<mjml><mj-body></mj-body></mjml>", template="t")
    assert inline(html, "p { color: #111111 }").startswith("<!DOCTYPE html")


def test_style_elements_pass_premailer_byte_for_byte() -> None:
    css = "@media (max-width: 1px) { .a { color: #aaaaaa !important } }\n[data-ogsc] .b { top: 0 }"
    html = f"<!DOCTYPE html><html><head><style>{css}</style></head><body><p>x</p></body></html>"
    assert f"<style>{css}</style>" in inline(html, "p { margin: 0 }")


def test_a_later_declaration_wins_when_a_style_is_squeezed() -> None:
    html = '<p style="margin: 1px; color: #111111; margin: 2px 0, ">x</p>'
    assert squeeze(html) == '<p style="color:#111111;margin:2px 0,">x</p>'


def test_squeezing_leaves_words_alone() -> None:
    words = 'style="a: b, c" role="article" &lt;p style="x: y"&gt;'
    assert squeeze(f"<p>{words}</p>") == f"<p>{words}</p>"


def test_neighbouring_outlook_branches_become_one() -> None:
    one = "<!--[if mso | IE]><td><![endif]-->"
    assert squeeze(one + one) == "<!--[if mso | IE]><td><td><![endif]-->"


def test_a_fragment_that_holds_a_key_is_not_filled_again() -> None:
    blocks = Blocks()
    first, second = blocks.hold("zzb001zz"), blocks.hold("secret")
    assert blocks.put_back(f"{first} {second} zzb009zz") == "zzb001zz secret zzb009zz"


def test_code_of_an_unknown_language_is_plain_and_escaped() -> None:
    assert coloured("a < b", "no-such-language") == "a &lt; b"


def test_long_code_is_left_without_colours() -> None:
    assert "<span" not in coloured("def f(): pass\n" * 200, "python")


@pytest.mark.parametrize("sheet", sorted(Path("templates/email/css").glob("*.css")), ids=str)
def test_inlined_rules_are_never_important_and_kept_rules_always(sheet: Path) -> None:
    filled = template_set().fill(f"css/{sheet.name}", **looks("#1f4fd8").tokens)
    if sheet.name == "content.css":
        assert "!important" not in filled.split("*/", 1)[1]
    elif sheet.name in ("dark.css", "outlook.css"):
        declarations = [part for part in filled.split(";") if ":" in part]
        assert all("!important" in part for part in declarations)
