"""Small marks in a line: emoji, marked words, powers, abbreviations; and what a fence says."""

import pytest

from newsletter.digest.emoji import with_emoji
from newsletter.digest.fences import read_info
from newsletter.digest.inline_words import plain
from newsletter.digest.markdown import Flavour, parse
from newsletter.digest.scripts import lowered, raised
from tests.limits import soon


def marked(source: str, flavour: Flavour | None = None) -> str:
    """Return the words of a paragraph with its marks as tags."""
    tokens, _ = parse(source, flavour) if flavour else parse(source)
    written = ""
    for token in tokens:
        for child in token.children or ():
            title = f" {child.attrs['title']}" if "title" in child.attrs else ""
            tag = f"</{child.tag}>" if child.nesting < 0 else f"<{child.tag}{title}>"
            written += tag if child.nesting else child.content
    return written


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (":rocket: go", "🚀 go"),
        (":+1::tada:", "👍🎉"),
        ("(:eyes:), :warning:!", "(👀), ⚠️!"),
        (":thinking: :us: :THINKING:", "🤔 🇺🇸 🤔"),
        (":no_such_name: :octocat:", ":no_such_name: :octocat:"),
        ("at 12:30:45, a:b:c, std::x::y, x:100:y", "at 12:30:45, a:b:c, std::x::y, x:100:y"),
    ],
)
def test_names_of_emoji_are_emoji(source: str, words: str) -> None:
    assert with_emoji(source) == words


def test_names_of_emoji_stay_names_in_code_and_in_addresses() -> None:
    assert marked("`:tada:` https://x.example/:tada:/ **:tada:**") == (
        ":tada: <a>https://x.example/:tada:/</a> <strong>🎉</strong>"
    )


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("a ==b *c*== d", "a <mark>b <em>c</em></mark> d"),
        ("漢字==重要==です", "漢字<mark>重要</mark>です"),
        ("==a=b==", "<mark>a=b</mark>"),
        ("if a==b or c==d", "if a==b or c==d"),
        ("a == b == c", "a == b == c"),
        ("[==](u) [==](v)", "<a>==</a> <a>==</a>"),
        ("==[a](u) b==", "<mark><a>a</a> b</mark>"),
        ("`==a==` \\==a==", "==a== ==a=="),
        ("=== ==a", "=== ==a"),
    ],
)
def test_words_are_marked(source: str, words: str) -> None:
    assert marked(source) == words


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("H~2~O x^2^ a^*b*^", "H<sub>2</sub>O x<sup>2</sup> a<sup><em>b</em></sup>"),
        ("~5 and ~6, 2^3 and 4^5", "~5 and ~6, 2^3 and 4^5"),
        ("~~gone~~", "<s>gone</s>"),
        ("a^[note]", "a"),
    ],
)
def test_powers_and_indices_are_read_where_a_generator_has_them(source: str, words: str) -> None:
    assert marked(source, Flavour(raised=True)) == words


def test_elsewhere_powers_and_indices_stay_as_they_are() -> None:
    assert marked("H~2~O x^2^") == "H~2~O x^2^"


def test_abbreviations_are_told_once_and_marked_wherever_they_stand() -> None:
    source = "# HTML\n\nHTML, HTML5, `HTML` [HTML](u) https://HTML.example\n\n*[HTML]: Hyper *T*\n"
    assert marked(source + "*[HTML5]: Five\n*[W3C]:") == (
        "<abbr Hyper *T*>HTML</abbr><abbr Hyper *T*>HTML</abbr> (Hyper *T*), "
        "<abbr Five>HTML5</abbr> (Five), HTML "
        "<a><abbr Hyper *T*>HTML</abbr></a> <a>https://HTML.example</a>"
    )


def test_an_abbreviation_of_raw_html_is_told_too() -> None:
    assert marked("<abbr title=Five>5</abbr>, <abbr title=Five>5</abbr>, <abbr>6</abbr>") == (
        "<abbr Five>5</abbr> (Five), <abbr Five>5</abbr>, <abbr>6</abbr>"
    )


def test_an_abbreviation_may_be_explained_right_below_its_paragraph() -> None:
    assert marked("The W3C.\n*[W3C]: World Wide Web Consortium") == (
        "The <abbr World Wide Web Consortium>W3C</abbr> (World Wide Web Consortium)."
    )


@pytest.mark.parametrize(
    ("words", "above", "below"),
    [
        ("2", "²", "₂"),
        ("n+1", "ⁿ⁺¹", "ₙ₊₁"),
        ("th", "ᵗʰ", "ₜₕ"),
        ("Q", "^Q", "_Q"),
        ("a b c d e f g", "^(a b c d e f g)", "_(a b c d e f g)"),
        ("", "", ""),
        ("TM", "™", "_TM"),
    ],
)
def test_raised_and_lowered_words_in_plain_text(words: str, above: str, below: str) -> None:
    assert (raised(words), lowered(words)) == (above, below)


def test_an_ordinal_is_read_as_one_word() -> None:
    assert raised("th", "10") == "th"
    assert plain(parse("10<sup>th</sup> of 10<sup>6</sup>")[0][1]) == "10th of 10⁶"


@pytest.mark.parametrize(
    ("info", "language", "title"),
    [
        ("python", "python", ""),
        ("go {linenos=true,hl_lines=[1]}", "go", ""),
        ("{python}", "python", ""),
        ("{r, echo=FALSE}", "r", ""),
        ('{r label, fig.cap="A plot"}', "r", ""),
        ('js title="src/x.js" {1,3-5}', "js", "src/x.js"),
        ("js {1,3-5} filename='x y.js'", "js", "x y.js"),
        ("rust,ignore", "rust", ""),
        ("ignore", "", ""),
        ('{.python .numberLines filename="run.py"}', "python", "run.py"),
        ('{#lst-a .python lst-cap="A list"}', "python", "A list"),
        ("js:title=app.js", "js", "app.js"),
        ("ts:line-numbers {1}", "ts", ""),
        ("python:app.py", "python", "app.py"),
        ('python hl_lines="1 2" title="b.py"', "python", "b.py"),
        ("js{4}", "js", ""),
        ("sh [npm]", "sh", "npm"),
        ("js{1} [a b.js]", "js", "a b.js"),
        ("js hl_lines=[1]", "js", ""),
        ("c++", "c++", ""),
        ("objective-c", "objective-c", ""),
        ("language-rust", "rust", ""),
        ("vue", "html", ""),
        ('title="a.txt"', "", "a.txt"),
        ("", "", ""),
        ("```", "", ""),
    ],
)
def test_a_fence_says_its_language_and_the_name_of_its_file(
    info: str, language: str, title: str
) -> None:
    assert read_info(info) == (language, title)


@pytest.mark.parametrize("piece", ["==a", "==", "~a", "^a", ":a", ":tada:", "*[a]: b\n", "==a=="])
def test_no_number_of_small_marks_takes_more_than_two_seconds(piece: str) -> None:
    run = piece * (28_000 // len(piece))
    with soon():
        parse(f"{run}\n\n" * 3, Flavour(raised=True))
