"""Comments in code that tell a site's highlighter what to do, and show on no page.

Shiki's `// [!code ++]` (https://shiki.style/packages/transformers), which VitePress and others run;
Docusaurus' `// highlight-next-line`.
"""

import re

from newsletter.digest.code_spans import fences

OPENS, CLOSES = r"(?://|#|<!--|/\*|\{/\*|--|;|%)", r"(?:-->|\*/\}|\*/)?"
SHIKI = re.compile(
    rf"[ \t]*{OPENS}[ \t]*\[!code [^\[\]\n]{{1,80}}\][ \t]*{CLOSES}[ \t]*$", re.MULTILINE
)
WHOLE = re.compile(rf"[ \t>]*{OPENS}[ \t]*highlight-(?:next-line|start|end)[ \t]*{CLOSES}[ \t]*\n?")


def without_code_marks(body: str) -> str:
    """Return a body whose fenced code has no such comments; lines that go are empty below the code."""
    if "[!code " not in body and "highlight-" not in body:
        return body
    parts: list[str] = []
    gone = 0
    for piece in fences(body):
        text = piece.text
        if not piece.is_code:
            parts.append("\n" * gone + text)
            gone = 0
            continue
        bare = SHIKI.sub("", text)
        is_emptied = bare != text and not bare.strip()
        if is_emptied or WHOLE.fullmatch(text):
            gone += text.count("\n")
        else:
            parts.append(bare)
    return "".join([*parts, "\n" * gone])
