"""Reads a filter to a tree, by recursive descent.

filter   = either
either   = every { "or" every }
every    = one { "and" one }
one      = "not" one | "(" either ")" | "tag" ":" name | "has" field | name [ "(" values ")" ]
         | field comparison
"""

from collections.abc import Collection, Sequence

from subscribers.errors import SegmentRefused
from subscribers.segment.lexer import Token, tokens
from subscribers.segment.tree import (
    Among,
    Called,
    Compared,
    Either,
    Every,
    Has,
    Negated,
    Node,
    Operator,
    Segment,
    Tagged,
    Value,
)

DEEPEST = 40
# SQLite takes a tree of at most 1,000 levels, and many values beside each other are as many.
MOST_VALUES = 500
KEYWORDS = frozenset(
    ("and", "or", "not", "in", "has", "true", "false", "contains", "starts", "ends")
)


def parse(text: str, predicates: Collection[str] = ()) -> Segment:
    """Read a filter; `predicates` are the names that `Compiler` will be given.

    Raises SegmentRefused, which knows the character that is wrong.
    """
    return Segment(text, _Parser(text, predicates).whole())


class _Parser:
    def __init__(self, text: str, predicates: Collection[str]) -> None:
        self.text = text
        self.predicates = predicates
        self.tokens: Sequence[Token] = tuple(tokens(text))
        self.place = 0
        self.depth = 0
        self.count = 0

    @property
    def next(self) -> Token:
        return self.tokens[self.place]

    def whole(self) -> Node:
        if self.next.kind == "end":
            raise SegmentRefused("the filter is empty; `tag:vip` is one", self.text, 0)
        node = self.either()
        if self.next.kind != "end":
            raise self.wrong(f"expected `and`, `or` or the end, found {self.next.text!r}")
        return node

    def either(self) -> Node:
        parts = [self.every()]
        while self.take("or"):
            parts.append(self.every())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def every(self) -> Node:
        parts = [self.one()]
        while self.take("and"):
            parts.append(self.one())
        return parts[0] if len(parts) == 1 else Every(tuple(parts))

    def one(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.wrong(f"brackets and `not` go at most {DEEPEST} deep")
        try:
            if self.take("not"):
                return Negated(self.one())
            if self.take("("):
                node = self.either()
                self.expect(")")
                return node
            return self.leaf()
        finally:
            self.depth -= 1

    def leaf(self) -> Node:
        if self.take("has"):
            return Has(self.field(self.name("the name of a field")))
        name = self.name("a field, `tag:…`, `has …` or `not`")
        if name.text == "tag" and self.take(":"):
            return Tagged(self.tag())
        if self.next.text == "(" or name.text in self.predicates:
            return self.call(name)
        return self.comparison(name)

    def tag(self) -> str:
        token = self.step()
        if token.kind not in ("word", "string") or not str(token.value).strip():
            raise self.wrong("expected the name of a tag", token)
        return " ".join(str(token.value).split()).lower()

    def call(self, name: Token) -> Called:
        if name.text not in self.predicates:
            known = ", ".join(sorted(self.predicates)) or "none here"
            raise self.wrong(f"there is no {name.text}(…); there are: {known}", name)
        arguments: list[Value] = []
        if self.take("("):
            while self.next.text != ")":
                token = self.step()
                if token.kind not in ("word", "string", "number", "date"):
                    raise self.wrong(f"{name.text}( is never closed", token)
                arguments.append(token.value)
                self.take(",")
            self.expect(")")
        return Called(name.text, tuple(arguments), name.at)

    def comparison(self, name: Token) -> Node:
        field = self.field(name)
        negated = self.take("not")
        if self.take("in"):
            node: Node = Among(field, self.values(), name.at)
        else:
            operator = self.step()
            if operator.text.lower() not in tuple(Operator):
                raise self.wrong(f"expected a comparison after {field}, such as = or in", operator)
            node = Compared(field, Operator(operator.text.lower()), self.value(), name.at)
        return Negated(node) if negated else node

    def values(self) -> tuple[Value, ...]:
        self.expect("(")
        values = [self.value()]
        while self.take(","):
            values.append(self.value())
        self.expect(")")
        return tuple(values)

    def value(self) -> Value:
        token = self.step()
        self.count += 1
        if self.count > MOST_VALUES:
            raise self.wrong(f"a filter has at most {MOST_VALUES} values", token)
        if token.kind in ("string", "number", "date"):
            return token.value
        if token.text.lower() in ("true", "false"):
            return token.text.lower() == "true"
        if token.kind == "word":
            raise self.wrong(f'write a word in quotes: "{token.text}"', token)
        raise self.wrong(f"expected a value, found {token.text!r}", token)

    def name(self, what: str) -> Token:
        token = self.step()
        if token.kind != "word" or token.text.lower() in KEYWORDS:
            raise self.wrong(f"expected {what}, found {token.text!r}", token)
        return token

    def field(self, name: Token) -> str:
        """Return a field's name; refuse what can be none, or `!=` would mean everybody."""
        if name.text == "tag":
            raise self.wrong("a tag is asked for as tag:vip", name)
        if "." in name.text:
            last = name.text.rpartition(".")[2]
            raise self.wrong(f"no attribute is called {name.text}; perhaps {last}", name)
        return name.text

    def step(self) -> Token:
        token = self.next
        if token.kind != "end":
            self.place += 1
        return token

    def take(self, text: str) -> bool:
        if self.next.kind in ("word", "sign") and self.next.text.lower() == text:
            self.place += 1
            return True
        return False

    def expect(self, text: str) -> None:
        if not self.take(text):
            raise self.wrong(f"expected {text!r}, found {self.next.text!r}")

    def wrong(self, message: str, token: Token | None = None) -> SegmentRefused:
        return SegmentRefused(message, self.text, (token or self.next).at)
