"""Reads the plain values assigned in a configuration written in Python; nothing of it is run."""

import ast
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from newsletter.digest.author_text import TooMuch, neutral, neutral_values
from newsletter.digest.configuration import NoConfiguration

LARGEST = 256_000
LONGEST = 10_000
DEEPEST = 20


def read_python(file: Path) -> dict[str, Any]:
    """Return the names that a file sets to values which can be told without running it.

    Strings, numbers, truths, lists, tuples, tables; also names set above, and strings joined by `+`
    or in an f-string. What is computed is left out; an `if` is taken for what stands under it.
    Empty when there is no such file; raises NoConfiguration.
    """
    try:
        if not file.is_file():
            return {}
        if file.stat().st_size > LARGEST:
            raise NoConfiguration("it is too large")
        with warnings.catch_warnings():
            # An odd escape in somebody's string is no matter of ours.
            warnings.simplefilter("ignore")
            tree = ast.parse(neutral(file.read_text("utf-8-sig")))
        found: dict[str, Any] = {}
        for statement in tree.body:
            _take(statement, found)
        return neutral_values(found)
    except (OSError, SyntaxError, ValueError, MemoryError, RecursionError, TooMuch) as error:
        raise NoConfiguration(" ".join(str(error).split())[:120]) from error


class _Computed(ValueError):
    """A value that only running the file would tell."""


def _take(statement: ast.stmt, found: dict[str, Any]) -> None:
    if isinstance(statement, ast.Assign):
        targets, value = statement.targets, statement.value
    elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
        targets, value = [statement.target], statement.value
    else:
        return
    for target in targets:
        if isinstance(target, ast.Name):
            try:
                found[target.id] = _value(value, found, 0)
            except _Computed:
                found.pop(target.id, None)


def _value(node: ast.expr, names: Mapping[str, Any], depth: int) -> Any:
    if depth > DEEPEST:
        raise _Computed
    deeper = depth + 1
    if isinstance(node, ast.Constant) and isinstance(node.value, str | int | float | None):
        return node.value
    if isinstance(node, ast.Name) and node.id in names:
        return names[node.id]
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return [_value(one, names, deeper) for one in node.elts]
    if isinstance(node, ast.Dict):
        return {
            str(_value(key, names, deeper)): _value(value, names, deeper)
            for key, value in zip(node.keys, node.values, strict=True)
            if key is not None
        }
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _joined([node.left, node.right], names, deeper)
    if isinstance(node, ast.JoinedStr):
        return _joined(node.values, names, deeper)
    if isinstance(node, ast.FormattedValue) and node.format_spec is None:
        return _value(node.value, names, deeper)
    raise _Computed


def _joined(nodes: list[ast.expr], names: Mapping[str, Any], depth: int) -> str:
    parts = [_value(node, names, depth) for node in nodes]
    text = "".join(part for part in parts if isinstance(part, str))
    if not all(isinstance(part, str) for part in parts) or len(text) > LONGEST:
        raise _Computed
    return text
