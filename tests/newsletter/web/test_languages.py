"""The pages in the language of their list: all that they say, and nothing that they do not."""

import re
import tomllib
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from newsletter.errors import RenderError
from newsletter.render.templates import reread, template_set
from newsletter.resources import resource
from newsletter.web.app import SPENT
from newsletter.web.languages import preferred
from subscribers import store
from subscribers.address import parse
from subscribers.lists import DEFAULT_WORDING
from subscribers.models import Subscriber
from tests.emails import document
from tests.factories import DAY, NOON
from tests.newsletter.web.site import ADA, BEA, Site

WORDS = resource("templates", "email", "words")
PAGES = resource("templates", "web")
WEB = Path(__file__).parents[3] / "newsletter" / "web"
# What stands on a page besides our words: the list's own, the reader's, and the issue's.
OWN = f"The Monthly Ledger {ADA} {BEA} Ada 12 Quay Street, Hafenstadt Nine stories new"
# The tables of the mails and their letters; all others are the pages'.
MAILS = {
    "date", "names", "issue", "post", "confirm", "welcome", "fresh_link", "new_address",
    "old_address", "still_want",
}  # fmt: skip


def table(language: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((WORDS / f"{language}.toml").read_text("utf-8"))


def said(page: str) -> set[str]:
    """Return every word that a page shows or names, of whatever script."""
    shown = " ".join(document(page).itertext())
    return set(re.findall(r"[^\W\d_]{2,}", shown))


def known(language: str) -> set[str]:
    texts = [str(one) for sayings in table(language).values() for one in sayings.values()]
    return set(re.findall(r"[^\W\d_]{2,}", " ".join([*texts, OWN])))


@pytest.fixture(params=["de", "ar"])
def spoken(request: pytest.FixtureRequest, site: Site) -> Iterator[str]:
    """Let the list speak a language, with everything on it that asks for words, at NOON."""
    language: str = request.param
    site.edit(language=language, open_tracking="individual", consent_wording="")
    with time_machine.travel(NOON, tick=False):
        yield language


def test_a_reader_comes_and_goes_without_a_word_of_another_language(
    site: Site, spoken: str
) -> None:
    site.publish()
    own = template_set().words(spoken)
    _, confirm = site.asks(BEA)
    goodbye, fresh = site.goodbye(), site.app.links.fresh_token(site.ada, NOON)
    form = site.form(shown=NOON - timedelta(seconds=10), email="new@readers.example")
    get, post = site.client.get, site.client.post
    pages = [
        get("/"),
        get("/archive/ledger"),
        get("/subscribe/ledger"),
        post("/subscribe/ledger", data=form | {"email": "new@@"}),
        post("/subscribe/ledger", data=form | {"shown": "x"}),
        post("/subscribe/ledger", data=form),
        get(f"/confirm/{confirm}"),
        post(f"/confirm/{confirm}", data={"tracking": "yes"}),
        get(f"/stay/{goodbye}"),
        post(f"/stay/{goodbye}"),
        get(f"/p/{goodbye}"),
        post(f"/p/{goodbye}", data={"action": "pause"}),
        post(f"/p/{goodbye}", data={"action": "fresh"}),
        get(f"/me/{fresh}"),
        post(f"/me/{fresh}", data={"action": "count", "list_id": site.list_id}),
        post(f"/me/{fresh}", data={"action": "address", "email": "new@readers.example"}),
        post(f"/me/{fresh}", data={"action": "address", "email": ""}),
        get(f"/u/{goodbye}"),
        post(f"/u/{goodbye}", data={"action": "leave"}),
        post(f"/u/{goodbye}", data={"action": "undo"}),
        post(f"/me/{fresh}", data={"action": "erase"}),
        post(f"/me/{fresh}/erase"),
        get(f"/u/{site.test_token()}"),
        get("/u/nothing"),
    ]
    for answer in pages:
        root = document(answer.text)
        assert (root.get("lang"), root.get("dir")) == (spoken, own.direction)
        assert said(answer.text) - known(spoken) == set(), answer.url
        assert "{" not in "".join(root.itertext())


def test_a_mail_client_that_leaves_is_answered_in_the_lists_language(
    site: Site, spoken: str
) -> None:
    answer = site.client.post(f"/u/{site.goodbye()}", data={"List-Unsubscribe": "One-Click"})
    expected = template_set().words(spoken).say("goodbye.left", list="The Monthly Ledger")
    assert answer.text == f"{expected}\n"


def test_what_was_agreed_to_is_kept_in_the_words_that_were_shown(site: Site, spoken: str) -> None:
    """RULES L-1"""
    shown = site.client.get("/subscribe/ledger").text
    site.client.post("/subscribe/ledger", data=site.form(shown=NOON - timedelta(seconds=10)))
    (line,) = site.evidence("asked")
    assert line.wording in shown
    assert line.wording == template_set().words(spoken).say(
        "form.wording", list="The Monthly Ledger"
    )
    fresh = site.app.links.fresh_token(site.ada, NOON)
    page = site.client.get(f"/me/{fresh}").text
    site.client.post(f"/me/{fresh}", data={"action": "count", "list_id": str(site.list_id)})
    (agreed,) = site.evidence("tracking_allowed")
    assert agreed.wording in page


def test_the_english_form_says_what_the_store_keeps_of_itself() -> None:
    assert table("en")["form"]["wording"].replace("{list}", "{name}") == DEFAULT_WORDING


def test_a_link_that_does_nothing_any_more_says_so_in_its_lists_language(site: Site) -> None:
    site.another_list("english")
    site.edit(language="de")
    own = template_set().words("de")
    _, confirm = site.asks(BEA)
    fresh = site.app.links.fresh_token(site.ada, NOON)
    with site.app.database.begin() as session:
        person = session.get_one(Subscriber, site.ada)
        wish = store.ask_to_move(session, person, parse("ada@new.example"), now=NOON)
        assert wish
        move = site.app.links.move_token(wish.id, NOON)
    with time_machine.travel(NOON, tick=False):
        site.client.post(f"/u/{site.goodbye()}", data={"action": "leave"})
    with time_machine.travel(NOON + 8 * DAY, tick=False):
        answers = {
            "old": site.client.get(f"/confirm/{confirm}"),
            "hour": site.client.get(f"/me/{fresh}"),
            "ask": site.client.get(f"/address/{move}"),
            "late": site.client.post(f"/u/{site.goodbye()}", data={"action": "undo"}),
        }
    for why, answer in answers.items():
        assert answer.status_code == 410
        assert 'lang="de"' in answer.text
        assert own.say(f"spent.{why}") in answer.text


def test_a_page_of_no_list_speaks_as_the_only_list_does(site: Site) -> None:
    site.edit(language="ja")
    for path in ("/", "/nothing", "/u/nothing", "/me/nothing", "/c/1/nothing", "/%00"):
        answer = site.client.get(path, headers={"Accept-Language": "fr"})
        assert 'lang="ja" dir="ltr"' in answer.text, path


@pytest.mark.parametrize(
    ("asked", "language"),
    [("fr-CA,fr;q=0.9,en;q=0.8", "fr"), ("de-AT", "de"), ("ja", "en"), ("", "en"), ("pl", "en")],
)
def test_a_page_of_no_list_speaks_a_language_of_the_public_lists_that_the_browser_asks_for(
    site: Site, asked: str, language: str
) -> None:
    site.edit(language="de")
    site.another_list("lettre", language="fr")
    site.another_list("inside", language="pl", public=False)
    for path in ("/", "/nothing"):
        answer = site.client.get(path, headers={"Accept-Language": asked})
        assert f'<html lang="{language}"' in answer.text


def test_the_form_and_its_answers_speak_the_lists_language_whoever_asks(site: Site) -> None:
    """# S-1: neither the browser's language nor that of another list of a person's changes them."""
    site.edit(language="de")
    french = site.another_list("lettre", language="fr")
    site.joins("cleo@readers.example", list_id=french)
    answers = set()
    with time_machine.travel(NOON, tick=False):
        for email in (ADA, BEA, "cleo@readers.example"):
            sent = site.form(shown=NOON - timedelta(seconds=10), email=email)
            headers = {"Accept-Language": "fr"}
            answers.add(site.client.post("/subscribe/ledger", data=sent, headers=headers).text)
    (only,) = answers
    assert '<html lang="de"' in only


def test_a_person_on_lists_of_several_languages_is_spoken_to_in_that_of_one_they_are_on(
    site: Site,
) -> None:
    site.edit(language="de")
    french = site.another_list("lettre", name="La Lettre", language="fr")
    ada = site.joins(ADA, list_id=french)
    with time_machine.travel(NOON, tick=False):
        fresh = site.app.links.fresh_token(ada, NOON)
        assert '<html lang="fr"' in site.client.get(f"/me/{fresh}").text
        gone = site.client.post(f"/me/{fresh}", data={"action": "leave", "list_id": str(french)})
        assert '<html lang="fr"' in gone.text
        assert '<html lang="de"' in site.client.get(f"/me/{fresh}").text


def test_a_list_whose_language_we_have_no_words_for_says_that_it_speaks_english(site: Site) -> None:
    site.edit(language="tlh")
    page = site.client.get("/subscribe/ledger").text
    assert '<html lang="en" dir="ltr">' in page


def test_words_of_the_project_stand_for_ours(
    site_with: Callable[..., Site], tmp_path: Path
) -> None:
    own = tmp_path / "own"
    (own / "words").mkdir(parents=True)
    (own / "words" / "de.toml").write_text('[page]\nsubscribe = "Her <b>damit</b>"\n', "utf-8")
    reread()
    site = site_with(templates_dir=own)
    site.edit(language="de")
    page = site.client.get("/subscribe/ledger").text
    assert "Her &lt;b&gt;damit&lt;/b&gt;</button>" in page
    assert template_set().words("de").say("form.double") in page


def test_words_with_a_hole_that_no_page_fills_are_named_before_anybody_reads_them(
    tmp_path: Path,
) -> None:
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "de.toml").write_text('[goodbye]\nleft = "Weg, {who}!"\n', "utf-8")
    with pytest.raises(RenderError, match=r"words/de\.toml.*goodbye\.left.*\{who\}"):
        template_set(tmp_path).check_words("de")


