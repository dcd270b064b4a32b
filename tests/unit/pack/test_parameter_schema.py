"""One model for the two spellings."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest

from attune_cli.pack.parameter_schema import ParameterSchema, is_json_schema, standard, types

FLAT = {
    "a": {"type": "string", "required": True},
    "b": {"type": "integer", "secret": True, "default": 1, "position": 2},
}
JSON_SCHEMA = {
    "type": "object",
    "properties": {"a": {"type": "string"}, "b": {"type": "integer", "secret": True, "default": 1}},
    "required": ["a"],
}


@pytest.mark.parametrize("data", [FLAT, JSON_SCHEMA])
def test_both_spellings_come_to_the_same(data: dict[str, object]) -> None:
    schema = ParameterSchema.from_data(data)
    assert schema.required == {"a"}
    assert schema.secrets == {"b"}
    assert schema.defaults() == {"b": 1}
    assert schema.to_json_schema() == {
        "type": "object",
        "additionalProperties": False,
        "properties": {"a": {"type": "string"}, "b": {"type": "integer", "default": 1}},
        "required": ["a"],
    }


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (FLAT, False),
        (JSON_SCHEMA, True),
        ({}, False),
        ({"type": "object"}, True),
        ({"properties": {"a": {"type": "string"}}}, True),
        # Parameters may have the names of keywords.
        ({"type": {"type": "string"}}, False),
        ({"properties": {"type": "object"}}, False),
        ({"type": {"type": "string"}, "properties": {"type": "object"}}, False),
    ],
)
def test_which_spelling_it_is(data: dict[str, object], *, expected: bool) -> None:
    assert is_json_schema(data) is expected
    assert ParameterSchema.from_data(data).flat is not expected


def test_a_default_of_null_counts_only_where_null_is_allowed() -> None:
    specs: dict[str, Any] = {
        "text": {"type": "string", "default": None},
        "maybe": {"type": ["string", "null"], "default": None},
        "open": {"type": "any", "default": None},
        "untyped": {"default": None},
        "zero": {"type": "integer", "default": 0},
    }
    defaults = ParameterSchema.from_data(specs).defaults()
    assert defaults == {"maybe": None, "open": None, "untyped": None, "zero": 0}


def test_what_is_the_platforms_own_is_taken_out_at_every_depth() -> None:
    written = {
        "type": "object",
        "secret": True,
        "required": True,
        "properties": {
            "secret": {"type": "any", "position": 1},
            "inner": {"type": "string", "required": True},
            "deep": {"type": "array", "items": {"type": ["any"], "secret": True}},
        },
        "anyOf": [{"type": "any"}],
    }
    assert standard(written) == {
        "type": "object",
        "properties": {"secret": {}, "inner": {"type": "string"}, "deep": {"type": "array", "items": {}}},
        "anyOf": [{}],
        "required": ["inner"],
    }
    assert jsonschema_rs.meta.is_valid(ParameterSchema.from_data({"x": written}).to_json_schema())


def test_required_inside_joins_the_list() -> None:
    written = {"properties": {"a": {"required": True}, "b": {}}, "required": ["b"]}
    assert standard(written) == {"properties": {"a": {}, "b": {}}, "required": ["a", "b"]}


@pytest.mark.parametrize("spec", [None, True, {}])
def test_a_parameter_without_a_schema_takes_anything(spec: object) -> None:
    schema = ParameterSchema.from_data({"type": "object", "properties": {"a": spec}})
    assert schema.properties == {"a": {}}
    assert types(schema.properties["a"]) == ()


def test_other_keywords_are_carried_and_the_schemas_own_address_is_not() -> None:
    data = {**JSON_SCHEMA, "$id": "https://example.com/x", "$defs": {"n": {"type": "any"}}, "minProperties": 1}
    schema = ParameterSchema.from_data(data)
    assert schema.extra == {"$defs": {"n": {"type": "any"}}, "minProperties": 1}
    assert schema.to_json_schema()["$defs"] == {"n": {}}


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        ({}, False),
        ({"additionalProperties": False}, False),
        ({"additionalProperties": True}, True),
        ({"additionalProperties": {"type": "string"}}, True),
        ({"patternProperties": {"^x": {}}}, True),
    ],
)
def test_whether_unknown_names_are_welcome(extra: dict[str, object], *, expected: bool) -> None:
    assert ParameterSchema.from_data({**JSON_SCHEMA, **extra}).takes_unknown is expected


@pytest.mark.parametrize("data", [{"a": "string"}, {"a": 1}, {"type": "object", "properties": {"a": []}}])
def test_what_is_no_schema_is_named(data: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"^a$"):
        ParameterSchema.from_data(data)
