"""JSON as other programs write it: a character that was cut in two, a number that is none.

One such word must not keep the hundred events beside it from being read (RULES WH-3).
"""

import json
from typing import Any

import orjson


def loads(body: bytes) -> Any:
    """Return what a text holds that is JSON, or nearly.

    Where the strict reader refuses it, bytes that are no UTF-8 and halves of surrogate pairs
    become marks, and numbers, also NaN and those of any length, become text. Raises ValueError.
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as refused:
        try:
            text = body.decode("utf-8", "replace")
            read = json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
            whole = json.dumps(read, ensure_ascii=False).encode("utf-8", "replace")
        except (ValueError, RecursionError):
            raise refused from None
    return orjson.loads(whole)
