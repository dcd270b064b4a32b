"""The JSON of a request's body, read as strictly as the platform reads it, and where it is wrong."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from typing import Final, NamedTuple, NoReturn

from attune_cli.execution.strict_json import MAX_DEPTH, depth

MAX_BODY: Final = 1024 * 1024
"""Bytes of a request's body; what is longer is refused."""


class BodyError(ValueError):
    """The body is not what it has to be. The message never quotes it beyond a key's name."""


class Body(NamedTuple):
    """repeated: keys that an object deeper inside has twice; the last one counts."""

    data: dict[str, object]
    repeated: tuple[str, ...] = ()


def read_object(body: bytes) -> Body:
    """Parse a body that has to be one JSON object. Raises BodyError with line and column."""
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        before = body[: error.start].decode()
        raise _misplaced(before, _Fault("the body is not UTF-8 text", len(before))) from None
    repeats = _Repeats()
    data = _parsed(text, repeats)
    if not isinstance(data, dict):
        raise BodyError(f"the body is no JSON object but {_KINDS.get(type(data), 'a number')}")
    if repeats.of_last:
        raise _misplaced(text, _second(text, repeats.of_last[0]))
    return Body(data, tuple(repeats.found)) if repeats.found else Body(data)


class _Repeats:
    """Makes the objects while they are parsed, the outermost last, and keeps the keys that are there twice."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.of_last: list[str] = []

    def object(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(pairs)
        self.of_last = []
        if len(found) < len(pairs):
            counts = Counter(name for name, _ in pairs)
            self.of_last = [name for name, times in counts.items() if times > 1]
            self.found += self.of_last
        return found


def _parsed(text: str, repeats: _Repeats) -> object:
    try:
        data = json.loads(text, parse_constant=_no_constant, parse_float=_finite, object_pairs_hook=repeats.object)
    except json.JSONDecodeError as error:
        raise BodyError(f"the body is no JSON: {error.msg} at line {error.lineno}, column {error.colno}") from None
    except RecursionError:
        raise _misplaced(text, _too_deep(text)) from None
    except ValueError:
        # A number, or NaN: Python's reader does not say where it stands.
        raise _misplaced(text, _no_number(text)) from None
    if text.count("[") + text.count("{") > MAX_DEPTH and depth(data) > MAX_DEPTH:
        raise _misplaced(text, _too_deep(text))
    if "\\ud" in text.lower():
        _check_surrogates(text)
    return data


_KINDS: Final = {list: "an array", str: "a string", bool: "a boolean", type(None): "null"}

#: A string, a bracket, a word or a number: all that has to be told apart to find a place.
_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]|-?[A-Za-z0-9.+-]+', re.DOTALL)
_PAIR: Final = re.compile(r"\\u(d[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2})|\\u(d[89a-f][0-9a-f]{2})|\\.", re.IGNORECASE)


class _Fault(NamedTuple):
    what: str
    at: int


def _misplaced(text: str, fault: _Fault) -> BodyError:
    return BodyError(f"{fault.what}: {_place(text, fault.at)}")


def _place(text: str, at: int) -> str:
    return f"line {text.count(chr(10), 0, at) + 1}, column {at - text.rfind(chr(10), 0, at)}"


def _too_deep(text: str) -> _Fault:
    level = 0
    for token in _TOKEN.finditer(text):
        level += (token[0] in "[{") - (token[0] in "]}")
        if level > MAX_DEPTH:
            return _Fault(f"the body is nested more than {MAX_DEPTH} levels deep", token.start())
    return _Fault(f"the body is nested more than {MAX_DEPTH} levels deep", len(text))


def _second(text: str, name: str) -> _Fault:
    """Where a key of the outermost object stands for the second time."""
    level, times = 0, 0
    for token in _TOKEN.finditer(text):
        word = token[0]
        level += (word in "[{") - (word in "]}")
        if level == 1 and word[0] == '"' and text[token.end() :].lstrip()[:1] == ":" and json.loads(word) == name:
            times += 1
            if times == 2:
                return _Fault(f"the body has the key `{name[:100]}` twice", token.start())
    return _Fault("the body has a key twice", 0)


def _no_number(text: str) -> _Fault:
    for token in _TOKEN.finditer(text):
        word = token[0]
        if word in {"NaN", "Infinity", "-Infinity"}:
            return _Fault(f"the body is no JSON: {word} is no value of it", token.start())
        if word[0] in "-0123456789" and not _is_finite(word):
            return _Fault("the body has a number that is too large", token.start())
    return _Fault("the body has a number that cannot be read", 0)


def _is_finite(word: str) -> bool:
    try:
        return not math.isinf(float(word)) and (len(word) < 4000 or not word.lstrip("-").isdigit())
    except ValueError:
        return True


def _check_surrogates(text: str) -> None:
    """Half a surrogate pair stands for no character."""
    for token in _TOKEN.finditer(text):
        if token[0][0] != '"':
            continue
        for escape in _PAIR.finditer(token[0]):
            if escape[2]:
                raise _misplaced(text, _Fault("a string has half a surrogate pair", token.start() + escape.start()))


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError("too large")
    return number
