"""Filling in a rule's `action_params`: `{{ event.payload.name }}` and the like, as the platform does it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from attune_cli.execution.strict_json import text

#: What stands between the braces is a path of names, or of indexes into arrays; there are no filters.
_TEMPLATE = re.compile(r"\{\{\s*([^}]+?)\s*\}\}")
#: Only what is below these can be asked for.
SOURCES = ("event", "pack.config", "system")


class Filled(NamedTuple):
    """value: with every template replaced.  missing: (place in the value, path) of what was not there."""

    value: object
    missing: tuple[tuple[str, str], ...]


def fill(value: object, context: Mapping[str, object]) -> Filled:
    """A template that is the whole of a string gives its value with its type, or null; one inside of a
    text gives text, or nothing. context: `event`, `pack` and `system`, JSON data."""
    missing: list[tuple[str, str]] = []
    return Filled(_filled(value, context, "", missing), tuple(missing))


def lookup(path: str, context: Mapping[str, object]) -> tuple[bool, object]:
    """Whether there is something at the path, and what."""
    if not any(path == source or path.startswith(f"{source}.") for source in SOURCES):
        return False, None
    current: object = context
    for part in path.split("."):
        if isinstance(current, Mapping) and part in current:
            current = current[part]
        elif isinstance(current, list) and part.isascii() and part.isdigit() and int(part) < len(current):
            current = current[int(part)]
        else:
            return False, None
    return True, current


def _filled(value: object, context: Mapping[str, object], place: str, missing: list[tuple[str, str]]) -> object:
    if isinstance(value, str):
        return _text(value, context, place, missing)
    if isinstance(value, Mapping):
        return {
            name: _filled(item, context, f"{place}.{name}" if place else str(name), missing)
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [_filled(item, context, f"{place}[{at}]", missing) for at, item in enumerate(value)]
    return value


def _text(written: str, context: Mapping[str, object], place: str, missing: list[tuple[str, str]]) -> object:
    def found(path: str) -> object:
        is_there, value = lookup(path, context)
        if not is_there:
            missing.append((place, path))
        return value

    if whole := _TEMPLATE.fullmatch(written):
        return found(whole[1])

    def replacement(match: re.Match[str]) -> str:
        value = found(match[1])
        return "" if value is None else text(value)

    return _TEMPLATE.sub(replacement, written)
