"""Inlining leaves out the rules that match nothing, and nothing else."""

import re
from pathlib import Path

import pytest

from newsletter.digest.reader import read_post
from newsletter.render.design import looks
from newsletter.render.inline import Inliner, inline
from newsletter.render.renderer import render_issue
from newsletter.render.selectors import may_match, names_in
from tests.emails import MASTHEAD
from tests.newsletter.digest.writing import POSTS
from tests.newsletter.render.test_prune import BODY


@pytest.mark.parametrize(
    ("selector", "matches"),
    [
        (".used", True), (".gone", False), ("i", True), ("table", False), ("p.used.other", True),
        (".used .gone", False), (".used > i", True), ("p:not(.gone)", True), ("#id", True),
        ("[class]", True), ("h1, .gone", False),
    ],
)  # fmt: skip
def test_a_selector_may_match_where_all_its_names_are(selector: str, matches: bool) -> None:
    assert may_match(selector, names_in(BODY)) is matches


def test_what_a_parser_adds_by_itself_counts() -> None:
    names = names_in("<table><tr><td>words")
    assert all(may_match(selector, names) for selector in ("html body", "tbody > tr", "p"))


def test_names_in_capitals_are_the_same_elements() -> None:
    assert may_match("td.a", names_in("<TD CLASS='a'>"))


@pytest.mark.parametrize("post", sorted(POSTS.glob("*.md")), ids=lambda post: post.stem)
def test_the_mail_is_the_same_as_when_every_rule_is_tried(post: Path) -> None:
    # What was inlined once gets the same again, by every rule that matches.
    html = re.sub(' style="[^"]*"', "", render_issue(read_post(post), MASTHEAD).email.html)
    css = looks("#1f4fd8").content
    done = Inliner(css).transform(html, pretty_print=False)
    assert done.count("style=") > 20
    assert Inliner(css, names_in(html)).transform(html, pretty_print=False) == done


def test_a_sheet_is_inlined_and_the_documents_own_stays() -> None:
    html = "<html><head><style>p{top:0}</style></head><body><p class='a'>x</p></body></html>"
    done = inline(html, ".a { color: #123456 } .b { top: 0 }")
    assert '<p class="a" style="color:#123456">x</p>' in done
    assert "<style>p{top:0}</style>" in done
