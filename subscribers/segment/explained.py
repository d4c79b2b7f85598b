"""A filter in plain words, to be read before anybody is mailed by it."""

from datetime import date

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

_VERBS = {
    Operator.EQUAL: "is",
    Operator.UNEQUAL: "is not",
    Operator.LESS: "is less than",
    Operator.AT_MOST: "is at most",
    Operator.GREATER: "is more than",
    Operator.AT_LEAST: "is at least",
    Operator.CONTAINS: "contains",
    Operator.STARTS: "starts with",
    Operator.ENDS: "ends with",
}
_OF_DAYS = {
    Operator.LESS: "is before",
    Operator.AT_MOST: "is on or before",
    Operator.GREATER: "is after",
    Operator.AT_LEAST: "is on or after",
}


def explain(segment: Segment) -> str:
    """Return a filter as a phrase after "people": `tagged vip, and whose city is "Pune"`."""
    return _words(segment.root, inside=False)


def _words(node: Node, *, inside: bool = True) -> str:
    match node:
        case Every(parts):
            return _joined([_words(part) for part in parts], "and", inside=inside)
        case Either(parts):
            return _joined([_words(part) for part in parts], "or", inside=inside)
        case Negated(part):
            return f"not ({_words(part, inside=False)})"
        case Tagged(tag):
            return f"tagged {tag}"
        case Has(field):
            return f"who have a value for {field}"
        case Among(field, values):
            return f"whose {field} is {_listed([_shown(value) for value in values])}"
        case Called(name, arguments):
            told = " ".join(_shown(one) if not isinstance(one, str) else one for one in arguments)
            return f"{name} ({told})" if told else name
        case Compared(field, operator, value):
            verbs = _VERBS | _OF_DAYS if isinstance(value, date) else _VERBS
            return f"whose {field} {verbs[operator]} {_shown(value)}"


def _joined(parts: list[str], word: str, *, inside: bool) -> str:
    joined = f", {word} ".join(parts)
    return f"({joined})" if inside else joined


def _listed(values: list[str]) -> str:
    return values[0] if len(values) == 1 else f"{', '.join(values[:-1])} or {values[-1]}"


def _shown(value: Value) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:g}"
        case date():
            return value.isoformat()
    return f'"{value}"'
