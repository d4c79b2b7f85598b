"""The markup of one tag, cut into words and signs that are taken from left to right."""

import re

TOKEN = re.compile(
    r"\s*(?:(?P<string>\"[^\"]*\"|'[^']*')|(?P<number>-?\d+\.\d+|-?\d+(?![\w-]))"
    r"|(?P<word>[^\W\d][\w-]*\??)|(?P<sign>\.\.|[=!]==?|<>|<=|>=|[<>|:,()\[\].={}~]))"
)
DEEPEST = 20


class NotRead(ValueError):
    """Markup that is no expression as far as this reader goes."""


class Markup:
    """What is left of a tag's markup; every method raises NotRead."""

    def __init__(self, markup: str) -> None:
        self._tokens: list[tuple[str, str]] = []
        self._at = 0
        self._depth = 0
        at = 0
        markup = markup.rstrip()
        while at < len(markup):
            found = TOKEN.match(markup, at)
            if found is None:
                raise NotRead(markup[at : at + 20])
            self._tokens.append((str(found.lastgroup), found[str(found.lastgroup)]))
            at = found.end()

    def next_is(self, *written: str) -> bool:
        """Return whether the next sign or word is one of these."""
        return self._at < len(self._tokens) and self._tokens[self._at][1] in written

    def next_is_named(self) -> bool:
        """Return whether a value is next that has its name before it: `limit: 3`."""
        following = self._tokens[self._at : self._at + 2]
        return len(following) == 2 and following[0][0] == "word" and following[1][1] in (":", "=")

    def take(self, *written: str) -> bool:
        """Go past the next sign or word if it is one of these, and say so."""
        if self.next_is(*written) and self._tokens[self._at][0] != "string":
            self._at += 1
            return True
        return False

    def word(self) -> str:
        """Read a name."""
        kind, written = self.next()
        if kind != "word":
            raise NotRead(written)
        return written

    def is_at_end(self) -> bool:
        """Return whether all is read."""
        return self._at >= len(self._tokens)

    def expect_end(self) -> None:
        """Refuse markup of which something is left."""
        if not self.is_at_end():
            raise NotRead(self._tokens[self._at][1])

    def next(self) -> tuple[str, str]:
        """Take the next sign or word, and say of which kind it is."""
        if self.is_at_end():
            raise NotRead("")
        self._at += 1
        return self._tokens[self._at - 1]

    def deeper(self) -> None:
        """Count one more thing inside another; there may be so many of them in a markup."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise NotRead("nested too deeply")
