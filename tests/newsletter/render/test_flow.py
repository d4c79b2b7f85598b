"""The text part as format=flowed: RENDERING §4, RFC 3676, read by a decoder of its own."""

import json
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter import tracking
from newsletter.compose import Composer
from newsletter.digest.reader import read_post
from newsletter.errors import Unmailable
from newsletter.flowed import fixed, quoted, stuffed
from newsletter.keys import KeyRing
from newsletter.links import Links
from newsletter.message import Envelope, Mailbox, Masthead, RenderedEmail
from newsletter.providers.sendgrid_request import Request
from newsletter.render.letters import KINDS, render_letter
from newsletter.render.linkbook import LinkBook
from newsletter.render.renderer import render_issue
from newsletter.render.templates import template_set
from newsletter.render.text import write_text
from newsletter.render.wrapping import flow, width, wrap
from tests.newsletter import flowed_reader
from tests.newsletter.digest.writing import POSTS, read

MASTHEAD = Masthead(
    slug="ledger",
    name="The Monthly Ledger",
    sender=Mailbox("desk@monthly-ledger.example", "The Monthly Ledger"),
    postal_address="Ledger House\n1 Long Lane, 1010 Vienna",
)
LONG = "Words that go on for longer than any one line of seventy-two columns can hold, and then on."
# What must not be taken for a quote, an item, a signature or the start of a mail.
WORDS = st.lists(
    st.sampled_from(["a", "of", "From", ">", ">>", "--", "-", "1.", "*", "word", "x" * 70, "é" * 9])
    | st.text(st.characters(categories=["L", "N", "P"], max_codepoint=0x2E7F), min_size=1),
    min_size=1,
    max_size=60,
).map(" ".join)


def _written(folder: Path, body: str) -> str:
    """Return what stands in the text between the head and the footer, as it travels."""
    text = write_text(
        read(folder, f"# T\n\n{body}\n"),
        MASTHEAD,
        LinkBook(),
        template_set().words("en"),
        numbered=False,
    )
    return text.partition("archive/>\n\n")[2].partition("\n\n-- \n")[0]


def _read(folder: Path, body: str) -> list[tuple[int, str]]:
    return flowed_reader.read(_written(folder, body))


@example("-- " + "x" * 72)
@example("x" * 72 + " -- " + "x" * 72)
@example("> a")
@example("From a" + " b" * 60)
@given(WORDS)
def test_a_reader_gets_back_the_paragraphs_that_were_broken(words: str) -> None:
    """RFC 3676 §4.2, §4.4."""
    wire = stuffed(flow(words))
    assert flowed_reader.read("\n".join(wire)) == [(0, words)]
    assert "-- " not in wire
    # §4.4: who reads no flow must not read a quote, nor a mailbox the start of a mail.
    assert not any(line.startswith((">", "From ")) for line in wire)
    assert fixed("\n".join(wire)).split("\n") == wrap(words)


@given(WORDS, st.integers(1, 4))
def test_a_quote_is_as_deep_for_a_reader_as_it_was(words: str, depth: int) -> None:
    """RFC 3676 §4.5."""
    wire = stuffed(flow(words, 72 - 2 * depth))
    for _ in range(depth):
        wire = quoted(wire)
    assert flowed_reader.read("\n".join(wire)) == [(depth, words)]


@pytest.mark.parametrize("mark", ["", "> ", "> > "])
def test_paragraphs_of_a_post_arrive_whole(tmp_path: Path, mark: str) -> None:
    said = [LONG, f"From {LONG}", f"\\> {LONG}", "\\-- " + "x" * 72, f"{LONG} > {LONG}"]
    found = _read(tmp_path, f"\n{mark}\n".join(mark + one for one in said))

    assert [one for one in found if one[1]] == [
        (mark.count(">"), one.removeprefix("\\")) for one in said
    ]


def test_lines_of_a_paragraph_go_on_and_all_else_is_fixed(tmp_path: Path) -> None:
    body = (
        f"{LONG}\n\n> {LONG}\n>\n> > {LONG}\n\n- {LONG}\n\n```\ncode  \n  more\n```\n\n"
        f"### {LONG}\n\n| a | b |\n|--:|---|\n| 1 | x |\n| 10 | y |\n\n| a | b |\n|---|---|\n"
        f"| {LONG} | {LONG} |\n\nA hard  \nbreak, [a link](https://a.example/).\n"
    )
    assert _written(tmp_path, body) == (
        "Words that go on for longer than any one line of seventy-two columns can \n"
        "hold, and then on.\n"
        "\n"
        "> Words that go on for longer than any one line of seventy-two columns \n"
        "> can hold, and then on.\n"
        ">\n"
        ">> Words that go on for longer than any one line of seventy-two columns \n"
        ">> can hold, and then on.\n"
        "\n"
        " - Words that go on for longer than any one line of seventy-two columns\n"
        "   can hold, and then on.\n"
        "\n"
        "     code\n"
        "       more\n"
        "\n"
        "Words that go on for longer than any one line of seventy-two columns can\n"
        "hold, and then on.\n"
        "------------------------------------------------------------------------\n"
        "\n"
        "  a  b\n"
        " --  -\n"
        "  1  x\n"
        " 10  y\n"
        "\n"
        " a: Words that go on for longer than any one line of seventy-two columns\n"
        "     can hold, and then on.\n"
        " b: Words that go on for longer than any one line of seventy-two columns\n"
        "     can hold, and then on.\n"
        "\n"
        "A hard\n"
        "break, a link [1].\n"
        "\n"
        "[1] <https://slot.invalid/link/1/>\n"
    )


