"""JSON as its standard has it: no NaN, no Infinity, no number too large to be one, no endless nesting."""

from __future__ import annotations

import json
import math
from typing import NoReturn

#: How deep arrays and objects may be nested; what the platform's own reader takes.
MAX_DEPTH = 128


def loads(document: str, *, unique: bool = False) -> object:
    """Parse. Raises ValueError, whose message never quotes the text.

    unique: refuse an object that has a key twice; otherwise the last one wins.
    """
    try:
        data = json.loads(
            document,
            parse_constant=_no_constant,
            parse_float=_finite,
            object_pairs_hook=_unique if unique else None,
        )
    except json.JSONDecodeError as error:
        raise ValueError(f"{error.msg} at line {error.lineno}, column {error.colno}") from None
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    if document.count("[") + document.count("{") > MAX_DEPTH and depth(data) > MAX_DEPTH:
        raise ValueError(_TOO_DEEP)
    if "\\ud" in document.lower() and not _is_text(data):
        raise ValueError("a string has half a surrogate pair")
    return data


def compact(data: object) -> str:
    """One line without spaces, characters beyond ASCII as they are."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def text(data: object) -> str:
    """A string as it is, anything else as compact JSON: how a single value is written without quotes around it."""
    return data if isinstance(data, str) else compact(data)


def depth(data: object) -> int:
    """How deep arrays and objects are nested in each other; 0 for a single value. Counts on without
    recursion, and stops one past `MAX_DEPTH`."""
    level, deep = [data] if isinstance(data, list | dict) else [], 0
    while level and deep <= MAX_DEPTH:
        deep += 1
        level = [
            item
            for container in level
            for item in (container.values() if isinstance(container, dict) else container)
            if isinstance(item, list | dict)
        ]
    return deep


_TOO_DEEP = f"it is nested more than {MAX_DEPTH} levels deep"


def _is_text(data: object) -> bool:
    try:
        compact(data).encode()
    except UnicodeEncodeError:
        return False
    return True


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON value")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError("a number is too large")
    return number


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    data = dict(pairs)
    if len(data) < len(pairs):
        raise ValueError("a key is there twice")
    return data
