"""Judges YAML nodes by a JSON Schema, where they stand: nothing is converted, and every reason has a place.

Of JSON Schema 2020-12 it knows what the schemas of this package use; to compile a schema with another
keyword is an error. What is annotation to a judge (`description`, `default`, …) says nothing here either,
and so do `pattern` and `format`: the forms of refs and versions have rules of their own.

For a pack without fault, importing jsonschema-rs would take longer than all the judging.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from attune_cli.pack import checks
from attune_cli.pack.checks import Check, Failures
from attune_cli.yaml12 import Node

_OBJECT: Final = frozenset(("additionalProperties", "properties", "required"))
_SAYS_NOTHING: Final = _OBJECT | {
    *("$comment", "$defs", "$schema", "default", "deprecated", "description", "else", "examples", "format"),
    *("pattern", "then", "title", "type"),
}

Schema = Mapping[str, Any] | bool


def compile_schema(schema: Mapping[str, Any]) -> Check:
    """The judge of a whole file, which is a mapping. A key at its top without a value counts as absent.

    Most keys of a schema are never met: what stands under a property is compiled when it is. KeyError, then, for a
    keyword that is not known here.
    """
    return _Compiler(schema.get("$defs", {})).compile(schema, is_top=True)


class _Compiler:
    """Turns schemas into functions; a definition that refers to itself becomes one that calls itself."""

    def __init__(self, definitions: Mapping[str, Any]) -> None:
        self._definitions = definitions
        self._compiled: dict[str, Check] = {}

    def compile(self, schema: Schema, *, is_top: bool = False) -> Check:
        if isinstance(schema, bool):
            return checks.accept if schema else checks.refuse_key
        found = [self._object(schema, is_top=is_top)] if _OBJECT & schema.keys() else []
        found += [self._keyword(schema, keyword, is_top=is_top) for keyword in schema if keyword not in _SAYS_NOTHING]
        kinds = schema.get("type")
        if not kinds:
            return checks.together(found)
        return checks.typed((kinds,) if isinstance(kinds, str) else tuple(kinds), found)

    def _keyword(self, schema: Mapping[str, Any], keyword: str, *, is_top: bool) -> Check:
        limit = schema[keyword]
        match keyword:
            case "$ref":
                return self._definition(limit.removeprefix("#/$defs/"))
            case "if":
                return checks.branch(*(self.compile(schema.get(each, True)) for each in ("if", "then", "else")))
            case "items":
                return checks.items(self.compile(limit))
            case "anyOf":
                return checks.any_of([self.compile(each, is_top=is_top) for each in limit], limit)
        return checks.PLAIN[keyword](limit)

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
        properties, additional = schema.get("properties", {}), schema.get("additionalProperties", True)
        others = None if additional is True else self.compile(additional)
        sure = {name: _surely_fits(each) for name, each in properties.items()}
        keys = checks.Keys(_Properties(self, properties), others, sure, _offered(properties))
        entries = checks.entries(keys, skips_null=is_top)
        required = schema.get("required")
        return checks.together([entries, checks.required(required, skips_null=is_top)]) if required else entries


class _Properties(dict[str, Check | None]):
    """The checks of properties, each compiled when it is asked for; None: anything will do."""

    def __init__(self, compiler: _Compiler, schemas: Mapping[str, Schema]) -> None:
        super().__init__()
        self._compiler = compiler
        self._schemas = schemas

    def __missing__(self, name: str) -> Check | None:
        compiled = self._compiler.compile(self._schemas[name])
        self[name] = None if compiled is checks.accept else compiled
        return self[name]


def _offered(properties: Mapping[str, Schema]) -> tuple[str, ...]:
    """The keys that somebody may have meant."""
    return tuple(name for name, each in properties.items() if not (isinstance(each, dict) and each.get("deprecated")))


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
    return frozenset(python for python, kind in checks.KINDS.items() if only_type and kind in named)
