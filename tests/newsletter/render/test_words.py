"""The mail's own words, in each language that there is a file for."""

import re
import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from newsletter.digest.reader import read_post
from newsletter.errors import RenderError
from newsletter.flowed import fixed
from newsletter.render.letters import KINDS, render_letter
from newsletter.render.renderer import render_issue
from newsletter.render.templates import template_set
from newsletter.render.words import Words
from newsletter.resources import resource
from tests.emails import MASTHEAD, document, elements, rendered, words

FOLDER = resource("templates", "email", "words")
WHOLE = ("ar", "de", "en", "es", "fr", "he", "it", "ja", "nl", "pl", "pt", "zh")
HOLES = re.compile(r"\{\w+\}")


def said(language: str) -> Words:
    return template_set().words(language)


def table(language: str) -> dict[str, dict[str, object]]:
    return tomllib.loads((FOLDER / f"{language}.toml").read_text("utf-8"))


def test_there_are_twelve_whole_languages() -> None:
    assert {file.stem for file in FOLDER.glob("*.toml") if "-" not in file.stem} == set(WHOLE)


@pytest.mark.parametrize("language", WHOLE)
def test_a_language_says_everything_with_the_same_holes_and_nothing_else(language: str) -> None:
    english, other = table("en"), table(language)
    assert other.keys() == english.keys()
    for name, sayings in english.items():
        assert other[name].keys() - {"first"} == sayings.keys() - {"first"}
        for key, saying in sayings.items():
            found = other[name].get(key, "")
            if name != "date" and key != "first":
                assert sorted(HOLES.findall(str(found))) == sorted(HOLES.findall(str(saying))), key
    assert len(other["date"]["months"]) == 12  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("language", "day", "first"),
    [
        ("en", "7 May 2024", "1 May 2024"),
        ("en-US", "May 7, 2024", "May 1, 2024"),
        ("de", "7. Mai 2024", "1. Mai 2024"),
        ("fr", "7 mai 2024", "1er mai 2024"),
        ("es", "7 de mayo de 2024", "1 de mayo de 2024"),
        ("it", "7 maggio 2024", "1º maggio 2024"),
        ("pt-BR", "7 de maio de 2024", "1 de maio de 2024"),
        ("nl", "7 mei 2024", "1 mei 2024"),
        ("pl", "7 maja 2024", "1 maja 2024"),
        ("ar", "7 مايو 2024", "1 مايو 2024"),
        ("he", "7 במאי 2024", "1 במאי 2024"),
        ("ja", "2024年5月7日", "2024年5月1日"),
        ("zh-Hans-CN", "2024年5月7日", "2024年5月1日"),
        ("tlh", "7 May 2024", "1 May 2024"),
    ],
)
def test_a_date_is_written_as_the_language_writes_it(language: str, day: str, first: str) -> None:
    for number, expected in ((7, day), (1, first)):
        written = said(language).day(date(2024, 5, number), time_zone="UTC")
        assert written.replace("\u00a0", " ") == expected


def test_a_day_is_that_of_the_lists_time_zone() -> None:
    late = datetime(2026, 3, 31, 23, 30, tzinfo=UTC)
    assert "1\u00a0de\u00a0abril" in said("es").day(late, time_zone="Europe/Madrid")


@pytest.mark.parametrize(
    ("language", "joined"),
    [
        ("en", "Ada, Ben and Cleo"),
        ("de", "Ada, Ben und Cleo"),
        ("ar", "Ada، Ben وCleo"),
        ("he", "Ada, Ben \u05d5-Cleo"),
        ("ja", "Ada、Ben、Cleo"),
    ],
)
def test_names_are_joined_as_the_language_joins_them(language: str, joined: str) -> None:
    assert said(language).names(["Ada", "Ben", "Cleo"]) == joined


def test_a_hebrew_and_joins_a_hebrew_name_without_a_hyphen() -> None:
    assert said("he").names(["נעמה", "דניאל"]) == "נעמה ודניאל"