def test_code_comes_back_letter_by_letter(tmp_path: Path) -> None:
    code = "From here\n> no quote\n    indented\n\n-- no signature\n\ttab\n." + "x" * 99
    lines = [(0, f"    {line}" if line else "") for line in code.split("\n")]

    assert _read(tmp_path, f"```\n{code}\n```") == lines
    quoted_code = "\n".join(f"> {line}" for line in f"```\n{code}\n```".split("\n"))
    assert _read(tmp_path, quoted_code) == [(1, line) for _, line in lines]


@pytest.mark.parametrize(
    "words",
    ["\u6f22\u5b57\u3068\u4eee\u540d" * 20, "Hugo \u3067\u66f8\u304f\u3002" + "\u6f22\u5b57" * 40 + " and then words."],
)  # fmt: skip
def test_scripts_without_blanks_get_none_put_in(words: str) -> None:
    """Decision 0010."""
    lines = flow(words)

    assert len(lines) > 1
    assert not any(line.endswith(" ") for line in lines)
    assert all(width(line) <= 72 for line in lines)


@pytest.mark.parametrize("post", sorted(POSTS.glob("*.md")), ids=lambda post: post.stem)
def test_every_blank_at_the_end_of_a_line_is_one_that_is_meant(post: Path) -> None:
    digest = read_post(post)
    text = write_text(
        digest, MASTHEAD, LinkBook(), template_set().words(digest.language or "en"), numbered=True
    )
    wire = text.split("\n")

    assert wire.count("-- ") == 1
    for line, below in pairwise(wire):
        assert not line.endswith("  ")
        if line.endswith(" ") and line != "-- ":
            # A paragraph: at the margin or in a quote, and it goes on at the same depth.
            assert below.strip("> ")
            assert len(line) - len(line.lstrip(">")) == len(below) - len(below.lstrip(">"))
            assert "slot.invalid" not in line + below
            assert not set(below) <= set("=-~")
    # Joined or not, the words are the same.
    read_back = " ".join(said for _, said in flowed_reader.read(text))
    assert read_back.split() == " ".join(line.lstrip(">") for line in wire).split()


def test_a_text_of_the_author_s_own_arrives_as_it_is(tmp_path: Path) -> None:
    own = "Mine.  \n> said she\n  set in\n\nFrom me\n-- \nA."
    (tmp_path / "index.txt").write_text(own, encoding="utf-8")
    digest = read(tmp_path, "# A\n\nText.\n")
    text = write_text(digest, MASTHEAD, LinkBook(), template_set().words("en"), numbered=False)

    lines = [said for _, said in flowed_reader.read(text)]
    assert lines[:7] == ["Mine.", "> said she", "  set in", "", "From me", "--", "A."]
    assert lines.count("-- ") == 1


@pytest.mark.parametrize("kind", KINDS)
def test_letters_flow_too(kind: str) -> None:
    wire = render_letter(kind, MASTHEAD).text

    assert max(map(len, fixed(wire).split("\n"))) <= 72
    assert wire.count("\n-- \n") == 1
    spoken = [said for _, said in flowed_reader.read(wire) if said]
    assert all(said[-1] in ".!?>" for said in spoken[: spoken.index("-- ")] if " " in said[:-1])


def test_a_mail_says_that_its_text_flows(tmp_path: Path) -> None:
    """RFC 3676 §4.1: the trailing blank survives the way, and nothing is deleted with it."""
    email = _email(tmp_path)
    message = _sent(email)
    (text, html) = message.iter_parts()

    assert text["Content-Type"].params == {"charset": "utf-8", "format": "flowed"}
    assert html["Content-Type"].params == {"charset": "utf-8"}
    assert b" =\r\n" not in text.as_bytes()
    body = text.get_payload(decode=True)
    assert isinstance(body, bytes)
    assert (0, LONG) in flowed_reader.read(body.decode().replace("\r\n", "\n"))


def test_views_show_the_text_as_it_looks_where_nothing_flows(tmp_path: Path) -> None:
    email = _email(tmp_path)
    links = Links("https://news.example", KeyRing(["k" * 43]))
    seen = tracking.sample(email, links, list_slug="l", key="k")
    mailed = tracking.sample(email, links, list_slug="l", key="k", as_mail=True)

    assert "can\nhold, and then on.\n\n    code\n\n- a\n" in seen.text
    assert "can \nhold, and then on.\n\n     code\n\n- a\n" in mailed.text
    assert fixed(mailed.text) == seen.text


def test_sendgrid_gets_the_text_as_it_looks_for_it_takes_no_parameter(tmp_path: Path) -> None:
    """Decision 0010."""
    links = Links("https://news.example", KeyRing(["k" * 43]))
    addressed = tracking.address(_email(tmp_path), links, list_slug="l", key="k")
    request = Request(addressed)
    (row,) = request.rows([Envelope("a@b.example", "sealed", values={"token": "t"})], "")
    assert not isinstance(row, Unmailable)
    sent = json.loads(request.body([row]))
    (text,) = [one["value"] for one in sent["content"] if one["type"] == "text/plain"]

    assert "can\nhold, and then on.\n\n    code\n" in text
    assert [line for line in text.split("\n") if line.endswith(" ")] == ["-- "]


def _email(folder: Path) -> RenderedEmail:
    digest = read(folder, f"# T\n\n{LONG}\n\n    code\n\n- a\n")
    return render_issue(digest, MASTHEAD).email


def _sent(email: RenderedEmail) -> EmailMessage:
    links = Links("https://news.example", KeyRing(["k" * 43]))
    addressed = tracking.address(email, links, list_slug="l", key="k")
    to = Envelope("reader@example.org", "sealed", values={"token": "t"})
    data = Composer(addressed, domain="news.example").message(
        to, date=datetime(2026, 1, 1, tzinfo=UTC)
    )
    return message_from_bytes(data, _class=EmailMessage, policy=policy.default)
