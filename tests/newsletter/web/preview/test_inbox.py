"""What is done to the HTML of an email before it stands in the preview's frame."""

import re

from newsletter.web.preview.inbox import CHANGED, framed, in_scheme, with_change

HEAD = (
    '<head><meta name="color-scheme" content="light dark">'
    "<style>:root { color-scheme: light dark; supported-color-schemes: light dark }</style>"
    "<style>@media screen and (prefers-color-scheme: dark) { body { color: white } }</style></head>"
)
CODE = (
    "<pre><code>@media (prefers-color-scheme: dark) { a { color-scheme: light dark } }</code></pre>"
)


def email(body: str) -> str:
    return f"<html>{HEAD}<body>{body}</body></html>"


def marked(before: str, after: str) -> str:
    """Return the words of the block that is marked as changed."""
    found = re.search(
        f'<\\w+ id="{CHANGED}"[^>]*>([^<]*)', with_change(email(before), email(after))
    )
    return found[1] if found else ""


def test_dark_rules_hold_in_the_dark_inbox_and_never_in_the_light_one() -> None:
    assert "@media screen and (min-width:0px) { body" in in_scheme(email(""), "dark")
    assert "@media screen and (max-width:0px) { body" in in_scheme(email(""), "light")


def test_both_ways_of_naming_the_scheme_follow_the_inbox() -> None:
    for scheme in ("dark", "light"):
        shown = in_scheme(email(""), scheme)
        assert f'<meta name="color-scheme" content="{scheme}">' in shown
        assert f":root {{ color-scheme: {scheme}; supported" in shown


def test_a_picture_for_the_dark_is_chosen_in_the_dark() -> None:
    source = '<source media="(prefers-color-scheme: dark)" srcset="night.png">'
    assert '<source media="(min-width:0px)"' in in_scheme(email(source), "dark")
    assert '<source media="(max-width:0px)"' in in_scheme(email(source), "light")


def test_an_authors_words_about_style_sheets_stay_as_they_are() -> None:
    assert CODE in in_scheme(email(CODE), "dark")


def test_links_leave_the_frame_and_those_within_the_issue_do_not() -> None:
    shown = framed(email('<a href="https://a.example/#x">out</a> <a href="#third">in</a>'))
    assert shown.count('<base target="_blank">') == 1
    assert '<a href="https://a.example/#x">' in shown
    assert '<a target="_self" href="#third">' in shown


def test_the_paragraph_that_was_edited_is_marked() -> None:
    assert marked("<p>one</p><p>two</p><p>end</p>", "<p>one</p><p>twist</p><p>end</p>") == "twist"


def test_a_paragraph_that_was_added_is_marked() -> None:
    assert marked("<p>one</p><p>end</p>", "<p>one</p><p>new</p><p>end</p>") == "new"


def test_of_several_changes_the_last_is_marked() -> None:
    # A new story changes the contents above as well: what was written is further down.
    assert marked("<p>1 story</p><h2>A</h2>", "<p>2 stories</p><h2>A</h2><h2>B</h2>") == "B"


def test_a_picture_that_was_exchanged_is_marked() -> None:
    before, after = (email(f'<p>one</p><img src="{name}.png"><p>end</p>') for name in "ab")
    assert f'<img id="{CHANGED}" src="b.png">' in with_change(before, after)


def test_a_block_with_an_id_of_its_own_keeps_it() -> None:
    after = email('<p>one</p><h2 id="third">new</h2>')
    assert 'id="third"' in with_change(email('<p>one</p><h2 id="third">old</h2>'), after)
    assert with_change(email('<p>one</p><h2 id="third">old</h2>'), after).count(CHANGED) == 1


def test_nothing_is_marked_where_nothing_changed() -> None:
    assert with_change(email("<p>one</p>"), email("<p>one</p>")) == email("<p>one</p>")
    assert with_change("", "") == ""


def test_an_email_without_blocks_is_left_alone() -> None:
    assert with_change(email("a"), email("b")) == email("b")
