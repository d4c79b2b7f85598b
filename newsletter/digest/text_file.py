"""The text that an author wrote beside a post, for mail programs that show no HTML."""

from pathlib import Path

from newsletter.digest.author_text import neutral
from newsletter.digest.enclosure import refuse_link_out
from newsletter.errors import PostError


def text_file(post: Path) -> Path:
    """Return where such a text lies: index.txt beside index.md."""
    return post.with_suffix(".txt")


def read_text_file(post: Path) -> str | None:
    """Return that text without blanks at the ends of its lines; None without such a file.

    Raises PostError for one that is no UTF-8, or only a link to a file elsewhere.
    """
    path = text_file(post)
    try:
        if not path.is_file():
            return None
        refuse_link_out(path)
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise PostError("cannot be read as text", "save it as UTF-8", path=path) from error
    return "\n".join(line.rstrip() for line in neutral(text).split("\n"))
