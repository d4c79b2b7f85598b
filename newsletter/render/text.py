"""The text part of an issue, written from the digest's tokens and never from its HTML."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from newsletter.digest.author_text import neutral
from newsletter.digest.markdown import parse
from newsletter.digest.model import Digest, Image, Source, Story
from newsletter.digest.text_file import read_text_file
from newsletter.flowed import SIGNATURE, stuffed
from newsletter.message import Masthead
from newsletter.render.linkbook import LinkBook
from newsletter.render.merging import MergeFields
from newsletter.render.references import References
from newsletter.render.text_blocks import BlockWriter
from newsletter.render.text_inline import picture
from newsletter.render.wording import worded_tokens
from newsletter.render.words import Words
from newsletter.render.wrapping import COLUMNS, flow, width, wrap
from newsletter.slots import slot


def write_text(
    digest: Digest,
    masthead: Masthead,
    book: LinkBook,
    words: Words,
    *,
    numbered: bool,
    fields: MergeFields | None = None,
) -> str:
    """Return the text part, flowed: lines of at most 72 columns wherever no address is in them.

    Addresses stand as slots, each whole and on a line of its own. A text file beside the post
    (index.txt for index.md) takes the place of all but the footer, as it is. `numbered`: the
    stories are listed at the top, and count. Raises PostError when the text file cannot be read.
    """
    fields = fields or MergeFields(on=False)
    own = read_text_file(digest.path)
    if own is None:
        blocks = _Text(digest, masthead, book, words, fields, numbered=numbered).sections()
    else:
        lines = fields.lines(own.strip("\n")).split("\n")
        blocks = ["\n".join([*stuffed(lines), ""])]
    return "\n".join((*blocks, SIGNATURE, *_footer(masthead, words))) + "\n"


class _Text:
    """The parts of one text above its footer, each as lines."""

    def __init__(
        self,
        digest: Digest,
        masthead: Masthead,
        book: LinkBook,
        words: Words,
        fields: MergeFields,
        *,
        numbered: bool,
    ) -> None:
        self.digest = digest
        self.fields = fields
        self.masthead = masthead
        self.words = words
        self.numbered = numbered
        self.references = References(book, picture=words.say("issue.picture"))
        self.blocks = BlockWriter(self.references)

    def sections(self) -> list[str]:
        """Return the parts in their order, each with the empty line below it."""
        parts = [self._head(), self._note(), self._intro(), self._contents()]
        parts += [self._story(n, story) for n, story in enumerate(self.digest.stories, 1)]
        parts.append(self._rest())
        return ["\n".join([*lines, ""]) for lines in parts if lines]

    def _head(self) -> list[str]:
        lines = _underlined(wrap(neutral(self.digest.title)), "=")
        if self.digest.subtitle:
            lines += ["", *_margin(self.digest.subtitle)]
        byline = []
        if self.digest.authors:
            names = self.words.names(self.digest.authors)
            byline.append(self.words.say("names.by", names=names))
        if self.digest.date:
            zone = self.masthead.time_zone
            byline.append(self.words.day(self.digest.date, time_zone=zone))
        if byline:
            lines += ["", *_margin(self.words.dotted(byline))]
        return [*lines, "", self._headed("issue.online"), f"<{slot('archive')}>"]

    def _note(self) -> list[str]:
        note = str(self.digest.options.get("note") or "").strip()
        tokens, _ = parse(note, language=self.words.language)
        lines = self.blocks.flow(self.fields.tokens(worded_tokens(tokens, self.words)))
        return [self._headed("issue.note"), "", *lines, *self._links()] if lines else []

    def _intro(self) -> list[str]:
        # A note that no story has stands at the end, and the intro may refer to it.
        self._show(self.digest.sources, even_one=True)
        lines = self.blocks.flow(self.digest.intro)
        return [*lines, *self._links()]

    def _contents(self) -> list[str]:
        stories = self.digest.stories
        if not self.numbered:
            return []
        lines: list[str] = []
        for number, story in enumerate(stories, 1):
            lines += wrap(neutral(story.title_text), COLUMNS, f"{number:>{_digits(stories)}}. ")
        return [self._headed("issue.contents"), "", *stuffed(lines), ""]

    def _story(self, number: int, story: Story) -> list[str]:
        self.references.story = number
        self._show(story.sources)
        title = wrap(self._title(story), COLUMNS, f"{number}. " if self.numbered else "")
        lines = _underlined(title, "-")
        for words in self._picture(story.image):
            lines += ["", *_margin(words)]
        body = self.blocks.flow(story.blocks)
        lines += ["", *body] if body else []
        lines += self._links()
        if story.sources:
            lines += ["", *self._sources(story.sources)]
        return [*lines, ""]

    def _picture(self, image: Image | None) -> list[str]:
        """Return what a story's picture shows, and its caption where that says something else."""
        if image is None:
            return []
        caption = image.title or ""
        # An empty description: it only decorates.
        said = caption if image.alt is None else image.alt
        shown = picture(said, self.words.say("issue.picture"))
        return [one for one in (shown, "" if caption == said else caption) if one]

    def _title(self, story: Story) -> str:
        """Return a story's title with the marks of its links, which are listed below the story."""
        words = neutral(story.title_text)
        for child in story.title.children or ():
            if child.type == "link_open":
                mark = self.references.link(str(child.attrs.get("href", "")), story.title_text)
                words += f"\u00a0{mark}" if mark else ""
        return words

    def _rest(self) -> list[str]:
        self.references.story = None
        self._show(self.digest.sources, even_one=True)
        lines = self._sources(self.digest.sources)
        return [*lines, ""] if lines else []

    def _show(self, sources: Sequence[Source], *, even_one: bool = False) -> None:
        """Say which notes show a mark from here on: a story's only source needs none."""
        numbers = frozenset(source.number for source in sources)
        self.references.marked = numbers if even_one or len(numbers) > 1 else frozenset()

    def _headed(self, name: str) -> str:
        return headed(self.words.say(name), self.words)

    def _links(self) -> list[str]:
        lines = self.references.take_links()
        return ["", *lines] if lines else []

    def _sources(self, sources: Sequence[Source]) -> list[str]:
        if len(sources) == 1 and not self.references.notes.get(sources[0].number):
            mark = self.words.say("issue.source") + self.words.say("issue.colon")
            return stuffed(self._source(sources[0], mark, ""))
        lines: list[str] = [self._headed("issue.sources")] if sources else []
        for source in sources:
            number = self.references.notes.get(source.number)
            mark = f"[{number}] " if number else "- "
            lines += self._source(source, mark, " " * len(mark))
        return stuffed(lines)

    def _source(self, source: Source, mark: str, indent: str) -> list[str]:
        words = source.text.rstrip(" .") if source.url else source.text
        if source.host and source.host not in words:
            words += f" ({source.host})"
        lines = wrap(neutral(words), COLUMNS, mark)
        if source.url:
            address = self.references.book.slot(source.url, source.label, self.references.story)
            lines.append(f"{indent}<{address}>")
        return lines