@pytest.mark.parametrize(
    ("language", "direction"),
    [
        ("ar", "rtl"),
        ("he-IL", "rtl"),
        ("fa", "rtl"),
        ("az-Arab", "rtl"),
        ("ar-Latn", "ltr"),
        ("de", "ltr"),
    ],
)
def test_a_script_has_its_direction(language: str, direction: str) -> None:
    assert said(language).direction == direction


def test_what_a_language_lacks_is_named_with_its_file() -> None:
    with pytest.raises(RenderError, match=r"words/de\.toml.*nonsense") as refused:
        said("de").say("issue.nonsense")
    assert "en.toml" in refused.value.mend


@pytest.mark.parametrize("language", WHOLE)
def test_an_issue_speaks_the_language_of_its_post(tmp_path: Path, language: str) -> None:
    body = "".join(
        f"## S{n}\n\nText.[^{n}]\n\n[^{n}]: [L](https://l.example/{n})\n\n" for n in range(3)
    )
    email = rendered(tmp_path, body, front=f"title: T\nlang: {language}\nauthor: Ada").email
    root = document(email.html)
    own = said(language)
    assert (root.get("lang"), root.get("dir")) == (language, own.direction)
    names = ("online", "button", "contents", "unsubscribe", "preferences", "privacy", "subscribe")
    shown = words(root)
    for name in names:
        assert own.say(f"issue.{name}") in shown
        assert name == "button" or own.say(f"issue.{name}") in email.text
    assert own.say("issue.source") in shown
    if language not in ("en", "fr"):
        assert not re.search(r"Read|Unsubscribe|Source|You get|min read", shown + email.text)
    if language == "fr":
        assert "Source\u00a0: L" in email.text.replace(" : ", "\u00a0: ")


@pytest.mark.parametrize("language", WHOLE)
@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_speaks_the_language_of_its_list(language: str, kind: str) -> None:
    email = render_letter(kind, replace(MASTHEAD, language=language))
    root = document(email.html)
    own = said(language)
    assert (root.get("lang"), root.get("dir")) == (language, own.direction)
    assert email.subject == own.say(f"{kind}.subject", list=MASTHEAD.name).replace("\u00a0", " ")
    (button,) = [one for one in elements(email.html, "a") if "inline-block" in one.get("style", "")]
    assert words(button) == own.say(f"{kind}.button")
    assert "{" not in email.text + email.subject + email.preheader
    assert max(map(len, fixed(email.text).splitlines())) <= 72


@pytest.mark.parametrize("language", ["arabic", "hebrew"])
def test_a_page_from_right_to_left_is_mirrored_and_its_code_is_not(
    tmp_path: Path, language: str
) -> None:
    from PIL import Image

    for name in ("page", "index"):
        Image.new("RGB", (800, 400), "#336699").save(tmp_path / f"{name}.png")
    post = tmp_path / "index.md"
    source = Path(__file__).parents[2] / "posts" / f"{language}.md"
    post.write_bytes(source.read_bytes())
    html = render_issue(read_post(post), MASTHEAD).email.html
    root = document(html)
    assert root.get("dir") == "rtl"
    styles = {
        tag: [one.get("style") or "" for one in root.iter(tag)]
        for tag in ("ul", "pre", "blockquote", "th")
    }
    assert all("padding-right:24px" in style for style in styles["ul"])
    assert all("border-right:3px" in style for style in styles["blockquote"])
    assert all("direction:ltr" in style and "text-align:left" in style for style in styles["pre"])
    # Cells of a row follow the page: what comes last stands left.
    (thumb,) = [one for one in root.iter("td") if one.get("class") == "thumb"]
    assert "padding-right:24px" in (thumb.get("style") or "")
    assert "text-align:left" in (thumb.get("style") or "")
    assert "\u200f" in words(next(one for one in root.iter("p") if one.get("class") == "byline"))
