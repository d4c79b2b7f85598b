"""A project's own templates: they stand for ours by name, and can do nothing else (RULES S-13)."""

import re
from pathlib import Path

import pytest

from newsletter.digest.reader import read_post
from newsletter.errors import RenderError
from newsletter.render.letters import render_letter
from newsletter.render.renderer import render_issue
from newsletter.render.templates import reread
from tests.emails import EXAMPLES, MASTHEAD, document, elements, words


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Give an empty folder of templates."""
    folder = tmp_path / "templates" / "email"
    folder.mkdir(parents=True)
    return folder


def put(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    reread()


def html(own: Path) -> str:
    return render_issue(read_post(EXAMPLES[0]), MASTHEAD, templates=own).email.html


def refusal(own: Path) -> str:
    with pytest.raises(RenderError) as refused:
        html(own)
    return str(refused.value)


def test_an_empty_folder_changes_nothing(own: Path) -> None:
    assert html(own) == render_issue(read_post(EXAMPLES[0]), MASTHEAD).email.html


def test_a_partial_of_the_project_stands_for_ours(own: Path) -> None:
    put(own, "_partials/footer.html", "<p>Made by hand in {{ masthead.name }}</p>")
    said = words(document(html(own)))
    assert "Made by hand in The Monthly Ledger" in said
    assert "You get this email" not in said


def test_a_template_changes_one_block_of_ours(own: Path) -> None:
    put(
        own,
        "digest.mjml",
        '{% extends "ours/digest.mjml" %}\n{% block ending %}<mj-section><mj-column>'
        "<mj-text>Goodbye.</mj-text></mj-column></mj-section>{% endblock %}\n",
    )
    said = words(document(html(own)))
    assert "Goodbye." in said
    assert "Read this issue online" not in said
    assert "Unsubscribe" in said


def test_a_token_of_the_project_changes_one_colour_and_the_others_stay(own: Path) -> None:
    put(own, "tokens.toml", '[light]\npaper = "#fffbf0"\n\n[face]\nserif = "Charter,serif"\n')
    page = html(own)
    assert "#fffbf0" in page
    assert "font-family:Charter,serif" in page
    assert "#f0eee9" in page


def test_words_of_the_project_are_said_in_its_language(own: Path) -> None:
    put(own, "words/en.toml", '[issue]\nbutton = "Open the paper"\n')
    said = words(document(html(own)))
    assert "Open the paper" in said
    assert "In this issue" in said


def test_a_letter_is_made_of_them_too(own: Path) -> None:
    put(own, "_partials/signature.txt", "\nYours, {{ masthead.name }}")
    email = render_letter("confirm", MASTHEAD, templates=own)
    assert email.text.endswith("\nYours, The Monthly Ledger\n")


@pytest.mark.parametrize(
    ("name", "text", "line", "why"),
    [
        ("_partials/footer.html", "<p>\n{% if x %}\n</p>", 3, "end of template"),
        ("_partials/footer.html", "<p>\n\n{{ nobody }}</p>", 3, "'nobody' is undefined"),
        ("_partials/footer.html", "<p>\n{{ masthead.nobody }}</p>", 2, "nobody"),
        ("_partials/footer.html", "<p>\n{{ 1 / 0 }}</p>", 2, "division by zero"),
        ("_partials/footer.html", "\n\n{{ 'a' + 1 }}", 3, "str"),
        ("_partials/footer.html", "{% include 'gone.html' %}", 1, "gone.html"),
        ("_partials/footer.html", "{{ say('issue.nonsense') }}", None, "nonsense"),
        ("tokens.toml", "[light]\npaper =\n", 2, "Invalid value"),
        ("tokens.toml", '[light]\npaper = "white"\n', None, "light.paper: 'white' is no colour"),
        ("tokens.toml", "[light]\npapr = 1\n", None, "light.papr: is no token"),
        ("tokens.toml", '[measure]\nwidth = "wide"\n', None, "measure.width: 'wide'"),
        ("words/en.toml", "[issue\n", 1, "Expected"),
        ("digest.mjml", "<mjml><mj-body>\n<mj-section></mj-body></mjml>", None, "digest.mjml"),
        ("digest.mjml", "no mjml at all", None, "digest.mjml"),
    ],
)
def test_a_broken_template_is_told_by_file_line_and_reason(
    own: Path, name: str, text: str, line: int | None, why: str
) -> None:
    put(own, name, text)
    told = refusal(own)
    assert why in told
    if line is not None:
        assert Path(name).name in told
        assert re.search(rf":{line}\b|line {line}\b", told), told


def test_a_file_that_is_no_text_is_told(own: Path) -> None:
    put(own, "_partials/footer.html", "x")
    (own / "_partials/footer.html").write_bytes(b"\xff\xfe\x00")
    reread()
    assert "utf-8" in refusal(own)


@pytest.mark.parametrize(
    "escape",
    [
        "{{ masthead.__class__.__mro__ }}",
        "{{ slot.__globals__ }}",
        "{{ hold.__self__ }}",
        "{{ ''.__class__.__base__.__subclasses__() }}",
        "{{ '{0.__class__}'.format(masthead) }}",
        "{{ ('%s' | format(masthead)).__class__ }}",
        "{{ masthead | attr('__class__') }}",
        "{{ self._TemplateReference__context }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ lipsum.__globals__ }}",
        "{% set x = [] %}{{ x.append(1) }}",
        "{% for n in range(99999999) %}{% endfor %}",
    ],
)
def test_a_template_reaches_nothing_but_what_it_is_given(own: Path, escape: str) -> None:
    """S-13."""
    put(own, "_partials/footer.html", escape)
    try:
        page = html(own)
    except RenderError:
        return
    assert "class &#39;" not in page
    assert "__" not in words(document(page))


@pytest.mark.parametrize("way", ["../../secret.txt", "/etc/hostname", "link.html"])
def test_a_template_reads_no_file_outside_of_its_folder(own: Path, way: str) -> None:
    """S-13, S-16."""
    secret = own.parent.parent / "secret.txt"
    secret.write_text("hidden words")
    (own / "link.html").symlink_to(secret)
    put(own, "_partials/footer.html", f'{{% include "{way}" %}}')
    assert "hidden" not in refusal(own)


def test_what_an_author_wrote_is_escaped_in_a_template_of_the_project(
    own: Path, tmp_path: Path
) -> None:
    put(own, "_partials/opening.html", "<h1>{{ title }}</h1>{{ intro }}")
    post = tmp_path / "post.md"
    post.write_text("---\ntitle: <script>x</script> {{ 7 * 7 }}\n---\nWords.\n\n## A\n\nB.\n")
    page = render_issue(read_post(post), MASTHEAD, templates=own).email.html
    assert not list(elements(page, "script"))
    assert "49" not in words(next(elements(page, "h1")))
