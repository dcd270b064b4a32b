"""The checks that a schema is compiled into: functions that say whether a node fits, and why not.

Every reason has a place: what does not fit is a node, and the keys that lead to it are told with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple

from attune_cli.yaml12 import Mapping as MappingNode
from attune_cli.yaml12 import Node, Scalar, Sequence

MAX_FAILURES: Final = 1_000
"""Of one file; nobody reads more."""

UNKNOWN_KEY: Final = "additionalProperties"

KINDS: Final = {str: "string", bool: "boolean", int: "integer", type(None): "null"}
"""Python's types of scalars → the types of JSON; a float may be either number or integer."""


class Failure(NamedTuple):
    """One reason why a node does not fit.

    keyword, limit: the keyword that says so, and its value; for an unknown key, the keys there are.
    node:           what does not fit; for an unknown key, the key.
    path:           the keys and indexes that lead to it from the top; for an unknown key, with it.
    """

    keyword: str
    limit: Any
    node: Node
    path: list[str | int]


Failures = list[Failure]
#: Whether a node fits; every reason why not is added to the list, if there is one.
Check = Callable[[Node, Failures | None], bool]


def kind_of(node: Node) -> str:
    """The JSON type of a node; 1.0 is an integer, as JSON Schema counts."""
    if type(node) is Scalar:
        value = node.value
        kind = KINDS.get(type(value))
        return kind or ("integer" if isinstance(value, float) and value.is_integer() else "number")
    return "object" if isinstance(node, MappingNode) else "array"


def is_null(node: Node | None) -> bool:
    """Whether a key is there and has no value."""
    return isinstance(node, Scalar) and node.value is None


def accept(_: Node, __: Failures | None) -> bool:
    return True


def refuse_key(_: Node, __: Failures | None) -> bool:
    """The schema `false`: for a key that is not known. Who asked knows where the key stands."""
    return False


def _fail(failures: Failures | None, keyword: str, limit: object, node: Node) -> bool:
    if failures is not None and len(failures) < MAX_FAILURES:
        failures.append(Failure(keyword, limit, node, []))
    return False


def together(checks: list[Check]) -> Check:
    """All of them, so that every reason is told; the first "no" is enough where nobody asks for reasons."""
    if len(checks) < 2:
        return checks[0] if checks else accept

    def check(node: Node, failures: Failures | None) -> bool:
        fits = True
        for each in checks:
            if not each(node, failures):
                if failures is None:
                    return False
                fits = False
        return fits

    return check


def typed(kinds: tuple[str, ...], checks: list[Check]) -> Check:
    """The type first: what has another one is not looked at further."""
    allowed = frozenset((*kinds, "integer") if "number" in kinds else kinds)
    takes_mappings = "object" in allowed
    rest = together(checks) if checks else None

    def check(node: Node, failures: Failures | None) -> bool:
        if takes_mappings if type(node) is MappingNode else kind_of(node) in allowed:
            return rest is None or rest(node, failures)
        return _fail(failures, "type", kinds, node)

    return check


class Keys(NamedTuple):
    """The keys of an object.

    known:   key → its check; None: anything will do.
    others:  the check of all other keys.
    sure:    key → what a scalar may be to fit without being checked; for all keys that are known.
    offered: the keys that somebody may have meant.
    """

    known: Mapping[str, Check | None]
    others: Check | None
    sure: Mapping[str, frozenset[object]]
    offered: tuple[str, ...]


def entries(keys: Keys, *, skips_null: bool) -> Check:
    """Every value by what its key asks for."""
    known, additional, sure, offered = keys

    def check(node: Node, failures: Failures | None) -> bool:
        if type(node) is not MappingNode:
            return True
        fits = True
        for name, value in node.by_name.items():
            surely = sure.get(name)
            # Nearly every value is told here, without a call.
            if surely is not None and type(value) is Scalar and (type(value.value) in surely or value.value in surely):
                continue
            each = additional if surely is None else known[name]
            if each is None or (skips_null and each is not refuse_key and is_null(value)):
                continue
            before = 0 if failures is None else len(failures)
            if each(value, failures):
                continue
            if failures is None:
                return False
            fits = False
            _lead_to(failures, before, name)
        if not fits and additional is refuse_key and failures is not None:
            _refuse_keys(node, sure, offered, failures)
        return fits

    return check


def _refuse_keys(node: MappingNode, known: Mapping[str, object], offered: tuple[str, ...], failures: Failures) -> None:
    for key, name in zip(node.keys, node.by_name, strict=True):
        if name not in known:
            before = len(failures)
            _fail(failures, UNKNOWN_KEY, offered, key)
            _lead_to(failures, before, name)


def items(judge: Check) -> Check:
    def check(node: Node, failures: Failures | None) -> bool:
        if type(node) is not Sequence:
            return True
        fits = True
        for index, item in enumerate(node.items):
            before = 0 if failures is None else len(failures)
            if not judge(item, failures):
                if failures is None:
                    return False
                fits = False
                _lead_to(failures, before, index)
        return fits

    return check


def _lead_to(failures: Failures, before: int, step: str | int) -> None:
    """Completes the paths of what was added, from the inside out."""
    for failure in failures[before:]:
        failure.path.insert(0, step)


def required(names: Iterable[str], *, skips_null: bool) -> Check:
    names = tuple(names)

    def check(node: Node, failures: Failures | None) -> bool:
        if type(node) is not MappingNode:
            return True
        fits = True
        for name in names:
            value = node.by_name.get(name)
            if value is None or (skips_null and is_null(value)):
                fits = _fail(failures, "required", (name,), node)
        return fits

    return check


def any_of(judges: list[Check], limit: object) -> Check:
    def check(node: Node, failures: Failures | None) -> bool:
        return any(judge(node, None) for judge in judges) or _fail(failures, "anyOf", limit, node)

    return check


def branch(condition: Check, then: Check, otherwise: Check) -> Check:
    def check(node: Node, failures: Failures | None) -> bool:
        return (then if condition(node, None) else otherwise)(node, failures)

    return check


def _one_of_texts(options: list[str]) -> Check:
    texts = frozenset(options)

    def check(node: Node, failures: Failures | None) -> bool:
        fits = type(node) is Scalar and type(node.value) is str and node.value in texts
        return fits or _fail(failures, "enum", tuple(options), node)

    return check


def _null(_: None) -> Check:
    def check(node: Node, failures: Failures | None) -> bool:
        return is_null(node) or _fail(failures, "const", None, node)

    return check


def _bound(keyword: str, holds: Callable[[float, float], bool]) -> Callable[[float], Check]:
    """A keyword about numbers, or about how many items a list has."""

    def compiled(limit: float) -> Check:
        def check(node: Node, failures: Failures | None) -> bool:
            measure = _measure(node, keyword)
            return measure is None or holds(measure, limit) or _fail(failures, keyword, limit, node)

        return check

    return compiled


def _measure(node: Node, keyword: str) -> float | None:
    if keyword == "minItems":
        return len(node.items) if isinstance(node, Sequence) else None
    value = node.value if isinstance(node, Scalar) else None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


PLAIN: Final[Mapping[str, Callable[[Any], Check]]] = {
    "const": _null,
    "enum": _one_of_texts,
    "exclusiveMinimum": _bound("exclusiveMinimum", lambda value, limit: value > limit),
    "maximum": _bound("maximum", lambda value, limit: value <= limit),
    "minItems": _bound("minItems", lambda value, limit: value >= limit),
    "minimum": _bound("minimum", lambda value, limit: value >= limit),
}
