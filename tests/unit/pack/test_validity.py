"""Three judges, one verdict; and why a value does not fit, without what must not be seen."""

from __future__ import annotations

import socket
import time
from typing import Any

import jsonschema
import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attune_cli.errors import AttuneError
from attune_cli.pack.explanation import explain
from attune_cli.pack.parameter_schema import ParameterSchema
from attune_cli.pack.validity import Hidden, Misfit, is_plainly_valid, is_valid, misfits

NOTHING_HIDDEN = Hidden(frozenset(), lambda text: text)


def schema_of(**specs: Any) -> ParameterSchema:
    return ParameterSchema.from_data(specs)


def why(spec: dict[str, Any], value: object, hidden: Hidden = NOTHING_HIDDEN) -> list[str]:
    found = misfits(schema_of(x=spec), {"x": value}, hidden, where="x.yaml")
    return [".".join(map(str, one.path)) + " " + one.message for one in found]


TYPES = st.sampled_from(["array", "boolean", "integer", "null", "number", "object", "string", "any"])
NUMBERS = st.one_of(
    st.integers(), st.integers(-3, 3), st.floats(allow_nan=False, allow_infinity=False), st.just(1.0), st.just(10**30)
)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXT),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
SPECS = st.fixed_dictionaries(
    {},
    optional={
        "type": TYPES | st.lists(TYPES, min_size=1, max_size=3, unique=True),
        "enum": st.lists(VALUES, min_size=1, max_size=4),
        "minimum": NUMBERS,
        "maximum": NUMBERS,
        "minLength": st.integers(0, 3),
        "maxItems": st.integers(0, 3),
        "pattern": st.sampled_from(["^a", "b$", "^[a-z]*$", "."]),
        "items": st.fixed_dictionaries({"type": TYPES}),
        "required": st.booleans(),
        "secret": st.booleans(),
        "description": TEXT,
    },
)


@given(SPECS, VALUES)
def test_the_three_judges_agree(spec: dict[str, Any], value: object) -> None:
    schema = schema_of(x=spec)
    whole = schema.to_json_schema() | {"required": []}
    decided = is_valid(whole, {"x": value}, where="")
    assert jsonschema.Draft202012Validator(whole).is_valid({"x": value}) is decided
    if is_plainly_valid(schema, {"x": value}):
        assert decided
    assert bool(explain(whole, {"x": value}, NOTHING_HIDDEN)) is not decided


@given(st.sampled_from(["array", "boolean", "integer", "null", "number", "object", "string"]), VALUES)
def test_a_plain_type_is_decided_without_a_library(kind: str, value: object) -> None:
    schema = schema_of(x={"type": kind, "description": "d", "default": None, "secret": True, "required": True})
    assert is_plainly_valid(schema, {"x": value}) is jsonschema_rs.is_valid({"type": kind}, value)


@pytest.mark.parametrize(
    ("spec", "value"),
    [
        ({"type": "integer"}, 1.0),
        ({"type": "integer"}, 10**40),
        ({"type": "number"}, 1),
        ({"type": ["string", "null"]}, None),
        ({"type": "string", "enum": ["a", "b"]}, "b"),
        ({"type": "integer", "minimum": 0, "maximum": 9}, 9),
        ({}, [{}]),
        ({"type": "any"}, 1),
    ],
)
def test_what_is_plainly_valid(spec: dict[str, Any], value: object) -> None:
    assert is_plainly_valid(schema_of(x=spec), {"x": value})


@pytest.mark.parametrize(
    ("spec", "value"),
    [
        ({"type": "integer"}, True),
        ({"type": "integer"}, 1.5),
        ({"type": "number"}, False),
        ({"type": "string", "pattern": "."}, "a"),
        ({"type": "strnig"}, "a"),
        ({"enum": [1]}, 1),
        ({"type": "integer", "minimum": "0"}, 1),
        ({"type": "string", "enum": "abc"}, "a"),
    ],
)
def test_what_takes_a_second_look(spec: dict[str, Any], value: object) -> None:
    assert not is_plainly_valid(schema_of(x=spec), {"x": value})


@pytest.mark.parametrize(
    ("spec", "value", "expected"),
    [
        ({"type": "integer"}, "a", ['x must be an integer, not "a"']),
        ({"type": "integer"}, True, ["x must be an integer, not true"]),
        ({"type": ["array", "null"]}, {}, ["x must be an array or null"]),
        ({"enum": ["a", 1]}, "b", ['x must be one of: "a", 1, not "b"']),
        ({"minimum": 3}, 2, ["x must be at least 3, not 2"]),
        ({"exclusiveMaximum": 3}, 3, ["x must be less than 3, not 3"]),
        (
            {"minLength": 2, "pattern": "^b"},
            "a",
            ['x must have at least 2 characters, not "a"', 'x must match the pattern "^b", not "a"'],
        ),
        ({"maxItems": 1}, [1, 2], ["x must have at most 1 items"]),
        ({"items": {"type": "string"}}, ["a", 1], ["x.1 must be a string, not 1"]),
        ({"properties": {"a": {"required": True}, "b": {"required": True}}}, {}, ["x lacks `a`, `b`"]),
        (
            {"properties": {"a": {}}, "additionalProperties": False},
            {"b": 1},
            ["x has keys that its schema does not allow"],
        ),
        ({"multipleOf": 2}, 3, ["x must be a multiple of 2, not 3"]),
        ({"not": {}}, 3, ["x does not satisfy `not`, not 3"]),
        ({"patternProperties": {"^a": {"type": "string"}}}, {"a": 1}, ["x.a must be a string, not 1"]),
        ({"maxLength": 3}, "a" * 100, ['x must have at most 3 characters, not "' + "a" * 59 + "…"]),
    ],
)
def test_reasons(spec: dict[str, Any], value: object, expected: list[str]) -> None:
    assert why(spec, value) == expected


