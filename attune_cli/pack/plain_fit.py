"""Whether a value certainly fits the field it stands in, told from the nodes: the keywords that fields
nearly always have. What this does not know takes a library that is slow to import."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Final

from attune_cli.pack.judge import kind_of
from attune_cli.yaml12 import Mapping as MappingNode
from attune_cli.yaml12 import Node, Scalar, Sequence

SAYS_NOTHING: Final = frozenset(
    ("default", "deprecated", "description", "examples", "key_ref", "position", "required", "secret", "title", "type")
)
"""Keywords that restrict no value, and the type, which is looked at first."""


def fits(field: Node, value: Node) -> bool:
    """True: certainly. False: perhaps not, or the field says more than is understood here."""
    if not isinstance(field, MappingNode) or not _has_type(field.by_name.get("type"), value):
        return False
    if SAYS_NOTHING.issuperset(field.by_name):
        return True
    return all(
        keyword in SAYS_NOTHING or (keyword in _CHECKS and _CHECKS[keyword](value, limit))
        for keyword, limit in field.by_name.items()
    )


def _has_type(wanted: Node | None, value: Node) -> bool:
    if not isinstance(wanted, Scalar):
        return False
    kind = kind_of(value)
    return wanted.value in {kind, "any"} or (wanted.value == "number" and kind == "integer")


def _one_of(value: Node, options: Node) -> bool:
    return isinstance(options, Sequence) and any(_same(value, option) for option in options.items)


def _same(one: Node, other: Node) -> bool:
    if not isinstance(one, Scalar) or not isinstance(other, Scalar):
        return False
    return type(one.value) is type(other.value) and one.value == other.value


def _number(node: Node) -> int | float | None:
    value = node.value if isinstance(node, Scalar) else None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _size(value: Node) -> int | None:
    """Of what the keywords about length are about."""
    if isinstance(value, Sequence):
        return len(value.items)
    return len(value.value) if isinstance(value, Scalar) and isinstance(value.value, str) else None


def _compared(
    measured: Callable[[Node], float | None], holds: Callable[[float, float], bool]
) -> Callable[[Node, Node], bool]:
    def check(value: Node, limit: Node) -> bool:
        one, other = measured(value), _number(limit)
        return one is not None and other is not None and holds(one, other)

    return check


def _all_fit(value: Node, field: Node) -> bool:
    return isinstance(value, Sequence) and all(fits(field, item) for item in value.items)


_CHECKS: Final[Mapping[str, Callable[[Node, Node], bool]]] = {
    "enum": _one_of,
    "items": _all_fit,
    **dict.fromkeys(("maxItems", "maxLength"), _compared(_size, operator.le)),
    **dict.fromkeys(("minItems", "minLength"), _compared(_size, operator.ge)),
    "maximum": _compared(_number, operator.le),
    "minimum": _compared(_number, operator.ge),
}
