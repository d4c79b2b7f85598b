"""What cannot be read as a post is refused in one line: file, line, mend."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.digest.reader import read_post
from newsletter.errors import PostError
from tests.limits import soon
from tests.newsletter.digest.writing import HEAD, read, write_post


@pytest.mark.parametrize(
    ("name", "text", "what", "line"),
    [
        ("index.md", b"", "empty", 1),
        ("index.md", b"\xef\xbb\xbf \n", "empty", 1),
        ("index.md", b"# A\n\nB\xfcr\n", "not UTF-8: byte 6 is 0xfc", 3),
        ("index.md", "# Ä\n".encode("utf-16"), "UTF-16", 1),
        ("index.md", b"# A\nx\0y", "binary: byte 5", 2),
        ("index.md", b"\x89PNG\r\n\x1a\n\0", "binary", 3),
        ("index.md", b"#+AUTHOR: a\n#+TITLE: b\n", "Org mode", 1),
        ("index.md", b"<!DOCTYPE html>\n<title>a</title>", "HTML", 1),
        ("index.md", b"# A\n" + b"x\n\n" * 90_000, "more than the 256,000", None),
        ("index.md", b"# A\n" + b"word\n" * 7_000, "without an empty line", 6002),
        ("a.org", b"* A", "Org mode", None),
        ("a.html", b"<p>", "HTML", None),
        ("a.rst", b"A\n=", "reStructuredText", None),
        ("a.png", b"\x89PNG", "ends in .md, this file in .png", None),
        ("README", b"# A", "ends in .md, this file in nothing", None),
    ],
)
def test_a_file_that_is_no_post_is_refused_in_one_line(
    tmp_path: Path, name: str, text: bytes, what: str, line: int | None
) -> None:
    path = write_post(tmp_path, text, name)

    with pytest.raises(PostError) as refused:
        read_post(path)

    told = str(refused.value)
    assert what in told
    assert told.startswith(str(path))
    assert "\n" not in told
    assert refused.value.mend
    assert refused.value.line == line


def test_a_post_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PostError, match="no such file"):
        read_post(tmp_path / "nothing.md")
    with pytest.raises(PostError, match=r"no such file|cannot be opened"):
        read_post(tmp_path / "a\0b.md")


def test_a_folder_means_its_index(tmp_path: Path) -> None:
    write_post(tmp_path, "# A\n", "post/index.md")

    assert read_post(tmp_path / "post").path == tmp_path / "post" / "index.md"


def test_a_folder_without_an_index_is_refused_and_a_post_in_it_is_named(tmp_path: Path) -> None:
    write_post(tmp_path, "# A\n", "posts/first.md")

    with pytest.raises(PostError, match=r"no index\.md") as refused:
        read_post(tmp_path / "posts")

    assert "first.md" in refused.value.mend


def test_a_section_of_a_site_is_no_post_and_one_in_it_is_named(tmp_path: Path) -> None:
    write_post(tmp_path, "# All\n", "posts/_index.md")
    assert read_post(tmp_path / "posts").path == tmp_path / "posts" / "_index.md"
    write_post(tmp_path, "# A\n", "posts/first/index.md")

    with pytest.raises(PostError, match="is a section") as refused:
        read_post(tmp_path / "posts")

    assert str(Path("first/index.md")) in refused.value.mend
    assert read_post(tmp_path / "posts" / "_index.md").title == "All"


PIECES = [
    *("---\n", "+++\n", "title: a\n", "date: ", "[^1]", "[^1]: ", "^[", "](", "![", "(x.png)"),
    *("<img src=", "<a href='", "</a>", "<!--", "-->", "{{<", ">}}", "{{%", "/*", "# ", "## "),
    *("\n", "\n\n", "- ", "1. ", "> ", "|", "|-|-|\n", "```", "`", "*", "__", "~~", "http://["),
    *("&#xE000;", "\\", "{#a}", "{.a b=c}", "{", ": ", "\t", "\0", "\x1b[1m", "//a/b", "../.."),
    *("<br>", "<script>", "author: [", "image: x\n", "&a ", "*a", "!!timestamp x", "%00", "\r\n"),
]
POSTS = st.one_of(
    st.binary(max_size=200),
    st.lists(st.sampled_from(PIECES), max_size=40).map(lambda parts: "".join(parts).encode()),
    st.lists(st.sampled_from(PIECES), max_size=40).map(
        lambda parts: (HEAD + "".join(parts)).encode()
    ),
)


@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=POSTS)
@soon()
def test_any_bytes_are_a_digest_or_a_refusal(tmp_path: Path, text: bytes) -> None:
    path = write_post(tmp_path, text)
    title, told, mend = "", "", ""
    try:
        title = read_post(path).title
    except PostError as refused:
        told, mend = str(refused), refused.mend

    assert title or (told and mend)
    assert "\n" not in told + mend


@pytest.mark.parametrize(
    "piece",
    ["*a **a ", "'a \"b ", "{{< ", '{{< "', "> ", "- ", "[^1]", "[a](b) ", "## a\n\n", "<a "],
)
def test_no_post_takes_more_than_two_seconds_to_read(tmp_path: Path, piece: str) -> None:
    run = piece * (29_000 // len(piece))
    path = write_post(tmp_path, HEAD + f"{run}\n\n" * 3)

    with soon():
        read_post(path)


@pytest.mark.parametrize(
    "body",
    [
        "- [words](https://a.example/) and more of them\n" * 1_500,
        "| a | b |\n|---|---|\n" + "| [words](https://a.example/) | more |\n" * 1_500,
        "```\n" + "x = [1, [2, 3\n" * 4_000 + "```\n",
        "<table>\n" + "<tr><td>[ words</td></tr>\n" * 2_000 + "</table>\n",
    ],
    ids=["list", "table", "code", "html"],
)
def test_a_long_list_table_or_piece_of_code_needs_no_empty_lines(tmp_path: Path, body: str) -> None:
    assert read(tmp_path, HEAD + body).intro


@pytest.mark.parametrize("piece", ["[", "![", "^[", "][["])
def test_brackets_that_nothing_closes_are_refused_when_they_are_many(
    tmp_path: Path, piece: str
) -> None:
    with pytest.raises(PostError, match="brackets that nothing closes") as refused:
        read(tmp_path, HEAD + "One.\n\n" + piece * 1000)

    assert refused.value.line == 6


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    return write_post(tmp_path, "# A secret\n", "outside/secret.md")


# S-16
@pytest.mark.parametrize("mark", [".git/HEAD", "hugo.toml", "nothing"])
def test_a_post_that_is_a_link_out_is_refused(tmp_path: Path, secret: Path, mark: str) -> None:
    write_post(tmp_path, "baseURL = 'https://a.example'\n", f"site/{mark}")
    post = write_post(tmp_path, "", "site/content/post/index.md")
    post.unlink()
    post.symlink_to(secret)

    with pytest.raises(PostError, match="is a link that leads out of") as refused:
        read_post(post.parent)

    assert str(post) in str(refused.value)
    assert refused.value.mend


# S-16
def test_a_folder_that_is_a_link_out_is_refused(tmp_path: Path, secret: Path) -> None:
    write_post(tmp_path, "", "site/.git/HEAD")
    (tmp_path / "site" / "post").symlink_to(secret.parent)

    with pytest.raises(PostError, match="leads out of site"):
        read_post(tmp_path / "site" / "post" / "secret.md")


def test_a_link_within_the_repository_is_read(tmp_path: Path) -> None:
    write_post(tmp_path, "", "site/.git/HEAD")
    post = write_post(tmp_path, "# A post\n", "site/posts/a.md")
    (tmp_path / "site" / "b.md").symlink_to(post)
    (tmp_path / "elsewhere").symlink_to(tmp_path / "site")

    assert read_post(tmp_path / "site" / "b.md").title == "A post"
    assert read_post(tmp_path / "elsewhere" / "posts" / "a.md").title == "A post"


def test_links_in_a_ring_are_refused(tmp_path: Path) -> None:
    (tmp_path / "index.md").symlink_to(tmp_path / "other.md")
    (tmp_path / "other.md").symlink_to(tmp_path / "index.md")

    with pytest.raises(PostError):
        read_post(tmp_path / "index.md")