def test_every_reason_is_told() -> None:
    found = misfits(
        schema_of(a={"type": "integer"}, b={"type": "string"}), {"a": "x", "b": 1}, NOTHING_HIDDEN, where=""
    )
    assert found == [Misfit(("a",), 'must be an integer, not "x"'), Misfit(("b",), "must be a string, not 1")]


@pytest.mark.parametrize(
    "spec",
    [
        {"type": "integer"},
        {"enum": ["a"]},
        {"pattern": "^x"},
        {"maxLength": 1},
        {"anyOf": [{"type": "integer"}]},
        {"patternProperties": {"a": {}}, "type": "object"},
    ],
)
def test_nothing_of_a_secret_is_shown(spec: dict[str, Any]) -> None:
    [reason] = why(spec, "hunter22", Hidden(frozenset(("x",)), lambda text: text))
    assert "hunter" not in reason


def test_neither_are_the_keys_inside_it() -> None:
    spec = {"type": "object", "additionalProperties": {"type": "integer"}}
    assert why(spec, {"hunter22": "hunter22"}, Hidden(frozenset(("x",)), str)) == ["x must be an integer"]


def test_a_secret_inside_another_value_is_masked_before_the_value_is_cut() -> None:
    hidden = Hidden(frozenset(), lambda text: text.replace("hunter22", "***"))
    [reason] = why({"maxLength": 3}, "a" * 55 + "hunter22", hidden)
    assert "hunt" not in reason


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^(a|aa)+$", "(x+x+)+y", "^(([a-z])+.)+[A-Z]([a-z])+$"])
def test_a_pattern_that_would_keep_python_busy_for_ever(pattern: str) -> None:
    began = time.process_time()
    [reason] = why({"type": "string", "pattern": pattern}, "a" * 60 + "!" if "x" not in pattern else "x" * 60)
    assert "must match the pattern" in reason
    assert time.process_time() - began < 5


@pytest.mark.parametrize("key", ["patternProperties", "propertyNames"])
def test_such_a_pattern_for_keys(key: str) -> None:
    spec = {"patternProperties": {"^(a+)+$": {}}, "additionalProperties": False}
    if key == "propertyNames":
        spec = {"propertyNames": {"pattern": "^(a+)+$"}}
    began = time.process_time()
    assert why({"type": "object", **spec}, {"a" * 60 + "!": 1})
    assert time.process_time() - began < 5


def test_a_pattern_that_takes_too_many_steps_is_reported_as_that() -> None:
    began = time.process_time()
    assert why({"pattern": r"^(a|a|b)*\1c$"}, "a" * 60) == [
        "x has a pattern that takes too many steps to match: simplify it"
    ]
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    ("spec", "place"),
    [
        ({"type": "strnig"}, "properties.x.type"),
        ({"pattern": "["}, "properties.x.pattern"),
        ({"minimum": "1"}, "properties.x.minimum"),
        ({"enum": 5}, "properties.x.enum"),
    ],
)
def test_a_schema_that_is_none(spec: dict[str, Any], place: str) -> None:
    with pytest.raises(AttuneError) as caught:
        misfits(schema_of(x=spec), {"x": "a"}, NOTHING_HIDDEN, where="demo/actions/x.yaml")
    assert caught.value.where == "demo/actions/x.yaml"
    assert place in (caught.value.why or "")


@pytest.mark.parametrize("ref", ["https://example.invalid/schema.json", "#/$defs/none", "file:///etc/passwd"])
def test_a_reference_that_leads_nowhere(ref: str) -> None:
    with pytest.raises(AttuneError):
        misfits(schema_of(x={"$ref": ref}), {"x": "a"}, NOTHING_HIDDEN, where="x.yaml")


def test_no_reference_is_fetched() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        ref = f"http://127.0.0.1:{server.getsockname()[1]}/schema.json"
        server.settimeout(0)
        with pytest.raises(AttuneError):
            misfits(schema_of(x={"$ref": ref}), {"x": 1}, NOTHING_HIDDEN, where="x.yaml")
        with pytest.raises(BlockingIOError):
            server.accept()


def test_references_inside_the_schema_and_in_a_circle() -> None:
    data = {
        "type": "object",
        "properties": {"x": {"$ref": "#/$defs/tree"}},
        "$defs": {"tree": {"type": "object", "additionalProperties": {"$ref": "#/$defs/tree"}}},
    }
    schema = ParameterSchema.from_data(data)
    assert misfits(schema, {"x": {"a": {"b": {}}}}, NOTHING_HIDDEN, where="") == []
    assert misfits(schema, {"x": {"a": {"b": 1}}}, NOTHING_HIDDEN, where="") == [
        Misfit(("x", "a", "b"), "must be an object, not 1")
    ]
    circle = ParameterSchema.from_data({"x": {"$ref": "#/properties/x", "type": "string"}})
    assert misfits(circle, {"x": 1}, NOTHING_HIDDEN, where="")


def test_dependencies_between_parameters() -> None:
    schema = ParameterSchema.from_data(
        {"type": "object", "properties": {"a": {}, "b": {}}, "dependentRequired": {"a": ["b"]}}
    )
    assert misfits(schema, {"b": 1}, NOTHING_HIDDEN, where="") == []
    [found] = misfits(schema, {"a": "hunter22"}, NOTHING_HIDDEN, where="")
    assert found == Misfit((), "lacks keys that others of it require")


def test_formats_are_notes_to_every_judge() -> None:
    spec = {"type": "string", "format": "email"}
    assert why(spec, "no address") == []
    assert jsonschema.Draft202012Validator(spec).is_valid("no address")
