"""A report for people on what an email lost of its post: `python -m tests.meters.report POST`.

POST is the name of a measured post, a part of it, `all`, or a file (with its generator behind a
colon: `a.md:jekyll`).
"""

import sys
from pathlib import Path

from newsletter.errors import NewsletterError
from tests.meters.fidelity import METERS, extra_words, lines, missing_words
from tests.meters.measured import measured
from tests.meters.posts import OURS, Post, all_shared, published

MOST = 40


def find(wanted: str) -> list[Post]:
    """Return the posts that a name, a part of one, `all` or a path means."""
    path, _, generator = wanted.partition(":")
    if Path(path).is_file():
        return [Post(path, Path(path), generator or "plain", "https://site.example/")]
    known = [*OURS, *all_shared()]
    return [post for post in known if wanted == "all" or wanted in post.name]


def report(post: Post) -> str:
    """Return all that the meters say of a post."""
    try:
        findings = [
            f"  {one.place}: {one.message} [{one.code}]" for one in published(post).findings
        ]
    except NewsletterError as error:
        return f"{post.name}: refused: {error}"
    parts = [f"{post.name} ({post.path.name}, {post.generator})"]
    for kind in ("html", "text"):
        it = measured(post, kind)
        total = len(it.source.flow) + len(it.source.aside)
        lost = missing_words(it)
        parts.append(
            f"{kind}: {100 * (1 - len(lost) / max(1, total)):.2f} % of {total} words in order, "
            f"{len(extra_words(it))} others, {len({one.url for one in it.source.links})} links, "
            f"{len(it.source.pictures)} pictures, {len(it.source.codes)} blocks of code"
        )
        parts += [f"  missing: {line}" for line in lines(lost)[:MOST]]
        parts += [f"  others: {' '.join(extra_words(it))[:400]}"] if extra_words(it) else []
        for name, meter in METERS.items():
            faults = meter(it)[:1] if name in ("words", "others") else meter(it)
            parts += [f"  {name}: {fault}" for fault in faults[:MOST]]
            if faults[MOST:]:
                parts.append(f"  {name}: and {len(faults) - MOST} more")
    return "\n".join([*parts, "findings:" if findings else "no finding", *findings])


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    posts = [post for wanted in sys.argv[1:] for post in find(wanted)]
    print("\n\n".join(map(report, posts)) or "no such post (is ../shared/posts there?)")