def _margin(words: str) -> list[str]:
    return stuffed(flow(neutral(words)))


def _underlined(lines: list[str], mark: str) -> list[str]:
    return stuffed([*lines, mark * max(map(width, lines))])


def _digits(stories: Sequence[Story]) -> int:
    return len(str(len(stories)))


def _footer(masthead: Masthead, words: Words) -> list[str]:
    lines = _margin(reason(masthead, words))
    forwarded = f"{words.say('issue.forwarded')} {words.say('issue.subscribe')}"
    links = [
        (words.say("issue.unsubscribe"), slot("unsubscribe")),
        (words.say("issue.preferences"), slot("preferences")),
        (words.say("issue.privacy"), masthead.privacy_url),
        (forwarded, slot("subscribe")),
    ]
    for label, url in links:
        if url:
            lines += ["", *stuffed(wrap(headed(label, words))), f"<{url}>"]
    postal = [line.strip() for line in masthead.postal_address.splitlines() if line.strip()]
    return (
        [*lines, "", *stuffed([part for line in postal for part in wrap(line)])]
        if postal
        else lines
    )


def reason(masthead: Masthead, words: Words) -> str:
    """Return why somebody gets this mail."""
    host = urlsplit(masthead.site_url).hostname or ""
    name = "issue.reason_at" if host else "issue.reason"
    return words.say(name, list=masthead.name, site=host)


def headed(label: str, words: Words) -> str:
    """Return the words above a list or an address, with the language's colon behind them."""
    return f"{label}{words.say('issue.colon').rstrip(' ')}"
