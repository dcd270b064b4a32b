"""How YAML 1.1 tools read an unquoted scalar: asked of PyYAML, which is one of them."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Final

import yaml
from yaml.constructor import SafeConstructor
from yaml.nodes import ScalarNode
from yaml.resolver import Resolver

from attune_cli.yaml12.core import plain
from attune_cli.yaml12.nodes import ScalarValue

WORDS: Final = frozenset(
    {word for text in ("yes", "no", "on", "off") for word in (text, text.capitalize(), text.upper())} | {"<<", "="}
)
"""What is text today and was not in YAML 1.1, beside what looks like a number or a date."""

_LONGEST: Final = 64  # no number that a person writes is longer; base 60 takes the square of the length to compute
_IN_WORDS: Final = {
    "merge": "an order to merge another mapping into this one",
    "value": "a mark of the default value",
}


def read(text: str) -> tuple[ScalarValue, str | None]:
    """The value of an unquoted scalar, and what YAML 1.1 makes of it, in words, where that differs."""
    return (plain(text), None) if len(text) > _LONGEST else _read(text)


@lru_cache(maxsize=1024)
def _read(text: str) -> tuple[ScalarValue, str | None]:
    new = plain(text)
    tag = _resolve(text)
    kind = tag.rpartition(":")[2]
    if kind in _IN_WORDS:
        return new, _IN_WORDS[kind]
    try:
        old = SafeConstructor().construct_object(ScalarNode(tag, text))
    except (ValueError, OverflowError, yaml.YAMLError):
        return new, f"an impossible {'date' if kind == 'timestamp' else 'number'}"  # 2024-02-31
    return new, None if repr(old) == repr(new) else described(old)


def _resolve(text: str) -> str:
    """The tag that YAML 1.1 gives to an unquoted scalar."""
    # PyYAML's types do not cover its resolver.
    tag: str = _resolver().resolve(ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    return tag


@cache
def _resolver() -> Resolver:
    return Resolver()


def described(value: object) -> str:
    """A scalar's value with its kind: `the text "yes"`, `the boolean true`, `the number 12`."""
    match value:
        case None:
            return "null"
        case bool():
            return f"the boolean {str(value).lower()}"
        case int() | float():
            return f"the number {value}"
        case str():
            return f'the text "{value}"'
        case _:
            return f"the date {value}"
