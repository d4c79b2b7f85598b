"""Jekyll's own tags: links by file, includes, highlighted code, and what plugins embed."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from newsletter.digest.dialects.jekyll.permalinks import MARKDOWN
from newsletter.digest.dialects.jekyll.site import JekyllSite
from newsletter.digest.dialects.liquid.expressions import Reader
from newsletter.digest.dialects.liquid.known_tags import show_known
from newsletter.digest.dialects.liquid.lexer import Mark
from newsletter.digest.dialects.liquid.markup import NotRead
from newsletter.digest.dialects.liquid.outputs import fill
from newsletter.digest.dialects.liquid.run import Language, Run
from newsletter.digest.dialects.liquid.tags import BLOCKS, HOLLOW, SILENT, TAGS
from newsletter.digest.dialects.liquid.tree import Block
from newsletter.digest.site_files import read_site_file, site_file

FILE = re.compile(r"(?:\"([^\"]*)\"|'([^']*)'|((?:\{\{.*?\}\}|[^\s{])+))(.*)", re.DOTALL)
# Names that themes give to what all others call `src`, and to the site that hosts a film.
THEMES = re.compile(r"\b(?:image_path|img_path|image_url|imagepath)\s*=")
PROVIDER = re.compile(r"\bprovider\s*=\s*[\"']?(\w+)")
POST = re.compile(r"(?:/?(.+)/)?(\d+-\d+-\d+-[^/*?\[\]]+)")
GIST = re.compile(r"(?:[\w-]+/)?[0-9a-f]{5,40}")


def _site(run: Run) -> JekyllSite | None:
    site = run.page.site
    return site if isinstance(site, JekyllSite) and site.source else None


def _link(run: Run, mark: Mark) -> bool:
    site, name = _site(run), fill(mark.markup, run.scope)
    path = site.address(name.strip("\"' ")) if site and name else None
    if site is None or path is None:
        return False
    run.write(quote(site.prefix + path, safe="/%:~.-_+,;=@!$&"), mark)
    return True


def _post_url(run: Run, mark: Mark) -> bool:
    site = _site(run)
    found = POST.fullmatch(mark.markup.strip("\"' "))
    if site is None or not found:
        return False
    names = (_post(folder, found[1] or "", found[2]) for folder in site.folders)
    name = next(filter(None, names), None)
    path = site.address(name) if name else None
    if path is None:
        return False
    run.write(site.prefix + path, mark)
    return True


def _post(above: Path, folder: str, name: str) -> str | None:
    """Return the path of a post by its folder and name; posts lie below any `_posts`."""
    places = [f"_posts/{folder}", f"{folder}/_posts"] if folder else ["_posts"]
    for place in places:
        for suffix in (*MARKDOWN, ".html"):
            if site_file(above, f"{place}/{name}{suffix}"):
                return f"{place}/{name}{suffix}"
    if folder:
        return None
    for pattern in ("*/_posts", "_posts/*", "*/*/_posts"):
        for found in sorted(above.glob(f"{pattern}/{name}.*")):
            return found.relative_to(above).as_posix()
    return None


def _include(run: Run, mark: Mark) -> bool:
    site = _site(run)
    if site is None or site.source is None:
        return _of_a_theme(run, mark)
    named = site.settings.get("includes_dir")
    folder = named if isinstance(named, str) else "_includes"
    return _bring(run, mark, site.source, folder) or _of_a_theme(run, mark)


def _of_a_theme(run: Run, mark: Mark) -> bool:
    """Show what an include of a theme, which lies elsewhere, shows by its name: figure, video."""
    found = FILE.match(mark.markup)
    name = found and (found[1] or found[2] or found[3])
    if not found or not name or mark.is_code or run.in_code:
        return False
    rest = THEMES.sub("src=", found[4])
    provider = PROVIDER.search(rest)
    told = provider[1] if provider else PurePosixPath(name).stem
    return show_known(run, replace(mark, inner=f"{told} {rest}"))


def _include_relative(run: Run, mark: Mark) -> bool:
    return _bring(run, mark, run.page.path.parent, "")


def _bring(run: Run, mark: Mark, root: Path, folder: str) -> bool:
    found = FILE.match(mark.markup)
    name = fill(found[1] or found[2] or found[3] or "", run.scope) if found else None
    parameters = _parameters(run, found[4]) if found else None
    if not name or parameters is None or ".." in name:
        return False
    text = read_site_file(root, f"{folder}/{name}")
    if text is None:
        return False
    run.include(text.rstrip("\n"), mark, {"include": parameters})
    return True


def _parameters(run: Run, markup: str) -> Mapping[str, Any] | None:
    """Return `name=value …` as a table, None when it is none."""
    found: dict[str, Any] = {}
    try:
        reader = Reader(markup)
        while not reader.is_at_end():
            name = reader.word()
            if not reader.take("="):
                return None
            found[name] = reader.value()(run.scope)
    except NotRead:
        return None
    return found


def _highlight(run: Run, block: Block) -> bool:
    language = re.match(r"[\w+#.-]+", block.opening.markup)
    around, run.in_code = run.in_code, True
    code = run.captured(block.nodes)
    run.in_code = around
    longest = max(map(len, re.findall(r"`{3,}", code)), default=2)
    fence = "`" * (longest + 1)
    before = run.template[max(0, block.opening.start - 80) : block.opening.start]
    indent = before.rpartition("\n")[2]
    if indent.strip():
        run.write("\n\n", block.opening)
        indent = ""
    lines = [line.rstrip() for line in code.strip("\n").split("\n")]
    if lines and not lines[-1]:
        lines.pop()
    if not all(line.startswith(indent) for line in lines if line):
        lines = [indent + line if line else line for line in lines]
    run.write(f"{fence}{language[0] if language else ''}\n", block.opening)
    skipped = len(code) - len(code.lstrip("\n"))
    for number, line in enumerate(lines, run.line_of(block.opening) + skipped):
        run.writing.made(f"{line}\n", number if run.line is None else run.line)
    run.write(f"{indent}{fence}", block.closing or block.opening)
    return True


def _gist(run: Run, mark: Mark) -> bool:
    found = GIST.match(mark.markup.strip("\"'"))
    if not found:
        return False
    run.write(f"[gist.github.com/{found[0]}](https://gist.github.com/{found[0]})", mark)
    return True


def _absent(_run: Run, _mark: Mark) -> bool:
    return True


OWN: dict[str, Callable[[Run, Mark], bool]] = {
    "link": _link,
    "post_url": _post_url,
    "include": _include,
    "include_cached": _include,
    "include_relative": _include_relative,
    "gist": _gist,
    # What plugins put into a page's head.
    **dict.fromkeys(("seo", "feed_meta", "feed"), _absent),
}

LANGUAGE = Language(
    TAGS | OWN,
    {**BLOCKS, "highlight": _highlight},
    show_known,
    in_code=frozenset(("include", "include_cached", "include_relative", "link", "post_url")),
    silent=SILENT,
    hollow=HOLLOW,
)
