"""A warm rendering of a post, beside the bare sum of the three libraries that it rests on.

    python -m benchmarks.render [--rounds N]

The yardstick is one call each of markdown-it's parse, mjml2html and premailer, on what the same
rendering hands to them, premailer with its style sheet read before (to read it takes longer than
all the rest, and ours is read once); the subject reads the post's file and renders it, HTML and
text. The posts are the seed and this-week-in-rust of `../shared/posts` (or of BROADSHEET_POSTS) where they
are, and an example of ours. Prints a JSON line each; exit 1 when a target is missed.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from unittest import mock

import mjml
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

from benchmarks.measuring import Seconds, compare
from newsletter.digest.front_matter import split
from newsletter.digest.post_file import read_text
from newsletter.digest.reader import read_post
from newsletter.errors import PostError
from newsletter.publishing import SAMPLE
from newsletter.render.inline import MARK, Inliner, inline
from newsletter.render.mjml import compile_mjml
from newsletter.render.renderer import render_issue

TARGET = 2.5
ROUNDS = 60
ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("BROADSHEET_POSTS") or ROOT.parent / "shared" / "posts")
EXAMPLE = ROOT / "examples" / "site" / "content" / "blog" / "2026-10-open-data" / "index.md"
PATTERNS = {"seed": "tmai-april-2024.md", "this-week-in-rust": "rust-lang__this-week-in-rust__*.md"}
SITE = "https://site.example"


def posts() -> Iterator[tuple[str, Path]]:
    """Yield the posts that are there, by name."""
    for name, pattern in PATTERNS.items():
        yield from ((name, path) for path in sorted(SHARED.glob(pattern)))
    yield "example", EXAMPLE


def warm(path: Path) -> Callable[[], Seconds]:
    """Return the subject: read and render, again and again in one process."""

    def run() -> None:
        render_issue(read_post(path, site_url=SITE), SAMPLE, images="site")

    return _timed(run)


def bare(path: Path) -> Callable[[], Seconds]:
    """Return the yardstick: the three libraries on what this post's rendering hands to them."""
    digest = read_post(path, site_url=SITE)
    with (
        mock.patch("newsletter.render.page.compile_mjml", wraps=compile_mjml) as compiled,
        mock.patch("newsletter.render.page.inline", wraps=inline) as inlined,
    ):
        render_issue(digest, SAMPLE, images="site")
    source = compiled.call_args.args[0]
    html, css = inlined.call_args.args
    body = split(read_text(path), path).body
    parser = MarkdownIt("commonmark", {"typographer": True})
    parser.enable(["table", "strikethrough", "smartquotes"]).use(footnote_plugin)
    premailer, marked = Inliner(css), html.replace("<style", f"<style{MARK}")

    def run() -> None:
        parser.parse(body)
        mjml.mjml2html(source, fonts={})
        premailer.transform(marked, pretty_print=False)

    return _timed(run)


def _timed(run: Callable[[], None]) -> Callable[[], Seconds]:
    def timed() -> Seconds:
        begun = time.process_time()
        run()
        return time.process_time() - begun

    return timed


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the ratios and return an exit code."""
    parser = argparse.ArgumentParser(description="A warm rendering beside the bare libraries.")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = parser.parse_args(arguments).rounds
    missed = False
    for name, path in posts():
        try:
            ratio = compare(f"render {name}", warm(path), bare(path), target=TARGET, rounds=rounds)
        except PostError as error:
            print(f"{name}: {error}", file=sys.stderr)
            missed = True
            continue
        print(ratio.as_json(), flush=True)
        missed |= not ratio.held
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
