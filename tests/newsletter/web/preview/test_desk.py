"""The desk: a new proof after each save that matters, and the last good one when a post breaks."""

from pathlib import Path

import pytest
from PIL import Image

from newsletter.errors import PostError
from newsletter.web.preview.watch import saved, stamps, template_folders, watched
from tests.newsletter.web.preview.post import BROKEN, POST, desk_for, write


def codes(desk_findings: object) -> list[str]:
    assert isinstance(desk_findings, tuple)
    return [finding.code for finding in desk_findings]


def test_a_post_is_rendered_once_until_something_is_saved(tmp_path: Path) -> None:
    desk = desk_for(write(tmp_path))
    assert desk.look() is desk.look()


def test_a_saved_post_is_a_new_proof(tmp_path: Path) -> None:
    desk = desk_for(write(tmp_path))
    first = desk.look()
    write(tmp_path, POST.replace("Tuesday", "Friday"))
    second = desk.look()
    assert second.name != first.name
    assert "It did so on Friday." in second.html
    assert 'id="changed"' in second.html
    assert second.email is not None
    assert "changed" not in second.email.html


def test_a_post_saved_as_it_was_is_the_same_proof(tmp_path: Path) -> None:
    desk = desk_for(write(tmp_path))
    first = desk.look()
    write(tmp_path, POST)
    assert desk.look() is first


def test_a_picture_put_beside_the_post_is_seen(tmp_path: Path) -> None:
    desk = desk_for(write(tmp_path))
    assert "picture-missing" in codes(desk.look().findings)
    Image.new("RGB", (8, 8)).save(tmp_path / "pond.png")
    proof = desk.look()
    assert "picture-missing" not in codes(proof.findings)
    assert proof.email is not None
    assert len(proof.email.assets) == 1


def test_a_text_put_beside_the_post_is_seen(tmp_path: Path) -> None:
    desk = desk_for(write(tmp_path))
    desk.look()
    text = tmp_path / "index.txt"
    text.write_text("By hand.\n", encoding="utf-8")
    assert text in stamps(watched(desk.post, None))


def test_a_template_of_the_project_is_seen_when_it_is_saved(tmp_path: Path) -> None:
    partial = tmp_path / "own" / "_partials" / "footer.html"
    partial.parent.mkdir(parents=True)
    desk = desk_for(write(tmp_path), templates=tmp_path / "own")
    assert "Until next month." not in desk.look().html
    partial.write_text("<p>Until next month.</p>", encoding="utf-8")
    assert "Until next month." in desk.look().html


@pytest.mark.parametrize(
    ("name", "text"),
    [("_partials/footer.html", "\n{% if %}"), ("tokens.toml", "[light\n"), ("digest.mjml", "<mj")],
)
def test_a_template_that_breaks_is_told_by_its_name(tmp_path: Path, name: str, text: str) -> None:
    own = tmp_path / "own"
    (own / "_partials").mkdir(parents=True)
    desk = desk_for(write(tmp_path), templates=own)
    good = desk.look()
    (own / name).write_text(text, encoding="utf-8")
    broken = desk.look()
    assert broken.trouble is not None
    assert name in broken.trouble.message
    assert broken.edition == good.edition
    (own / name).unlink()
    assert desk.look().trouble is None


def test_a_post_that_breaks_keeps_its_last_rendering_and_says_where(tmp_path: Path) -> None:
    desk = desk_for(write(tmp_path))
    good = desk.look()
    write(tmp_path, BROKEN)
    broken = desk.look()
    assert (broken.email, broken.edition) == (good.email, good.edition)
    assert broken.name != good.name
    assert broken.trouble is not None
    assert (broken.trouble.path, broken.trouble.line) == (desk.post, 3)
    assert broken.lines[1] == "title: [A quiet"
    write(tmp_path)
    assert desk.look().trouble is None


def test_a_post_that_was_never_whole_shows_its_lines(tmp_path: Path) -> None:
    proof = desk_for(write(tmp_path, BROKEN)).look()
    assert proof.email is None
    assert proof.trouble is not None
    assert proof.lines == ("---", "title: [A quiet", "---", "Words.")


def test_a_post_that_was_taken_away_is_trouble_and_no_crash(tmp_path: Path) -> None:
    desk = desk_for(write(tmp_path))
    desk.look()
    desk.post.unlink()
    trouble = desk.look().trouble
    assert trouble is not None
    assert trouble.message == "There is no such file."


def test_lines_are_counted_as_the_reader_counts_them(tmp_path: Path) -> None:
    post = tmp_path / "index.md"
    post.write_bytes(b"---\r\ntitle: A\x0cB\r\n---\r\nOne\xff\r\n")
    assert desk_for(post).look().lines == ("---", "title: A\x0cB", "---", "One\ufffd")


def test_a_folder_without_a_post_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PostError, match=r"no index\.md"):
        desk_for(tmp_path)


def test_what_a_rendering_depends_on_is_watched(tmp_path: Path) -> None:
    site = tmp_path / "site"
    bundle = site / "content" / "blog" / "november"
    (bundle / "pictures").mkdir(parents=True)
    (site / ".git").mkdir()
    for file in (site / "hugo.toml", bundle / "pictures" / "pond.png", tmp_path / "above.toml"):
        file.touch()
    post = write(bundle)
    seen = set(watched(post, None))
    assert {post, site / "hugo.toml", bundle / "pictures" / "pond.png"} <= seen
    assert template_folders(None)[0] / "_partials" / "footer.html" in seen
    assert tmp_path / "above.toml" not in seen


def test_a_post_among_others_does_not_watch_their_folders(tmp_path: Path) -> None:
    (tmp_path / "drafts").mkdir()
    (tmp_path / "drafts" / "b.md").touch()
    post = tmp_path / "a.md"
    post.write_text(POST, encoding="utf-8")
    assert tmp_path / "drafts" / "b.md" not in set(watched(post, None))


def test_saved_new_and_vanished_files_differ(tmp_path: Path) -> None:
    kept, edited, gone, new = (tmp_path / name for name in ("kept", "edited", "gone", "new"))
    for file in (kept, edited, gone):
        file.touch()
    files = (kept, edited, gone, new)
    before = stamps(files)
    edited.write_text("more")
    gone.unlink()
    new.touch()
    assert saved(before, stamps(files)) == {edited, gone, new}
