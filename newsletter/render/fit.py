"""What an email shows of a post when all of it would be too many bytes for Gmail."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

from markdown_it.token import Token

# How much of a story is shown, by its number from 1; 0 is what stands before the first one.
Shares = Mapping[int, float]
WHOLE: Shares = MappingProxyType({})
INTRO = 0
# With less room left no beginning of a story is worth another rendering.
SPARE = 2_000
# About the bytes of HTML that a token takes beside its words, and an address in a link.
PER_TOKEN = 60
# What closes a list or a table that is cut between two of its items or rows.
CUT_AFTER = {"list_item_close": 1, "tr_close": 2}
# Nothing may end with these: their words announce what follows.
ANNOUNCING = (":", "\uff1a")


def too_many(weights: Sequence[int], excess: int) -> frozenset[int]:
    """Return the stories (from 1) to shorten so that at least `excess` bytes go, if there are any.

    `weights` are the bytes that each would save. In their order, a story stays whole as long as
    it fits: one that is very long gives way, and the short ones behind it stay.
    """
    room = sum(weights) - excess
    shortened = set()
    for number, weight in enumerate(weights, 1):
        if weight <= room:
            room -= weight
        else:
            shortened.add(number)
    return frozenset(shortened)


def fitting(
    size: Callable[[Shares], int], before: int, limit: int, intro: int, weights: Sequence[int]
) -> Shares:
    """Return shares by which an email of `before` bytes has at most `limit`, if there are any.

    `size` renders with some shares and returns the bytes; it is called last with what is returned.
    `intro` and `weights` are about the bytes of what stands before the stories, and of each.
    """
    now, excess = before, 0
    shares: dict[int, float] = {}
    while now > limit and len(shares) < len(weights):
        excess += max(now - limit, sum(weights) // 100, 1)
        shares = dict.fromkeys(too_many(weights, excess), 0.0)
        now = size(shares)
    excess = 0
    while now > limit and intro and shares.get(INTRO) != 0:
        excess += max(now - limit, intro // 100, 1)
        shares[INTRO] = max(0.0, 1 - excess / intro)
        now = size(shares)
    return _with_beginning(size, shares, limit - now, limit, weights)


def _with_beginning(
    size: Callable[[Shares], int],
    shares: dict[int, float],
    spare: int,
    limit: int,
    weights: Sequence[int],
) -> Shares:
    """Return shares by which the first of the shortened stories is shown as far as it fits."""
    first = min((number for number in shares if number != INTRO), default=INTRO)
    if first == INTRO or spare < SPARE:
        return shares
    wished = spare / max(weights[first - 1], 1)
    for share in (wished, wished / 2, wished / 4):
        shown = {**shares, first: min(share, 0.95)}
        if size(shown) <= limit:
            return shown
    size(shares)
    return shares


def first_part(tokens: Sequence[Token], share: float) -> list[Token]:
    """Return the beginning of some blocks, up to about this share of them.

    It ends after a block, an item or a row, and never with what announces what follows: a heading,
    or a sentence that ends in a colon.
    """
    room = share * sum(map(_weight, tokens))
    part: list[Token] = []
    for end, weight in _ends(tokens):
        if weight > room:
            break
        if not _announces(tokens, end):
            part = [*tokens[:end], *_closing(tokens[:end])]
    return part


def _ends(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Yield the places where blocks may be cut, and what stands before them weighs."""
    depth = weight = 0
    for place, token in enumerate(tokens, 1):
        depth += token.nesting
        weight += _weight(token)
        if depth == 0 or CUT_AFTER.get(token.type) == depth:
            yield place, weight


def _closing(tokens: Sequence[Token]) -> list[Token]:
    """Return what closes the lists and tables that are open at the end of some tokens."""
    opened: list[Token] = []
    for token in tokens:
        if token.nesting > 0:
            opened.append(token)
        elif token.nesting < 0:
            opened.pop()
    return [
        Token(one.type.removesuffix("_open") + "_close", one.tag, -1, level=one.level, block=True)
        for one in reversed(opened)
    ]


def _announces(tokens: Sequence[Token], end: int) -> bool:
    last, before = tokens[end - 1], tokens[end - 2 : end - 1]
    if last.type == "heading_close":
        return True
    words = before[0].content if last.type == "paragraph_close" and before else ""
    return words.rstrip("*_ ").endswith(ANNOUNCING)


def _weight(token: Token) -> int:
    links = sum(child.type in ("link_open", "image") for child in token.children or ())
    return len(token.content.encode()) + PER_TOKEN * (1 + 2 * links)
