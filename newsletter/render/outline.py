"""What a screen reader is told of an author's HTML: headings without gaps, heads of tables."""

import re

_HEADING = re.compile(r"<(/?)h([1-6])\b[^>]*>", re.IGNORECASE)
_EMPTY_HEADING = re.compile(r"<h([1-6])\b[^>]*>\s*</h\1>")
_EMPTY_HEAD = re.compile(r"<th\b([^>]*)>\s*</th>")
_HEAD = re.compile(r"<th\b((?:(?! scope=)[^>])*)>")
_NEXT_CELL = re.compile(r"<t[hd]\b|</tr>")


def outlined(html: str, above: int) -> str:
    """Return sanitised HTML whose headings go down one level at a time from `above` (1 to 5).

    An empty heading goes; one that stands right below the title of all (`above` is 1) gets the
    class `part`, so that it is not set like a story's. WCAG 1.3.1.
    """
    open_levels: list[int] = []

    def heading(tag: re.Match[str]) -> str:
        level = int(tag[2])
        if not tag[1]:
            while open_levels and open_levels[-1] >= level:
                open_levels.pop()
            open_levels.append(level)
        shown = min(above + max(len(open_levels), 1), 6)
        looks = ' class="part"' if shown == 2 and not tag[1] else ""
        return f"<{tag[1]}h{shown}{looks}>"

    return _HEADING.sub(heading, _EMPTY_HEADING.sub("", html))


def headed(html: str) -> str:
    """Return HTML whose table heads say what they are the head of; an empty one is a plain cell."""

    def scoped(head: re.Match[str]) -> str:
        following = _NEXT_CELL.search(html, head.end())
        is_on_top = html.rfind("<thead", 0, head.start()) > html.rfind("</thead", 0, head.start())
        is_beside = following is not None and following[0] == "<td"
        scope = "row" if is_beside and not is_on_top else "col"
        return f'<th{head[1]} scope="{scope}">'

    html = _EMPTY_HEAD.sub(r"<td\1></td>", html)
    return _HEAD.sub(scoped, html)
