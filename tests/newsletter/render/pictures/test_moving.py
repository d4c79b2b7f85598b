"""Pictures that move: kept, made smaller, or shown as a still and said so."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageSequence

from newsletter.render.pictures.gif import without_words
from newsletter.render.pictures.sized import MOST_BYTES
from newsletter.render.pictures.sizing import mail_sized
from tests.emails import elements, rendered
from tests.limits import soon
from tests.newsletter.render.pictures.drawn import animation, noise, opened, walking


def times(data: bytes) -> list[int]:
    return [int(frame.info["duration"]) for frame in ImageSequence.Iterator(opened(data))]


def test_a_small_gif_keeps_its_bytes() -> None:
    data = animation("GIF", walking(6, (400, 200)))
    sized = mail_sized(data, 700)
    assert sized.data == data
    assert sized.remark is None


def test_what_was_said_in_a_gif_goes_and_its_frames_and_its_loop_stay() -> None:
    frames = walking(4, (300, 150))
    quiet, talking = (animation("GIF", frames, comment=said) for said in (b"", b"at home" * 99))
    assert without_words(talking + b"behind its end") == without_words(quiet) == quiet
    assert opened(quiet).info["loop"] == 0


@pytest.mark.parametrize("kind", ["WEBP", "PNG", "AVIF"])
def test_an_animation_of_another_kind_becomes_a_gif_that_moves_as_fast(kind: str) -> None:
    data = animation(kind, walking(5, (300, 200)))
    sized = mail_sized(data, 700)
    assert (sized.extension, sized.width, sized.height) == ("gif", 300, 200)
    assert len(times(sized.data)) == 5
    assert sum(times(sized.data)) == 400
    assert opened(sized.data).info.get("loop", 0) == 0


def test_a_large_gif_is_made_smaller_and_still_moves() -> None:
    data = animation("GIF", walking(40, (900, 600), noisy=True))
    assert len(data) > 3 * MOST_BYTES
    sized = mail_sized(data, 700)
    assert len(sized.data) <= MOST_BYTES
    assert sized.extension == "gif"
    assert sized.width <= 350
    assert len(times(sized.data)) > 10
    assert abs(sum(times(sized.data)) - 40 * 80) <= 100
    assert sized.remark is None


def test_one_that_cannot_be_small_enough_is_a_still_and_a_finding(tmp_path: Path) -> None:
    frames = [noise(700 + more, 500).crop((0, 0, 700, 500)) for more in range(24)]
    (tmp_path / "a.gif").write_bytes(animation("GIF", frames))
    rendering = rendered(tmp_path, "## A\n\nText.\n\n![A walk](a.gif)\n")
    (asset,) = rendering.email.assets
    assert not getattr(opened(asset.data), "is_animated", False)
    assert len(asset.data) <= MOST_BYTES
    (finding,) = rendering.findings
    assert (finding.code, finding.severity, finding.line) == ("picture-still", "warning", 9)
    assert list(elements(rendering.email.html, "img"))


def test_a_film_of_hundreds_of_large_frames_is_never_decoded() -> None:
    """S-16: what is small when packed."""
    two = animation("GIF", [Image.new("RGB", (3000, 2000), colour) for colour in ("red", "blue")])
    again = two[two.rindex(b"\x21\xf9\x04") : -1]
    film = two[:-1] + again * 400 + b";"
    with soon():
        sized = mail_sized(film, 700)
    assert (sized.extension, sized.width) == ("png", 700)
    assert sized.remark is not None
    assert sized.remark.code == "picture-still"


@given(st.binary(max_size=300))
def test_bytes_that_are_no_gif_are_no_gif(data: bytes) -> None:
    """T12."""
    for one in (data, b"GIF89a" + data, b"GIF89a\x02\x00\x02\x00\x00\x00\x00" + data):
        try:
            kept = without_words(one)
        except ValueError:
            continue
        assert kept.endswith(b";")
