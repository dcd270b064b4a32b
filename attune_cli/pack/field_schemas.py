"""The schemas that a pack writes itself, for its parameters, results and configuration: what no JSON Schema
can say of them. Keywords that are nearly one, defaults that do not fit, patterns that do not compile."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from typing import Final

from attune_cli.diagnostics import Diagnostic
from attune_cli.errors import AttuneError
from attune_cli.pack import plain_fit, schema_rules
from attune_cli.pack.checks import is_null, kind_of
from attune_cli.pack.components import Component
from attune_cli.pack.parameter_schema import ParameterSchema, standard
from attune_cli.pack.patterns import Patterns
from attune_cli.pack.schema import FIELD_KEYS
from attune_cli.pack.validity import Hidden, is_valid, misfits
from attune_cli.yaml12 import Mapping, Node, Scalar, Sequence, to_data

MAX_FINDINGS: Final = 1_000
"""Of one file."""
MAX_CHECKS: Final = 200
"""Defaults of one file that are checked where it takes a library."""
MAX_EXPLAINED: Final = 20
"""Those of them that are told with the reason: to explain takes ten times as long as to judge."""

MAX_WORDS: Final = 1_000
"""Unknown keywords that the nearest known one is looked for of."""

#: Characters of a value, and of a schema, that is worth the time to be explained.
_MOST_EXPLAINED: Final = 20_000


class _Budget:
    """What may still be done for one file."""

    def __init__(self) -> None:
        self.checks = MAX_CHECKS
        self.explanations = MAX_EXPLAINED
        self.words = MAX_WORDS


_ONE: Final = frozenset(
    (
        *("additionalProperties", "contains", "contentSchema", "else", "if", "items", "not", "propertyNames", "then"),
        *("unevaluatedItems", "unevaluatedProperties"),
    )
)
_LISTS: Final = frozenset(("allOf", "anyOf", "oneOf", "prefixItems"))
_NAMED: Final = frozenset(("$defs", "definitions", "dependentSchemas", "patternProperties", "properties"))
_HOLDERS: Final = _ONE | _LISTS | _NAMED

KEYWORDS: Final = (
    _HOLDERS
    | plain_fit.SAYS_NOTHING
    | {
        *("$anchor", "$comment", "$dynamicAnchor", "$dynamicRef", "$id", "$ref", "$schema", "$vocabulary"),
        *("const", "contentEncoding", "contentMediaType", "dependencies", "dependentRequired", "enum"),
        *("exclusiveMaximum", "exclusiveMinimum", "format", "maxContains", "maxItems", "maxLength", "maxProperties"),
        *("maximum", "minContains", "minItems", "minLength", "minProperties", "minimum", "multipleOf", "pattern"),
        *("readOnly", "uniqueItems", "writeOnly"),
    }
)
"""What may stand in a field: the keywords of JSON Schema, those of earlier drafts, the platform's own."""

#: Fields with no other keywords are in order, as far as can be said here.
_QUIET: Final = KEYWORDS - _HOLDERS - {"default", "enum", "pattern"}
_QUIET_WITH_DEFAULT: Final = _QUIET | {"default"}
_SPELLED: Final = {keyword.lower(): keyword for keyword in sorted(KEYWORDS)}
#: What other tools call them.
_SYNONYMS: Final = {"choices": "enum", "max": "maximum", "min": "minimum", "options": "enum", "regex": "pattern"}


def check(component: Component) -> list[Diagnostic]:
    """What is wrong with the fields under `parameters`, `output` and the like. Not for files that are broken."""
    root = component.root
    if root is None or FIELD_KEYS.isdisjoint(root.by_name):
        return []
    odd = [field for key in root.by_name if key in FIELD_KEYS for field in _odd_fields(key, root.by_name[key])]
    return list(islice(_check(component, odd), MAX_FINDINGS)) if odd else []


def _odd_fields(key: str, node: Node) -> list[tuple[str, Node]]:
    """The fields right under a key that there is more to say of than that they are in order."""
    if not isinstance(node, Mapping):
        return []
    if is_json_schema(node):
        return [(key, node)]
    return [(f"{key}.{name}", field) for name, field in node.by_name.items() if not _is_quiet(field)]


def _is_quiet(field: Node) -> bool:
    if type(field) is not Mapping or _QUIET.issuperset(field.by_name):
        return True
    return _QUIET_WITH_DEFAULT.issuperset(field.by_name) and plain_fit.fits(field, field.by_name["default"])


def _check(component: Component, waiting: list[tuple[str, Node]]) -> Iterator[Diagnostic]:
    patterns, budget = Patterns(), _Budget()
    seen: set[int] = set()
    for name, field in _with_inner(waiting):
        if id(field) in seen:  # an alias
            continue
        seen.add(id(field))
        by_name = field.by_name
        if not KEYWORDS.issuperset(by_name):
            yield from _unknown_keywords(component, name, field, budget)
        if "pattern" in by_name:
            yield from _pattern(component, name, by_name["pattern"], patterns)
        if "enum" in by_name:
            yield from _enum(component, name, field)
        if "default" in by_name and budget.checks and not plain_fit.fits(field, by_name["default"]):
            yield from _default(component, name, field, budget)


def _with_inner(waiting: list[tuple[str, Node]]) -> Iterator[tuple[str, Mapping]]:
    """The fields and all that are inside them, with the keys that lead there. Without recursion."""
    while waiting:
        name, node = waiting.pop()
        if isinstance(node, Mapping):
            yield name, node
            if not _HOLDERS.isdisjoint(node.by_name):
                waiting += [each for keyword, held in node.by_name.items() for each in _held(name, keyword, held)]


