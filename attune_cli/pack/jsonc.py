"""Members added to a JSON text with comments, all else left as it is, to the letter.

Editors keep their settings so: `//` and `/* */` comments, commas behind the last member.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

_TOKEN: Final = r"""(?sx) (?P<blank> \s+ | //[^\n]* | /\*.*?\*/ )
    | (?P<text> "(?:\\.|[^"\\])*" ) | (?P<sign> [{}\[\],:] ) | (?P<word> [^\s{}\[\],:"/]+ ) | (?P<other> . )"""
_DEFAULT_INDENT: Final = "  "


class NotEditableError(Exception):
    """The text is no such JSON, or has something else where members should go."""


class _Token(NamedTuple):
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Object:
    """values: key → the index of the token its value begins with.  first, last: its braces' tokens."""

    values: Mapping[str, int]
    first: int
    last: int


def with_members(text: str, key: str, members: Mapping[str, object]) -> str:
    """`text` with these members in the object under `key` at its top; those it has already stay as they are.

    Raises NotEditableError.
    """
    if not text.strip():
        (member,) = _members({key: dict(members)}, _DEFAULT_INDENT, 1)
        return f"{{\n{_DEFAULT_INDENT}{member}\n}}\n"
    tokens = list(_significant(text))
    top = _object(tokens, 0)
    if top.last != len(tokens) - 1:
        raise NotEditableError("something follows the closing brace")
    indent = _indent(text, tokens, top)
    if key not in top.values:
        edited = _inserted(text, tokens, top, {key: dict(members)}, (indent, 1))
    else:
        inner = _object(tokens, top.values[key])
        missing = {name: value for name, value in members.items() if name not in inner.values}
        edited = _inserted(text, tokens, inner, missing, (indent, 2)) if missing else text
    _verify(text, edited, key, members)
    return edited


def loads(text: str) -> Any:  # noqa: ANN401 - JSON is anything
    """The data of a JSON text with comments. Raises NotEditableError."""
    tokens = [token.text for token in _significant(text)]
    kept = [each for each, after in zip(tokens, [*tokens[1:], ""], strict=True) if (each, after) not in _TRAILING]
    try:
        return json.loads(" ".join(kept))
    except ValueError as error:
        raise NotEditableError(f"it is no JSON: {error}") from error


_TRAILING: Final = {(",", "}"), (",", "]")}


def _significant(text: str) -> Iterator[_Token]:
    """Everything but blanks and comments; a byte order mark is a blank."""
    for match in re.finditer(_TOKEN, text):
        if match.lastgroup != "blank" and match[0] != "\ufeff":
            yield _Token(match[0], match.start(), match.end())


def _object(tokens: list[_Token], first: int) -> _Object:
    """The object that begins with this token."""
    if first >= len(tokens) or tokens[first].text != "{":
        raise NotEditableError("there is no object where one should be")
    values: dict[str, int] = {}
    at = first + 1
    while at + 2 < len(tokens) and tokens[at].text != "}":
        if not tokens[at].text.startswith('"') or tokens[at + 1].text != ":":
            raise NotEditableError("it is no JSON")
        values[_name(tokens[at])] = at + 2
        at = _behind(tokens, at + 2)
        if tokens[min(at, len(tokens) - 1)].text == ",":
            at += 1
    if at >= len(tokens) or tokens[at].text != "}":
        raise NotEditableError("an object has no end")
    return _Object(values, first, at)


def _name(token: _Token) -> str:
    try:
        return str(json.loads(token.text))
    except ValueError as error:
        raise NotEditableError(f"it is no JSON: {error}") from error


def _behind(tokens: list[_Token], at: int) -> int:
    """The index behind the value that begins here."""
    depth = 0
    while at < len(tokens):
        depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(tokens[at].text, 0)
        at += 1
        if depth == 0:
            return at
    raise NotEditableError("a value has no end")


def _inserted(
    text: str, tokens: list[_Token], into: _Object, members: Mapping[str, object], layout: tuple[str, int]
) -> str:
    """With members behind the last one. layout: one indentation, and how many of them a member has."""
    indent, depth = layout
    before, end = tokens[into.last - 1], tokens[into.last]
    # A comment may stand between the last member and the brace: it stays where it is.
    gap = text[before.end : end.start]
    at = gap.rfind("\n")
    comments, closing = (gap[:at].rstrip("\r"), gap[at + 1 :]) if at >= 0 else (gap.rstrip(), indent * (depth - 1))
    comma, trailing = {"{": ("", ""), ",": ("", ",")}.get(before.text, (",", ""))
    lines = f",\n{indent * depth}".join(_members(members, indent, depth))
    added = f"\n{indent * depth}{lines}{trailing}\n{closing}"
    added = added.replace("\n", "\r\n") if "\r\n" in text else added
    return f"{text[: before.end]}{comma}{comments}{added}{text[end.start :]}"


def _members(members: Mapping[str, object], indent: str, depth: int) -> Iterator[str]:
    for name, value in members.items():
        if isinstance(value, dict) and value:
            inner = f",\n{indent * (depth + 1)}".join(_members(value, indent, depth + 1))
            yield f"{json.dumps(name)}: {{\n{indent * (depth + 1)}{inner}\n{indent * depth}}}"
        else:
            yield f"{json.dumps(name)}: {json.dumps(value)}"


def _indent(text: str, tokens: list[_Token], top: _Object) -> str:
    """What the first member at the top is moved in by."""
    if top.values:
        start = tokens[top.first + 1].start
        blank = text[text.rfind("\n", 0, start) + 1 : start]
        if blank and not blank.strip():
            return blank
    return _DEFAULT_INDENT


def _verify(before: str, after: str, key: str, members: Mapping[str, object]) -> None:
    """Raises NotEditableError unless the text says what it said before, and the members."""
    wanted = loads(before)
    wanted[key] = {**members, **wanted.get(key, {})}
    if loads(after) != wanted:
        raise NotEditableError("it is written in a way that cannot be added to safely")
