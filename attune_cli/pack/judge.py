"""Judges YAML nodes by a JSON Schema, where they stand: nothing is converted, and every reason has a place.

Of JSON Schema 2020-12 it knows what the schemas of this package use; to compile a schema with another
keyword is an error. What is annotation to a judge (`description`, `default`, …) says nothing here either,
and so do `pattern` and `format`: the forms of refs and versions have rules of their own.

For a pack without fault, importing jsonschema-rs would take longer than all the judging.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from attune_cli.yaml12 import Mapping as MappingNode
from attune_cli.yaml12 import Node, Scalar, Sequence

MAX_FAILURES: Final = 1_000
"""Of one file; nobody reads more."""

UNKNOWN_KEY: Final = "additionalProperties"

_OBJECT: Final = frozenset(("additionalProperties", "properties", "required"))
_SAYS_NOTHING: Final = _OBJECT | {
    *("$comment", "$defs", "$schema", "default", "deprecated", "description", "else", "examples", "format"),
    *("pattern", "then", "title", "type"),
}
_KINDS: Final = {str: "string", bool: "boolean", int: "integer", type(None): "null"}


@dataclass(slots=True)
class Failure:
    """One reason why a node does not fit.

    keyword, limit: the keyword that says so, and its value; for an unknown key, the keys there are.
    node:           what does not fit; for an unknown key, the key.
    path:           the keys and indexes that lead to it from the top; for an unknown key, with it.
    """

    keyword: str
    limit: Any
    node: Node
    path: list[str | int] = field(default_factory=list)


Failures = list[Failure]
Schema = Mapping[str, Any] | bool
#: Whether a node fits; every reason why not is added to the list, if there is one.
Check = Callable[[Node, Failures | None], bool]


def kind_of(node: Node) -> str:
    """The JSON type of a node; 1.0 is an integer, as JSON Schema counts."""
    if type(node) is Scalar:
        value = node.value
        kind = _KINDS.get(type(value))
        return kind or ("integer" if isinstance(value, float) and value.is_integer() else "number")
    return "object" if isinstance(node, MappingNode) else "array"


def is_null(node: Node | None) -> bool:
    """Whether a key is there and has no value."""
    return isinstance(node, Scalar) and node.value is None


def compile_schema(schema: Mapping[str, Any]) -> Check:
    """The judge of a whole file, which is a mapping. A key at its top without a value counts as absent.

    Raises KeyError for a schema with keywords that it does not know.
    """
    return _Compiler(schema.get("$defs", {})).compile(schema, is_top=True)


class _Compiler:
    """Turns schemas into functions; a definition that refers to itself becomes one that calls itself."""

    def __init__(self, definitions: Mapping[str, Any]) -> None:
        self._definitions = definitions
        self._compiled: dict[str, Check] = {}

    def compile(self, schema: Schema, *, is_top: bool = False) -> Check:
        if isinstance(schema, bool):
            return _accept if schema else _refuse_key
        checks = [self._object(schema, is_top=is_top)] if _OBJECT & schema.keys() else []
        checks += [self._keyword(schema, keyword, is_top=is_top) for keyword in schema if keyword not in _SAYS_NOTHING]
        kinds = schema.get("type")
        return _typed((kinds,) if isinstance(kinds, str) else tuple(kinds), checks) if kinds else _together(checks)

    def _keyword(self, schema: Mapping[str, Any], keyword: str, *, is_top: bool) -> Check:
        limit = schema[keyword]
        match keyword:
            case "$ref":
                return self._definition(limit.removeprefix("#/$defs/"))
            case "if":
                return _branch(*(self.compile(schema.get(each, True)) for each in ("if", "then", "else")))
            case "items":
                return _items(self.compile(limit))
            case "anyOf":
                return _any_of([self.compile(each, is_top=is_top) for each in limit], limit)
        return _PLAIN[keyword](limit)

    def _definition(self, name: str) -> Check:
        if name not in self._compiled:
            # Until it is compiled, it is known by a function that looks it up when it is called.
            self._compiled[name] = self._later(name)
            self._compiled[name] = self.compile(self._definitions[name])
        return self._compiled[name]

    def _later(self, name: str) -> Check:
        def check(node: Node, failures: Failures | None) -> bool:
            return self._compiled[name](node, failures)

        return check

    def _object(self, schema: Mapping[str, Any], *, is_top: bool) -> Check:
        additional = schema.get("additionalProperties", True)
        known = {name: self.compile(each) for name, each in schema.get("properties", {}).items()}
        checks = {name: None if check is _accept else check for name, check in known.items()}
        others = None if additional is True else self.compile(additional)
        sure = {name: _surely_fits(each) for name, each in schema.get("properties", {}).items()}
        entries = _entries(_Keys(checks, others, sure, _offered(schema)), skips_null=is_top)
        required = schema.get("required")
        return _together([entries, _required(required, skips_null=is_top)]) if required else entries


def _offered(schema: Mapping[str, Any]) -> tuple[str, ...]:
    """The keys that somebody may have meant."""
    properties = schema.get("properties", {})
    return tuple(name for name, each in properties.items() if not (isinstance(each, dict) and each.get("deprecated")))


def _accept(_: Node, __: Failures | None) -> bool:
    return True


def _refuse_key(_: Node, __: Failures | None) -> bool:
    """The schema `false`: for a key that is not known. Who asked knows where the key stands."""
    return False


def _fail(failures: Failures | None, keyword: str, limit: object, node: Node) -> bool:
    if failures is not None and len(failures) < MAX_FAILURES:
        failures.append(Failure(keyword, limit, node))
    return False


def _together(checks: list[Check]) -> Check:
    """All of them, so that every reason is told; the first "no" is enough where nobody asks for reasons."""
    if len(checks) < 2:
        return checks[0] if checks else _accept

    def check(node: Node, failures: Failures | None) -> bool:
        fits = True
        for each in checks:
            if not each(node, failures):
                if failures is None:
                    return False
                fits = False
        return fits

    return check


def _typed(kinds: tuple[str, ...], checks: list[Check]) -> Check:
    """The type first: what has another one is not looked at further."""
    allowed = frozenset((*kinds, "integer") if "number" in kinds else kinds)
    takes_mappings = "object" in allowed
    rest = _together(checks) if checks else None

    def check(node: Node, failures: Failures | None) -> bool:
        if takes_mappings if type(node) is MappingNode else kind_of(node) in allowed:
            return rest is None or rest(node, failures)
        return _fail(failures, "type", kinds, node)

    return check


def _surely_fits(schema: Schema) -> frozenset[object]:
    """What a scalar may be to fit without further ado: types of Python, and texts."""
    if isinstance(schema, bool):
        return frozenset()
    if schema.get("if") == {"type": "string"}:
        return _surely_fits({"type": "string", **schema["then"]})
    if "enum" in schema:
        return frozenset(schema["enum"])
    kinds = schema.get("type", ())
    named = {kinds} if isinstance(kinds, str) else set(kinds)
    only_type = not (schema.keys() - _SAYS_NOTHING - {"items"})
    return frozenset(python for python, kind in _KINDS.items() if only_type and kind in named)


class _Keys(NamedTuple):
    """The keys of an object.

    known:   key → its check; None: anything will do.
    others:  the check of all other keys.
    sure:    key → what a scalar may be to fit without being checked.
    offered: the keys that somebody may have meant.
    """

    known: Mapping[str, Check | None]
    others: Check | None
    sure: Mapping[str, frozenset[object]]
    offered: tuple[str, ...]


def _entries(keys: _Keys, *, skips_null: bool) -> Check:
    """Every value by what its key asks for."""
    known, additional, sure, offered = keys

    def check(node: Node, failures: Failures | None) -> bool:
        if type(node) is not MappingNode:
            return True
        fits = True
        for name, value in node.by_name.items():
            # Nearly every value is told here, without a call.
            if (
                type(value) is Scalar
                and name in sure
                and (type(value.value) in sure[name] or value.value in sure[name])
            ):
                continue
            each = known.get(name, additional)
            if each is None or (skips_null and each is not _refuse_key and is_null(value)):
                continue
            before = 0 if failures is None else len(failures)
            if each(value, failures):
                continue
            if failures is None:
                return False
            fits = False
            _lead_to(failures, before, name)
        if not fits and additional is _refuse_key and failures is not None:
            _refuse_keys(node, known, offered, failures)
        return fits

    return check


def _refuse_keys(node: MappingNode, known: Mapping[str, object], offered: tuple[str, ...], failures: Failures) -> None:
    for key, name in zip(node.keys, node.by_name, strict=True):
        if name not in known:
            before = len(failures)
            _fail(failures, UNKNOWN_KEY, offered, key)
            _lead_to(failures, before, name)


def _items(judge: Check) -> Check:
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


def _required(names: Iterable[str], *, skips_null: bool) -> Check:
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


def _any_of(judges: list[Check], limit: object) -> Check:
    def check(node: Node, failures: Failures | None) -> bool:
        return any(judge(node, None) for judge in judges) or _fail(failures, "anyOf", limit, node)

    return check


def _branch(condition: Check, then: Check, otherwise: Check) -> Check:
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


_PLAIN: Final[Mapping[str, Callable[[Any], Check]]] = {
    "const": _null,
    "enum": _one_of_texts,
    "exclusiveMinimum": _bound("exclusiveMinimum", lambda value, limit: value > limit),
    "maximum": _bound("maximum", lambda value, limit: value <= limit),
    "minItems": _bound("minItems", lambda value, limit: value >= limit),
    "minimum": _bound("minimum", lambda value, limit: value >= limit),
}
