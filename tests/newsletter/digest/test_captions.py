"""A picture's title is a caption: it is lost in neither part of the mail."""

from pathlib import Path

import pytest

from newsletter.digest.model import caption, said
from tests.emails import elements, rendered

FAR = "https://pictures.example"


@pytest.mark.parametrize(
    ("alt", "title", "below", "together"),
    [
        ("A gull", "At six", "At six", "A gull. At six"),
        ("A gull!", "At six", "At six", "A gull! At six"),
        ("A gull", "a  gull.", "", "A gull"),
        ("", "At six", "At six", "At six"),
        ("A gull", "", "", "A gull"),
        ("", "", "", ""),
    ],
)
def test_a_title_is_a_caption_where_it_says_something_else(
    alt: str, title: str, below: str, together: str
) -> None:
    assert caption(alt, title) == below
    assert said(alt, title) == together


def test_the_captions_of_all_pictures_of_a_story_are_shown(tmp_path: Path) -> None:
    body = "## A\n\nx\n\n" + "\n\n".join(
        f'![Gull {n}]({FAR}/{n}.png "Caption {n}")\n\nWords {n}.' for n in (1, 2, 3)
    )
    email = rendered(tmp_path, f"{body}\n\n## B\n\n{body[6:].replace('.png', 'b.png')}").email
    assert [email.html.count(f">Caption {n}<") for n in (1, 2, 3)] == [2, 2, 2]
    assert email.text.count("[Picture: Gull 1]\n\nCaption 1") == 2
    assert email.text.count("Caption 2") == email.text.count("Caption 3") == 2


def test_a_caption_that_only_repeats_the_description_is_not_read_out_twice(tmp_path: Path) -> None:
    body = f'## A\n\n![x]({FAR}/0.png)\n\n![A gull]({FAR}/1.png "A gull")\n\nx'
    email = rendered(tmp_path, body).email
    assert not list(elements(email.html, "figcaption"))
    assert email.text.count("A gull") == 1


def test_the_caption_of_a_figure_in_raw_html_is_shown_in_both_parts(tmp_path: Path) -> None:
    figure = f'<figure><img src="{FAR}/a.png" alt="A quay"><figcaption>By <b>Ines</b></figcaption></figure>'
    email = rendered(tmp_path, f"## A\n\n{figure}\n\nx\n\n{figure.replace('a.png', 'b.png')}").email
    assert email.html.count(">By Ines<") == 2
    assert email.text.count("By Ines") == 2
