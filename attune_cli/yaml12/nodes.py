"""A YAML text as a tree in which every key and every value knows where it stands.

Places are kept packed, in one integer each: line and column from 0, with 24 bits for the column,
which the size limit of a file keeps within. A `Position` is made when somebody asks: only findings
do, and a large file has a million places.

A node shows its kind and place in `repr`, never its content: a parameter file may hold secrets.
"""

from __future__ import annotations

from typing import NamedTuple

from attune_cli.diagnostics import Diagnostic, Position

ScalarValue = str | int | float | bool | None

COLUMN_BITS = 24
_COLUMN_MASK = (1 << COLUMN_BITS) - 1


def pack(line: int, column: int) -> int:
    """A packed place; places compare as the positions they stand for."""
    return (line << COLUMN_BITS) + column


def unpack(place: int) -> Position:
    """The `Position` (from 1) of a packed place (from 0)."""
    return Position((place >> COLUMN_BITS) + 1, (place & _COLUMN_MASK) + 1)


class Node:
    """What every kind of node has: where it begins, and the first position behind it.

    An alias is no node of its own: it yields the very node that its anchor names, which keeps the
    anchor's place.
    """

    __slots__ = ("end_place", "start_place")

    def __init__(self, start: int, end: int) -> None:
        self.start_place = start
        self.end_place = end

    @property
    def start(self) -> Position:
        return unpack(self.start_place)

    @property
    def end(self) -> Position:
        return unpack(self.end_place)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.start}>"


class Scalar(Node):
    """A single value.

    value: what the platform reads: str, int, float, bool or None.
    text:  the characters as they are after YAML's quoting and folding is undone.
    style: how it was written: `""` (plain), `"'"`, `'"'`, `"|"` or `">"`.
    """

    __slots__ = ("style", "text", "value")

    def __init__(self, start: int, end: int, value: ScalarValue, text: str, style: str) -> None:
        self.start_place = start
        self.end_place = end
        self.value = value
        self.text = text
        self.style = style


class Sequence(Node):
    """A list: `items` in the order in which they were written."""

    __slots__ = ("items",)

    def __init__(self, start: int, end: int, items: tuple[Node, ...]) -> None:
        self.start_place = start
        self.end_place = end
        self.items = items


class Entry(NamedTuple):
    """One `key: value` of a mapping."""

    key: Node
    value: Node


class Mapping(Node):
    """A mapping from text to nodes, in the order in which it was written.

    Keys are text, as in JSON: a number or boolean used as a key is found under its JSON spelling.
    Of a key that was written twice the first is kept; the second is a finding.

    keys:    the nodes of the keys.
    by_name: the values by key, in the same order. Not to be changed.
    """

    __slots__ = ("by_name", "keys")

    def __init__(self, start: int, end: int, keys: tuple[Node, ...], by_name: dict[str, Node]) -> None:
        self.start_place = start
        self.end_place = end
        self.keys = keys
        self.by_name = by_name

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(map(Entry, self.keys, self.by_name.values()))

    def get(self, name: str) -> Node | None:
        """The value under the key `name`; None when there is no such key."""
        return self.by_name.get(name)

    def key(self, name: str) -> Node | None:
        """The node of the key `name` itself; None when there is no such key."""
        return next((key for key, own in zip(self.keys, self.by_name, strict=True) if own == name), None)


class Document(NamedTuple):
    """A parsed file.

    root: None when the text is empty, or so broken that nothing can be said about its content.
    diagnostics: sorted; an ERROR among them means that `root`, if there, may be incomplete.
    """

    root: Node | None
    diagnostics: tuple[Diagnostic, ...]


def to_data(node: Node | None) -> object:
    """The node as plain dicts, lists and scalars: fresh ones, nothing shared even where aliases share.

    Its depth and, through aliases, its size are within the limits that `parse` holds every tree to.
    `.inf` and `.nan` are floats that strict JSON cannot write.
    """
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Mapping):
        return {name: to_data(value) for name, value in node.by_name.items()}
    if isinstance(node, Sequence):
        return [to_data(item) for item in node.items]
    return None
