"""Finds the file of a post and reads it as text, or says in one line why it cannot."""

import re
from pathlib import Path

from newsletter.digest.author_text import neutral
from newsletter.errors import PostError

# Gmail shows 102,400 bytes of HTML, so this can be no issue; the worst of it parses in two seconds.
LARGEST = 256_000
MARKDOWN = (".md", ".markdown", ".mdown", ".mkd", ".mdx", ".qmd", ".rmd")
INDEXES = tuple(f"{name}{suffix}" for name in ("index", "_index") for suffix in MARKDOWN)
OTHERS = {
    ".adoc": "AsciiDoc",
    ".asciidoc": "AsciiDoc",
    ".docx": "a Word document",
    ".htm": "HTML",
    ".html": "HTML",
    ".ipynb": "a Jupyter notebook",
    ".org": "Org mode",
    ".pdf": "PDF",
    ".rst": "reStructuredText",
    ".tex": "LaTeX",
    ".textile": "Textile",
}
CONVERTER = "pandoc -t gfm can convert it"
ORG_HEAD = re.compile(r"\s*(?:#\+\w+:.*\n\s*)*#\+title:", re.IGNORECASE)
HTML_HEAD = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!doctype html|<html[\s>])", re.IGNORECASE)


def find_post(path: Path) -> Path:
    """Return the file meant by a file or a folder; raises PostError."""
    try:
        if path.is_dir():
            return _index_of(path)
        if path.is_file():
            return path
        there = path.exists()
    except (OSError, ValueError) as error:
        raise PostError(f"cannot be opened: {error}", "check the path", path=path) from error
    if there:
        raise PostError("is no regular file", "name the Markdown file of the post", path=path)
    raise PostError("there is no such file", "check the path", path=path)


def _index_of(folder: Path) -> Path:
    for name in INDEXES:
        if (folder / name).is_file():
            if name.startswith("_"):
                _refuse_section(folder)
            return folder / name
    posts = sorted(one.name for one in folder.iterdir() if one.suffix.lower() in MARKDOWN)
    mend = f"name the post itself, e.g. {folder / posts[0]}" if posts else "name a Markdown file"
    raise PostError("the folder has no index.md", mend, path=folder)


def _refuse_section(folder: Path) -> None:
    """Raise PostError where an `_index.md` heads other posts: it is no post of its own then."""
    beneath = (one for kind in MARKDOWN for one in folder.rglob(f"*{kind}"))
    other = next((one for one in beneath if not one.name.startswith("_")), None)
    if other is not None:
        raise PostError(
            "the folder is a section: its _index file lists posts",
            f"name the post itself, e.g. {other}",
            path=folder,
        )


def read_text(path: Path) -> str:
    """Return the post's text with `\\n` line ends and nothing of ours in it; raises PostError."""
    _refuse_kind(path, path.suffix.lower())
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= LARGEST else b""
    except OSError as error:
        reason = error.strerror or str(error)
        raise PostError(f"cannot be read: {reason}", "check its permissions", path=path) from error
    if size > LARGEST:
        raise PostError(
            f"has {size:,} bytes, more than the {LARGEST:,} a post may have",
            "send a shorter digest that links to the long parts",
            path=path,
        )
    text = neutral(_decode(data, path)).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise PostError("the file is empty", "write the post first", path=path, line=1)
    _refuse_content(path, text)
    return text


def _refuse_kind(path: Path, suffix: str) -> None:
    if suffix in MARKDOWN:
        return
    kind = OTHERS.get(suffix)
    if kind:
        raise PostError(f"is {kind}, not Markdown", CONVERTER, path=path)
    raise PostError(
        f"a post ends in .md, this file in {suffix or 'nothing'}",
        "name a Markdown file, or rename it to .md",
        path=path,
    )


def _decode(data: bytes, path: Path) -> str:
    for mark, name in ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16")):
        if data.startswith(mark):
            raise PostError(f"is {name}, not UTF-8", "save it as UTF-8", path=path, line=1)
    zero = data.find(b"\0")
    if zero >= 0:
        raise PostError(
            f"is binary: byte {zero:,} is zero",
            "name the Markdown file of the post",
            path=path,
            line=_line_of(data, zero),
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise PostError(
            f"is not UTF-8: byte {error.start:,} is 0x{data[error.start]:02x}",
            "save it as UTF-8; iconv -f latin1 -t utf-8 may do it",
            path=path,
            line=_line_of(data, error.start),
        ) from error


def _line_of(data: bytes, offset: int) -> int:
    return data.count(b"\n", 0, offset) + 1


def _refuse_content(path: Path, text: str) -> None:
    head = text[:2000]
    if ORG_HEAD.match(head):
        raise PostError("is Org mode, not Markdown", CONVERTER, path=path, line=1)
    if HTML_HEAD.match(head):
        raise PostError("is HTML, not Markdown", CONVERTER, path=path, line=1)
    if head.startswith("%PDF-"):
        raise PostError("is PDF, not Markdown", CONVERTER, path=path, line=1)
