"""One model for the two ways in which packs spell the schema of their parameters.

As JSON Schema:  {type: object, properties: {name: {type: string}}, required: [name]}
Flat:            {name: {type: string, required: true, secret: true}}
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

#: Keys the platform adds to a parameter; none of them says anything about its value.
OWN_KEYS = frozenset({"secret", "position"})

#: JSON Schema keywords that hold one schema, a list of schemas, or schemas by name.
_HOLDS_SCHEMA = frozenset(
    (
        *("additionalProperties", "contains", "contentSchema", "else", "if", "items", "not", "propertyNames", "then"),
        *("unevaluatedItems", "unevaluatedProperties"),
    )
)
_HOLDS_SCHEMAS = frozenset(("allOf", "anyOf", "oneOf", "prefixItems"))
_HOLDS_NAMED = frozenset(("$defs", "definitions", "dependentSchemas", "patternProperties", "properties"))

#: What stands beside `properties` without saying anything about the parameters, or says where the
#: schema itself is from.
_NOT_CARRIED = frozenset(("$id", "$schema", "properties", "required", "type"))


class ParameterSchema(NamedTuple):
    """The parameters of an action.

    flat:       how it was spelled.
    properties: name → schema, as written.
    required:   names that must have a value; a default is one.
    secrets:    names whose values must not be seen.
    extra:      other keywords of the JSON Schema spelling (`$defs`, `additionalProperties`, …).
    """

    flat: bool
    properties: Mapping[str, Mapping[str, object]]
    required: frozenset[str] = frozenset()
    secrets: frozenset[str] = frozenset()
    extra: Mapping[str, object] = MappingProxyType({})

    @staticmethod
    def from_data(data: Mapping[str, object]) -> ParameterSchema:
        """From what stands under `parameters`. Raises ValueError(name) for one that is no mapping."""
        flat = not is_json_schema(data)
        named = data if flat else data.get("properties") or {}
        properties = _properties(named)
        required = {name for name, spec in properties.items() if spec.get("required") is True}
        if not flat and isinstance(listed := data.get("required"), list):
            required |= {str(name) for name in listed}
        secrets = {name for name, spec in properties.items() if spec.get("secret") is True}
        extra = {} if flat else {key: value for key, value in data.items() if key not in _NOT_CARRIED}
        return ParameterSchema(flat, properties, frozenset(required), frozenset(secrets), extra)

    @property
    def takes_unknown(self) -> bool:
        """Whether the schema asks for names beside its own; only JSON Schema's spelling can."""
        return self.extra.get("additionalProperties", False) is not False or "patternProperties" in self.extra

    def defaults(self) -> dict[str, object]:
        """The default values. A default of null counts only where null is a value that is allowed."""
        return {
            name: spec["default"]
            for name, spec in self.properties.items()
            if "default" in spec and (spec["default"] is not None or allows_null(spec))
        }

    def to_json_schema(self) -> dict[str, object]:
        """The schema (2020-12) of one object that holds all the parameters."""
        return {
            "type": "object",
            "additionalProperties": False,
            **{key: _keyword(key, value) for key, value in self.extra.items()},
            "properties": {name: standard(spec) for name, spec in self.properties.items()},
            "required": sorted(self.required),
        }


#: What an action without `parameters` takes.
NO_PARAMETERS = ParameterSchema(flat=True, properties={})


def is_json_schema(data: Mapping[str, object]) -> bool:
    """Whether `parameters` is spelled as a JSON Schema: parameters may be called `type` as well."""
    kind = data.get("type")
    if isinstance(kind, str):
        return True
    named = data.get("properties")
    return kind is None and isinstance(named, Mapping) and all(isinstance(spec, Mapping) for spec in named.values())


def types(spec: Mapping[str, object]) -> tuple[str, ...]:
    """The types a value may have; empty: any."""
    kind = spec.get("type")
    named = tuple(map(str, kind)) if isinstance(kind, list) else (str(kind),) if kind is not None else ()
    return () if "any" in named else named


def allows_null(spec: Mapping[str, object]) -> bool:
    """Whether null can be a value, as far as the type tells."""
    named = types(spec)
    return not named or "null" in named


def standard(schema: object) -> object:
    """A schema without what is the platform's own: `secret`, `position`, `required: true`, type `any`."""
    if not isinstance(schema, Mapping):
        return schema
    result = {key: _keyword(key, value) for key, value in schema.items() if key not in OWN_KEYS}
    if "type" in result and not types(schema):
        del result["type"]
    if isinstance(result.get("required"), bool):
        del result["required"]
    return result | _inline_required(schema)


def _inline_required(schema: Mapping[str, object]) -> dict[str, object]:
    """`required: true` inside `properties`, as the list JSON Schema wants on the object."""
    named = schema.get("properties")
    if not isinstance(named, Mapping):
        return {}
    inside = [name for name, spec in named.items() if isinstance(spec, Mapping) and spec.get("required") is True]
    listed = schema.get("required")
    return {"required": sorted({*inside, *(listed if isinstance(listed, list) else ())})} if inside else {}


def _keyword(key: str, value: object) -> object:
    if key in _HOLDS_SCHEMA:
        return standard(value)
    if key in _HOLDS_SCHEMAS and isinstance(value, list):
        return [standard(item) for item in value]
    if key in _HOLDS_NAMED and isinstance(value, Mapping):
        return {name: standard(item) for name, item in value.items()}
    return value


def _properties(named: object) -> dict[str, Mapping[str, object]]:
    if not isinstance(named, Mapping):
        raise ValueError("properties")
    properties: dict[str, Mapping[str, object]] = {}
    for name, written in named.items():
        # `name:` alone, or the schema `true`: any value at all.
        spec = {} if written is None or written is True else written
        if not isinstance(spec, Mapping):
            raise ValueError(str(name))
        properties[str(name)] = spec
    return properties
