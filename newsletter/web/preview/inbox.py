"""The email as each kind of inbox shows it; only what a program would do is done to the HTML."""

import re

# How a program that follows the system reads the sheet: one colour scheme holds, the other never.
# By another feature and not by `all`, which cannot stand behind an `and`.
ALWAYS, NEVER = "(min-width:0px)", "(max-width:0px)"
_PLACES = re.compile(
    r"<style\b[^>]*>.*?</style>|<(?:source|meta)\b[^>]*>", re.DOTALL | re.IGNORECASE
)
_ASKED = re.compile(r"\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)", re.IGNORECASE)
_SCHEME = re.compile(r"((?<![-\w])color-scheme\s*:\s*|\bname=\"color-scheme\" content=\")[\w ]+")
_HEAD = re.compile(r"<head\b[^>]*>", re.IGNORECASE)
_BLOCK = re.compile(r"<(?:p|h[1-6]|li|dt|dd|pre|blockquote|img)\b(?![^>]*\bid=)")
_FRAGMENT = re.compile(r'\bhref="#')

CHANGED = "changed"
# Links leave the frame; what was changed last stands a third down, marked for a moment.
_OURS = (
    '<base target="_blank">'
    f"<style>#{CHANGED}{{scroll-margin-top:30vh}}"
    f"#{CHANGED}:target{{animation:changed 1.6s ease-out}}"
    "@keyframes changed{0%,40%{outline:2px solid #c9a227;outline-offset:5px}"
    "to{outline:2px solid transparent;outline-offset:5px}}"
    "@media (prefers-reduced-motion:reduce){#changed:target{animation:none}}</style>"
)


def in_scheme(html: str, scheme: str) -> str:
    """Return the email as a program in `dark` or `light` shows it, whatever the system's own."""

    def told(match: re.Match[str]) -> str:
        asked = _ASKED.sub(lambda one: ALWAYS if one[1].lower() == scheme else NEVER, match[0])
        return _SCHEME.sub(lambda one: f"{one[1]}{scheme}", asked)

    return _PLACES.sub(told, html)


def framed(html: str) -> str:
    """Return the email fit for our frame: links open elsewhere, those within the issue stay."""
    return _HEAD.sub(lambda head: head[0] + _OURS, _FRAGMENT.sub('target="_self" href="#', html), 1)


def with_change(before: str, after: str) -> str:
    """Return `after` with the id `changed` on the last block that differs from `before`.

    Nothing is marked when only the head differs, or nothing does.
    """
    if before == after:
        return after
    end = len(after) - _shared_end(before, after)
    blocks = [block for block in _BLOCK.finditer(after, after.find("<body")) if block.start() < end]
    if not blocks:
        return after
    at = blocks[-1].end()
    return f'{after[:at]} id="{CHANGED}"{after[at:]}'


def _shared_end(one: str, other: str) -> int:
    """Return how many characters both end with."""
    pairs = zip(reversed(one), reversed(other), strict=False)
    shorter = min(len(one), len(other))
    return next((at for at, (left, right) in enumerate(pairs) if left != right), shorter)