def is_json_schema(node: Mapping) -> bool:
    """Whether what stands under `parameters` is one JSON Schema, rather than names with a field each."""
    kind, named = node.get("type"), node.get("properties")
    if isinstance(kind, Scalar) and isinstance(kind.value, str):
        return True
    if kind is not None and not is_null(kind):
        return False
    return isinstance(named, Mapping) and all(isinstance(each, Mapping) for each in named.by_name.values())


def _held(name: str, keyword: str, node: Node) -> list[tuple[str, Node]]:
    if keyword in _ONE:
        return [(f"{name}.{keyword}", node)]
    if keyword in _LISTS and isinstance(node, Sequence):
        return [(f"{name}.{keyword}[{index}]", item) for index, item in enumerate(node.items)]
    return _children(f"{name}.{keyword}", node) if keyword in _NAMED and isinstance(node, Mapping) else []


def _children(name: str, node: Mapping) -> list[tuple[str, Node]]:
    return [(f"{name}.{key}", value) for key, value in node.by_name.items()]


def _unknown_keywords(component: Component, name: str, field: Mapping, budget: _Budget) -> Iterator[Diagnostic]:
    for key, keyword in zip(field.keys, field.by_name, strict=True):
        if keyword in KEYWORDS or not budget.words:
            continue
        budget.words -= 1
        if meant := nearest_keyword(keyword):
            message = f"`{keyword}` in `{name}` is no keyword of JSON Schema and says nothing"
            yield component.finding(schema_rules.UNKNOWN_KEYWORD, key, message, f"did you mean `{meant}`?")


def nearest_keyword(text: str) -> str | None:
    """The keyword that was meant (`min_items` → `minItems`); None where none is near."""
    from difflib import get_close_matches

    plain = text.lower().replace("_", "").replace("-", "")
    if plain in _SPELLED or plain in _SYNONYMS:
        return _SPELLED.get(plain) or _SYNONYMS[plain]
    near = get_close_matches(plain, _SPELLED, 1, 0.85) if len(plain) > 3 else []
    return _SPELLED[near[0]] if near else None


def _pattern(component: Component, name: str, node: Node, patterns: Patterns) -> Iterator[Diagnostic]:
    if isinstance(node, Scalar) and isinstance(node.value, str) and not patterns.compiles(node.value):
        message = f"the pattern of `{name}` is no regular expression: it does not compile"
        cure = "escape what is meant literally with a backslash, and close every bracket and parenthesis"
        yield component.finding(schema_rules.BAD_PATTERN, node, message, cure)


def _enum(component: Component, name: str, field: Mapping) -> Iterator[Diagnostic]:
    """Values that can never be chosen."""
    options, kinds = field.by_name["enum"], _kinds(field)
    if not isinstance(options, Sequence) or not kinds:
        return
    for option in options.items:
        if kind_of(option) not in kinds:
            message = f"one of the values of `{name}` is {_a(kind_of(option))}, and its type is {' or '.join(kinds)}"
            yield component.finding(schema_rules.MISFIT, option, message, _quoted(option, kinds))


def _kinds(field: Mapping) -> tuple[str, ...]:
    """The types a field may have, with integer where number is among them; empty: any."""
    node = field.get("type")
    nodes = node.items if isinstance(node, Sequence) else (node,)
    named = tuple(str(each.value) for each in nodes if isinstance(each, Scalar) and each.value is not None)
    if "any" in named:
        return ()
    return (*named, "integer") if "number" in named and "integer" not in named else named


def _a(kind: str) -> str:
    return {"integer": "an integer", "array": "a list", "object": "a mapping", "null": "null"}.get(kind, f"a {kind}")


def _quoted(node: Node, kinds: tuple[str, ...]) -> str | None:
    is_fixable = isinstance(node, Scalar) and node.value is not None and "string" in kinds
    return "put it in quotes" if is_fixable else None


def _default(component: Component, name: str, field: Mapping, budget: _Budget) -> Iterator[Diagnostic]:
    default = field.by_name["default"]
    data = to_data(field)
    assert isinstance(data, dict)
    value = data["default"]
    if value is None or (isinstance(value, str) and "{{" in value):
        return
    budget.checks -= 1
    secrets = frozenset({name} if data.get("secret") is True else ())
    why = _misfit(ParameterSchema(flat=True, properties={name: data}, secrets=secrets), name, value, budget)
    if why is not None:
        yield component.finding(schema_rules.MISFIT, default, f"the default of `{name}` {why}", _cure(default, field))


def _misfit(schema: ParameterSchema, name: str, value: object, budget: _Budget) -> str | None:
    """Why the value does not fit; None when it does, or when the schema is at fault, which is told elsewhere."""
    alone = {"properties": {name: standard(schema.properties[name])}}
    try:
        # JSON has no infinity: nobody can say whether it fits.
        json.dumps(value, allow_nan=False)
        if is_valid(alone, {name: value}, where=name):
            return None
        small = len(repr(value)) < _MOST_EXPLAINED and len(repr(alone)) < _MOST_EXPLAINED and budget.explanations > 0
        budget.explanations -= 1
        reasons = misfits(schema, {name: value}, Hidden(schema.secrets, str), where=name) if small else []
    except (AttuneError, ValueError):
        return None
    if not reasons:
        return "does not fit its own schema"
    within = "".join(f"[{step!r}]" for step in reasons[0].path[1:])
    return f"{reasons[0].message}{f' at {within}' if within else ''}"


def _cure(default: Node, field: Mapping) -> str:
    if kinds := _kinds(field):
        cure = _quoted(default, kinds) if kind_of(default) not in kinds else None
        if cure:
            return cure
    return "write a default that fits, or leave it out"
