"""Says the phrases that reading put among an author's words, in the language of the issue."""

from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import replace

from markdown_it.token import Token

from newsletter.digest.model import Digest, Source, Story
from newsletter.digest.phrases import MARK, spoken
from newsletter.render.words import Words

Say = Callable[[str], str]


def worded(digest: Digest, words: Words) -> Digest:
    """Return the digest with its phrases said; tokens without any are its own."""
    say = _say(words)
    return replace(
        digest,
        intro=_tokens(digest.intro, say),
        stories=tuple(_story(story, say) for story in digest.stories),
        sources=tuple(_source(source, say) for source in digest.sources),
    )


def worded_tokens(tokens: Iterable[Token], words: Words) -> tuple[Token, ...]:
    """Return tokens with the phrases in them said."""
    return _tokens(tokens, _say(words))


def _say(words: Words) -> Say:
    colon = words.say("issue.colon")
    return lambda text: spoken(text, lambda name: words.say(f"post.{name}"), colon)


def _story(story: Story, say: Say) -> Story:
    (title,) = _tokens((story.title,), say)
    sources = tuple(_source(source, say) for source in story.sources)
    return replace(story, title=title, blocks=_tokens(story.blocks, say), sources=sources)


def _source(source: Source, say: Say) -> Source:
    if not _has_phrase(source.text) and not _has_phrase(source.label):
        return source
    return replace(source, label=say(source.label), text=say(source.text))


def _tokens(tokens: Iterable[Token], say: Say) -> tuple[Token, ...]:
    return tuple(
        _token(token, say) if _has_phrase(token.content) or _is_around(token) else token
        for token in tokens
    )


def _is_around(token: Token) -> bool:
    return any(_has_phrase(child.content) or _is_around(child) for child in token.children or ())


def _token(token: Token, say: Say) -> Token:
    said = copy(token)
    said.content = say(token.content)
    if token.children:
        said.children = [_token(child, say) for child in token.children]
    return said


def _has_phrase(text: str) -> bool:
    return not text.isascii() and MARK.search(text) is not None