def test_a_name_of_another_script_leaves_an_arabic_line_in_order(site: Site) -> None:
    """UAX #9: the name is isolated, so that a sign at its end does not wander."""
    site.edit(language="ar", name="C++ <Weekly>!")
    page = site.client.get(f"/u/{site.goodbye()}").text
    assert "\u2068C++ &lt;Weekly&gt;!\u2069" in page
    assert "<Weekly>" not in page


def test_every_word_of_the_pages_is_said_somewhere_and_none_is_missing() -> None:
    source = "".join(file.read_text("utf-8") for file in (*PAGES.glob("*.html"), *WEB.glob("*.py")))
    called = set(re.findall(r'"(\w+\.\w+)"', source))
    spoken = {
        f"{name}.{key}"
        for name, sayings in table("en").items()
        if name not in MAILS
        for key in sayings
    }
    built = {name for name in spoken if name.startswith(("spent.", "own."))}
    letters = {name for name in called if name.startswith("still_want.")}
    assert {name for name in called if name.split(".")[0] in table("en")} <= spoken | letters
    assert spoken - called <= built
    states = {"active", "paused", "pending", "unsubscribed"}
    assert {f"own.{state}" for state in states} <= spoken
    assert {f"spent.{name}" for names in SPENT.values() for name in names} | {"spent.title"} == {
        name for name in spoken if name.startswith("spent.")
    }


