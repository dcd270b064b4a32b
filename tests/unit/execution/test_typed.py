"""Text becomes what the schema asks for."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attune_cli.execution.typed import typed

STRING, ANY = {"type": "string"}, {"type": "any"}


@pytest.mark.parametrize(
    ("text", "spec", "value"),
    [
        ("5", STRING, "5"),
        ("true", STRING, "true"),
        ("", STRING, ""),
        (" x\n", STRING, " x\n"),
        ("5", {"type": "integer"}, 5),
        ("-5", {"type": "integer"}, -5),
        ("1.0", {"type": "integer"}, 1.0),
        ("1e3", {"type": "number"}, 1000.0),
        ("2", {"type": "number"}, 2),
        (str(10**30), {"type": "integer"}, 10**30),
        ("true", {"type": "boolean"}, True),
        ("False", {"type": "boolean"}, False),
        ("null", {"type": ["integer", "null"]}, None),
        ('{"a": [1]}', {"type": "object"}, {"a": [1]}),
        ("[1, 2]", {"type": "array"}, [1, 2]),
        # An open type: JSON if it is JSON, else text.
        ("5", ANY, 5),
        ("[1", ANY, "[1"),
        ("hello", ANY, "hello"),
        ("5", {}, 5),
        ("5", {"type": ["string", "integer"]}, 5),
        ("5", {"type": ["string", "boolean"]}, "5"),
        ("x", {"type": ["string", "integer"]}, "x"),
        # What is listed as text is meant as text.
        ("5", {"enum": ["5", "6"]}, "5"),
        ("5", {"enum": [5, 6]}, 5),
        ("NaN", ANY, "NaN"),
    ],
)
def test_values(text: str, spec: dict[str, Any], value: object) -> None:
    found = typed(text, spec)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        ("five", "integer", "must be a whole number"),
        ("1.5", "integer", "must be a whole number"),
        ("true", "integer", "must be a whole number"),
        ("1_000", "integer", "must be a whole number"),
        ("007", "integer", "must be a whole number"),
        ("9" * 5000, "integer", "must be a whole number"),
        ("NaN", "number", "must be a number"),
        ("Infinity", "number", "must be a number"),
        ("1e999", "number", "must be a number"),
        ("yes", "boolean", "must be true or false"),
        ("1", "boolean", "must be true or false"),
        ("[1]", "object", "must be a JSON object"),
        (
            "{a: 1}",
            "object",
            "must be a JSON object (Expecting property name enclosed in double quotes at line 1, column 2)",
        ),
        ('{"a": 1, "a": 2}', "object", "must be a JSON object (a key is there twice)"),
        ("[" * 5000, "array", "must be a JSON array (it is nested more than 128 levels deep)"),
        ("[" * 200 + "]" * 200, "array", "must be a JSON array (it is nested more than 128 levels deep)"),
        ('["\\ud800"]', "array", "must be a JSON array (a string has half a surrogate pair)"),
        ("x", ["integer", "boolean"], "must be a whole number or true or false"),
    ],
)
def test_complaints(text: str, kind: object, message: str) -> None:
    with pytest.raises(ValueError, match="must be") as caught:
        typed(text, {"type": kind})
    assert str(caught.value) == message


@given(st.text(), st.sampled_from(["integer", "number", "boolean", "null", "object", "array", ["integer", "null"]]))
def test_no_complaint_quotes_the_text(text: str, kind: object) -> None:
    secret = f"\x01{text}\x01"
    with pytest.raises(ValueError, match="must be") as caught:
        typed(secret, {"type": kind})
    assert secret not in str(caught.value)


@given(
    st.recursive(
        st.integers() | st.booleans() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_json_of_an_open_type_comes_back(value: object) -> None:
    assert typed(json.dumps(value), {}) == value


@given(st.text())
def test_without_a_schema_and_for_strings_text_stays_as_it_is(text: str) -> None:
    assert typed(text, None) == text
    assert typed(text, STRING) == text
