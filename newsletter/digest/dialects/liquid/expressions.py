"""Reads the expressions of Liquid and, where they agree, of Nunjucks; an expression is a function.

    value      "words"  'words'  12  1.5  true  nil  empty  blank  page.title  a["b"][0]  (1..5)
               [value, value]  {key: value}
    filters    value | name | name: value, value, key: value | name(value)
    output     value ~ value or value    value if condition else value
    condition  value == value and value contains value or not value

What is read is compiled to a function of a `Scope`. Nothing here calls anything but filters.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from newsletter.digest.dialects.liquid.markup import Markup, NotRead
from newsletter.digest.dialects.liquid.operations import (
    BLANK,
    EMPTY,
    Scope,
    both,
    compare,
    either,
    filtered_by,
    numbers,
    opposite,
)
from newsletter.digest.dialects.liquid.values import NOT_KNOWN, UNSET, step, truthy, words

Expression = Callable[[Scope], Any]

CONSTANTS: dict[str, Any] = {"true": True, "false": False, "nil": None, "null": None, "none": None}
SIGNS = ("==", "===", "!=", "!==", "<>", "<", ">", "<=", ">=", "contains", "in")


@lru_cache(4_096)
def filtered(markup: str) -> Expression:
    """Read what an output writes, the whole markup; raises NotRead."""
    reader = Reader(markup)
    expression = reader.output()
    reader.expect_end()
    return expression


@lru_cache(4_096)
def condition(markup: str) -> Expression:
    """Read a condition, the whole markup; raises NotRead."""
    reader = Reader(markup)
    expression = reader.condition()
    reader.expect_end()
    return expression


class Reader(Markup):
    """Reads expressions in one tag's markup; every method raises NotRead."""

    def value(self) -> Expression:
        """Read one value without filters."""
        kind, written = self.next()
        if kind == "string":
            return _constant(written[1:-1])
        if kind == "number":
            return _constant(float(written) if "." in written else int(written[:18]))
        if written == "(":
            return self._range()
        if written == "[":
            return self._list()
        if written == "{":
            return self._table()
        if kind != "word":
            raise NotRead(written)
        if written in ("empty", "blank") and not self.next_is(".", "["):
            return _constant(EMPTY if written == "empty" else BLANK)
        if written.lower() in CONSTANTS:
            return _constant(CONSTANTS[written.lower()])
        return self._path(written)

    def output(self) -> Expression:
        """Read a value, another one instead of one that says nothing, or one on a condition."""
        self.deeper()
        value = self.joined()
        while self.take("or"):
            value = _instead(value, self.joined())
        if not self.take("if"):
            return value
        holds = self.condition()
        other = self.output() if self.take("else") else _constant("")
        return lambda scope: _chosen(holds(scope), value, other, scope)

    def joined(self) -> Expression:
        """Read a value with its filters, and those that are joined to it by `~`."""
        value = self.filtered()
        while self.take("~"):
            value = _beside(value, self.filtered())
        return value

    def filtered(self) -> Expression:
        """Read a value with its filters."""
        expression = self.value()
        while self.take("|"):
            expression = self._filter(expression)
        return expression

    def condition(self) -> Expression:
        """Read a condition; `and` and `or` bind alike, from the right, as in Liquid."""
        self.deeper()
        left = self._comparison()
        if self.take("and"):
            right = self.condition()
            return lambda scope: both(left(scope), lambda: right(scope))
        if self.take("or"):
            right = self.condition()
            return lambda scope: either(left(scope), lambda: right(scope))
        return left

    def _comparison(self) -> Expression:
        if self.take("not"):
            self.deeper()
            inner = self._comparison()
            return lambda scope: opposite(inner(scope))
        left = self.joined()
        for sign in SIGNS:
            if self.take(sign):
                right = self.joined()
                return lambda scope: compare(sign, left(scope), right(scope))
        return left

    def _filter(self, of: Expression) -> Expression:
        name = self.word()
        arguments: list[Expression] = []
        named: dict[str, Expression] = {}
        in_brackets = self.take("(")
        if (in_brackets and not self.next_is(")")) or (not in_brackets and self.take(":")):
            self.arguments(arguments, named)
        if in_brackets and not self.take(")"):
            raise NotRead(name)
        return lambda scope: filtered_by(
            scope,
            name,
            of(scope),
            [one(scope) for one in arguments],
            {key: one(scope) for key, one in named.items()},
        )

    def arguments(self, arguments: list[Expression], named: dict[str, Expression]) -> None:
        """Read values, some of them by name, with commas between."""
        self._argument(arguments, named)
        while self.take(","):
            self._argument(arguments, named)

    def _argument(self, arguments: list[Expression], named: dict[str, Expression]) -> None:
        if self.next_is_named():
            name = self.word()
            self.next()
            named[name] = self.value()
        else:
            arguments.append(self.value())

    def _list(self) -> Expression:
        self.deeper()
        values: list[Expression] = []
        while not self.take("]"):
            values.append(self.value())
            if not self.take(",") and not self.next_is("]"):
                raise NotRead("[")
        return lambda scope: [one(scope) for one in values]

    def _table(self) -> Expression:
        self.deeper()
        values: dict[str, Expression] = {}
        while not self.take("}"):
            kind, written = self.next()
            if kind not in ("word", "string") or not self.take(":"):
                raise NotRead(written)
            values[written.strip("\"'")] = self.value()
            if not self.take(",") and not self.next_is("}"):
                raise NotRead("{")
        return lambda scope: {name: one(scope) for name, one in values.items()}

    def _range(self) -> Expression:
        self.deeper()
        first = self.value()
        if not self.take(".."):
            raise NotRead("(")
        last = self.value()
        if not self.take(")"):
            raise NotRead("(")
        return lambda scope: numbers(first(scope), last(scope))

    def _path(self, name: str) -> Expression:
        steps: list[Expression] = []
        while True:
            if self.take("."):
                kind, written = self.next()
                if kind not in ("word", "number"):
                    raise NotRead(written)
                steps.append(_constant(written))
            elif self.take("["):
                self.deeper()
                steps.append(self.value())
                if not self.take("]"):
                    raise NotRead(name)
            else:
                break

        def walk(scope: Scope) -> Any:
            value = scope.names.get(name, UNSET)
            for one in steps:
                value = step(value, one(scope))
            return value

        return walk


def _constant(value: Any) -> Expression:
    return lambda _scope: value


def _instead(value: Expression, other: Expression) -> Expression:
    def chosen(scope: Scope) -> Any:
        first = value(scope)
        return first if truthy(first) and first != "" else other(scope)

    return chosen


def _chosen(holds: Any, value: Expression, other: Expression, scope: Scope) -> Any:
    if holds is NOT_KNOWN:
        return NOT_KNOWN
    return (value if truthy(holds) else other)(scope)


def _beside(left: Expression, right: Expression) -> Expression:
    def both(scope: Scope) -> Any:
        parts = [words(None if one is UNSET else one) for one in (left(scope), right(scope))]
        known = [one for one in parts if one is not None]
        return scope.afford("".join(known)) if len(known) == len(parts) else NOT_KNOWN

    return both