def test_no_sentence_stands_in_a_template() -> None:
    for file in PAGES.glob("*.html"):
        bare = re.sub(r"\{[%{#].*?[%}#]\}|<[^>]*>", " ", file.read_text("utf-8"), flags=re.DOTALL)
        assert re.findall(r"[A-Za-z]{2,}", bare) == [], file.name


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("de", "de"),
        ("DE-at, en;q=0.5", "de"),
        ("en;q=0.2, pt-BR;q=0.9", "pt-BR"),
        ("pt-PT", "pt-PT"),
        ("pt", "pt-BR"),
        ("de;q=0, fr", "en"),
        ("*", "de"),
        ("xx, *;q=0.1", "de"),
        ("de;q=nonsense", "en"),
        (",;=,q=1;;\x00\u202e" * 400, "en"),
        ("", "en"),
    ],
)
def test_a_browsers_languages_are_read_by_their_weight(header: str, language: str) -> None:
    """RFC 9110, 12.5.4"""
    assert preferred(header, ["de", "pt-BR", "pt-PT"]) == language


def test_broken_words_of_the_project_end_in_our_own_apology(
    site_with: Callable[..., Site], tmp_path: Path
) -> None:
    own = tmp_path / "own"
    (own / "words").mkdir(parents=True)
    (own / "words" / "de.toml").write_text("[page\n", "utf-8")
    reread()
    site = site_with(templates_dir=own)
    site.edit(language="de")
    answer = site.client.get("/subscribe/ledger")
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text


def test_a_page_about_a_defect_of_ours_asks_the_database_nothing(site: Site) -> None:
    site.edit(language="de")
    site.client.get("/nothing")
    with site.app.database.begin() as session:
        session.connection().exec_driver_sql("ALTER TABLE list RENAME TO gone")
    answer = site.client.get("/")
    assert answer.status_code == 500
    assert template_set().words("de").say("defect.ours") in answer.text
