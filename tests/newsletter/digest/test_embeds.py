"""Films, sounds and frames as links with words."""

import pytest

from newsletter.digest.embeds import embed, film
from newsletter.digest.markdown import parse
from newsletter.digest.phrases import spoken


@pytest.mark.parametrize(
    "url",
    [
        "https://www.youtube.com/watch?v=abc-efgh_jk",
        "https://www.youtube.com/watch?list=x&v=abc-efgh_jk&t=3",
        "https://www.youtube.com/embed/abc-efgh_jk?start=3",
        "https://www.youtube-nocookie.com/embed/abc-efgh_jk",
        "https://youtu.be/abc-efgh_jk?t=3",
        "https://www.youtube.com/shorts/abc-efgh_jk",
        "//www.youtube.com/embed/abc-efgh_jk/",
    ],
)
def test_a_film_at_youtube_has_its_page_and_its_picture(url: str) -> None:
    found = embed(url, "How the\n tide is measured")
    assert found.url == "https://www.youtube.com/watch?v=abc-efgh_jk"
    assert found.picture == "https://img.youtube.com/vi/abc-efgh_jk/hqdefault.jpg"
    assert spoken(found.words) == "Watch the video: How the tide is measured"


@pytest.mark.parametrize(
    ("url", "page", "words"),
    [
        ("https://player.vimeo.com/video/12345?h=a", "https://vimeo.com/12345",
         "Watch the video: vimeo.com"),
        ("https://vimeo.com/12345", "https://vimeo.com/12345", "Watch the video: vimeo.com"),
        ("https://www.youtube.com/embed/videoseries?list=x",
         "https://www.youtube.com/embed/videoseries?list=x", "Watch the video: youtube.com"),
        ("https://tube.example/videos/embed/1-a?x", "https://tube.example/videos/watch/1-a",
         "Watch the video: tube.example"),
        ("https://x.example/a%20b.mp4", "https://x.example/a%20b.mp4", "Watch the video: x.example"),
        ("clip.webm", "clip.webm", "Watch the video: clip.webm"),
        ("https://open.spotify.com/embed/track/1", "https://open.spotify.com/embed/track/1",
         "Listen: spotify.com"),
        ("talk.mp3", "talk.mp3", "Listen: talk.mp3"),
        ("https://x.com/ada/status/123", "https://x.com/ada/status/123",
         "Read the post: @ada (x.com)"),
        ("https://m.example/@ada/123/embed", "https://m.example/@ada/123/embed",
         "Read the post: @ada (m.example)"),
        ("https://maps.example/x", "https://maps.example/x", "See it online: maps.example"),
        ("papers/a%20b.pdf", "papers/a%20b.pdf", "Open: a b.pdf"),
        ("http://[", "http://[", "Open"),
        ("", "", "Open"),
    ],
)  # fmt: skip
def test_a_host_says_what_is_behind_a_link(url: str, page: str, words: str) -> None:
    found = embed(url)
    assert (found.url, spoken(found.words)) == (page, words)


def test_a_title_says_more_than_a_host() -> None:
    assert embed("https://maps.example/x", "The harbour").words == "The harbour (maps.example)"
    assert embed("https://x.com/ada/status/1", "On tides").words == "On tides"
    assert film("a.mp4", "", "still.png").picture == "still.png"


def test_a_film_is_one_line_of_markdown_with_a_picture_that_only_decorates() -> None:
    written = embed("https://youtu.be/abc-efgh_jk", "A [b](c) *d* <e> `f` $g$ :tada: | h").markdown
    assert "\n" not in written
    opening, inline, _ = parse(written)[0]
    assert opening.tag == "p"
    children = inline.children or []
    assert [one.type for one in children] == [
        *("link_open", "image", "hardbreak", "text", "link_close")
    ]
    assert children[0].attrs["href"] == "https://www.youtube.com/watch?v=abc-efgh_jk"
    assert children[1].content == ""
    assert spoken(children[3].content) == "Watch the video: A [b](c) *d* <e> `f` $g$ :tada: | h"


@pytest.mark.parametrize("url", ["https://x.example/a b<c>\\d\ne", "javascript:alert(1)", ")](x)"])
def test_no_address_breaks_out_of_its_link(url: str) -> None:
    (_, inline, _) = parse(embed(url, "T").markdown)[0]
    assert "".join(one.content for one in inline.children or ()).startswith(("T", "[T"))
