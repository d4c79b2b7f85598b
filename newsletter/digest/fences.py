"""What generators write after the ticks of a fence: a language, a file's name, and orders to a highlighter."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

LANGUAGE = re.compile(r"[\w+#-]+")
# Gatsby's `js:title=app.js`, VuePress' `ts:line-numbers`, a bare `python:app.py`.
AFTER_COLON = re.compile(r":(?:title=)?([^\s{}:=]+\.\w+)")
# Pandoc's name for a block, by which the text refers to it.
LABEL = re.compile(r"#[\w-]+\s+")
TITLE = re.compile(
    r"\b(?:title|filename|file|name|caption|label|fig-cap|tbl-cap|lst-cap|path)\s*=\s*"
    r"(?:\"([^\"]*)\"|'([^']*)'|\\?\"([^\"\\]*)\\?\"|([^\s{},\"']+))",
    re.IGNORECASE,
)
# VitePress' `sh [npm]`.
IN_BRACKETS = re.compile(r"[ \t}]\[([^\[\]]{1,200})\](?=$|[\s{])")
# Rust's tests say these to their compiler; they name no language.
NO_LANGUAGE = ("ignore", "no_run", "should_panic", "compile_fail", "linenos", "hl_lines", "echo")
# What people write, and Pygments has under another name or in a neighbour's clothes.
SAME = {
    **dict.fromkeys(("jsonc", "json5"), "json"),
    **dict.fromkeys(("vue", "svelte", "astro", "razor", "cshtml"), "html"),
    **dict.fromkeys(("zsh", "nu", "nushell", "terminal", "shell"), "bash"),
    **dict.fromkeys(("mdx", "qmd", "rmd"), "markdown"),
    **dict.fromkeys(("cmd", "dos"), "batch"),
    **dict.fromkeys(("plain", "plaintext", "txt", "none", "output", "raw", "mermaid"), "text"),
    "r": "r",
    "ojs": "js",
    "conf": "ini",
    "env": "bash",
    "gitignore": "text",
    "wgsl": "rust",
}
LONGEST = 300


def fences_plugin(md: MarkdownIt) -> None:
    """Teach a parser fences: `info` becomes the language, `meta["title"]` a file's name or caption."""
    md.core.ruler.after("block", "fences", _fences)


def _fences(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "fence":
            token.info, title = read_info(token.info)
            if title:
                token.meta["title"] = title


def read_info(info: str) -> tuple[str, str]:
    """Return the language of a fence, and the title it is given; either may be empty."""
    info = info.strip()[:LONGEST]
    found = TITLE.search(info)
    title = next((one for one in found.groups() if one), "") if found else ""
    if not title:
        named = AFTER_COLON.search(info) or IN_BRACKETS.search(info)
        title = named[1] if named else ""
    return _language(info), " ".join(title.split())


def _language(info: str) -> str:
    bare = LABEL.sub("", info.lstrip("{ ")).removeprefix("=").lstrip(".")
    if bare.startswith(("language-", "lang-")):
        bare = bare.partition("-")[2]
    found = LANGUAGE.match(bare)
    if not found or bare[found.end() :].lstrip().startswith("=") or found[0] in NO_LANGUAGE:
        return ""
    language = found[0].lower()
    return SAME.get(language, language)
