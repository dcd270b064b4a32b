"""Whether a value certainly fits the field it stands in, told from the nodes: the keywords that fields
nearly always have. What this does not know takes a library that is slow to import."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Final

from attune_cli.pack.checks import kind_of
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
    for keyword, limit in field.by_name.items():
        if keyword not in SAYS_NOTHING and not (keyword in _CHECKS and _CHECKS[keyword](value, limit)):
            return False
    return True


def _has_type(wanted: Node | None, value: Node) -> bool:
    if not isinstance(wanted, Scalar):
        return False
    kind = kind_of(value)
    return wanted.value in {kind, "any"} or (wanted.value == "number" and kind == "integer")


def _one_of(value: Node, options: Node) -> bool:
    if type(options) is not Sequence or type(value) is not Scalar:
        return False
    wanted = value.value
    for option in options.items:
        if type(option) is Scalar and option.value == wanted and type(option.value) is type(wanted):
            return True
    return False


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
