"""JSON bodies: what is taken, and where what is not taken is wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest

from attune_cli.sensor.bodies import BodyError, read_object

DEEP = 128


def nested(levels: int, open_: str = '{"a":', close: str = "}") -> bytes:
    return (open_ * levels + "1" + close * levels).encode()


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"a": 1, "b": [1.5, -2, 1e300, True, None, "ü\u2028\x00"], "c": {"a": 1}},
        {"": ""},
        {"brackets": "{[" * 500},
        {"big": 2**200},
    ],
)
def test_what_is_taken(data: dict[str, Any]) -> None:
    assert read_object(json.dumps(data).encode()).data == data
    assert read_object(json.dumps(data, ensure_ascii=False, indent=3).encode()).data == data


def test_the_deepest_that_is_taken() -> None:
    assert read_object(nested(DEEP)).data
    assert read_object(b'{"a":' + nested(DEEP - 1, "[", "]") + b"}").data


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "Expecting value at line 1, column 1"),
        (b"{", "line 1, column 2"),
        (b'{"a": 1,\n "b": }', "Expecting value at line 2, column 7"),
        (b'{"a": 1} x', "Extra data at line 1, column 10"),
        (b"\xef\xbb\xbf{}", "line 1, column 1"),
        (b'{"a":\n"x\xff"}', "not UTF-8 text: line 2, column 3"),
        ('{"ü": \udcff}'.encode("utf-8", "surrogateescape"), "not UTF-8 text: line 1, column 7"),
        (b'{"a": [1,\n\n  NaN]}', "NaN is no value of it: line 3, column 3"),
        (b'{"NaN": "NaN", "a": -Infinity}', "-Infinity is no value of it: line 1, column 21"),
        (b'{"a": 1e999}', "number that is too large: line 1, column 7"),
        (b'{"1e999": "1e999",\n"a":-1e999}', "number that is too large: line 2, column 5"),
        (b'{"a": ' + b"9" * 5000 + b"}", "number that is too large: line 1, column 7"),
        (nested(DEEP + 1), f"more than 128 levels deep: line 1, column {5 * DEEP + 1}"),
        (nested(DEEP + 1, "[", "]"), f"more than 128 levels deep: line 1, column {DEEP + 1}"),
        (nested(100_000, "[", "]"), "more than 128 levels deep: line 1, column 129"),
        (nested(100_000), "more than 128 levels deep"),
        (b"[" * 1_000_000, "more than 128 levels deep: line 1, column 129"),
        (b'{"a": 1, "b": {"a": 1},\n "a": 2}', "the key `a` twice: line 2, column 2"),
        (b'{"\\u0061": 1, "a": 2}', "the key `a` twice: line 1, column 15"),
        (b'{"a": "\\ud800"}', "half a surrogate pair: line 1, column 8"),
        (b'{"a": "\\\\ud800 \\udc00"}', "half a surrogate pair: line 1, column 16"),
        (b'{"a": "\\ud800\\ud800"}', "half a surrogate pair: line 1, column 8"),
        (b'{"\\uDFFF": 1}', "half a surrogate pair: line 1, column 3"),
        (b"[]", "an array"),
        (b'"x"', "a string"),
        (b"1", "a number"),
        (b"1.5", "a number"),
        (b"true", "a boolean"),
        (b"null", "null"),
    ],
    ids=lambda value: repr(value)[:40] if isinstance(value, bytes) else "",
)
def test_what_is_refused(body: bytes, message: str) -> None:
    with pytest.raises(BodyError) as refused:
        read_object(body)
    assert message in str(refused.value)
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize("text", ['"\\ud83d\\ude00"', '"\\\\ud800"', '"\\\\\\\\ud800"', '"\\uD83D\\uDE00 ud800"'])
def test_whole_pairs_are_characters(text: str) -> None:
    assert read_object(f'{{"a": {text}}}'.encode()).data == {"a": json.loads(text)}


def test_keys_that_are_deeper_inside_twice() -> None:
    found = read_object(b'{"a": {"x": 1, "x": 2, "x": 3}, "b": [{"y": 1, "y": 1}], "c": {"x": 1}}')
    assert found.data["a"] == {"x": 3}
    assert found.repeated == ("x", "y")
    assert read_object(b'{"a": {"x": 1}, "b": {"x": 1}}').repeated == ()
