"""The result of a run."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attune_cli.execution.output import read_result

DEEP, TOO_DEEP = "[" * 128 + "]" * 128, "[" * 129 + "]" * 129
FORMATS = [None, "text", "json", "yaml", "jsonl"]


@pytest.mark.parametrize(
    ("form", "stdout", "result"),
    [
        (None, '{"a": 1}\n', {"a": 1}),
        (None, " 5 ", 5),
        (None, "hello", None),
        (None, "log\n5", None),
        (None, "", None),
        (None, DEEP, json.loads(DEEP)),
        ("text", "5", None),
        ("json", '{"a": [1]}', {"a": [1]}),
        ("json", "log\nmore\n\n[1]\n\n \n", [1]),
        ("json", '{\n "a": 1\n}\n', {"a": 1}),
        ("json", "log\r\n[1]\r\n", [1]),
        ("json", '"\\ud83d\\ude00"', "😀"),
        ("yaml", "a: 1\nb: [x, yes]\n", {"a": 1, "b": ["x", "yes"]}),
        ("yaml", "", None),
        ("jsonl", '{"a": 1}\n\n[2]\n3\n', [{"a": 1}, [2], 3]),
        ("jsonl", "", []),
        ("jsonl", '"a\u2028b"\n', ["a\u2028b"]),
    ],
)
def test_results(form: str | None, stdout: str, result: object) -> None:
    found = read_result(stdout.encode(), form)
    assert (found.result, found.problem) == (result, None)


@pytest.mark.parametrize(
    ("form", "stdout", "problem"),
    [
        ("json", "", "stdout is empty, and no JSON"),
        ("json", "\n \n", "stdout is empty, and no JSON"),
        ("json", "[1]\nbye\n", "stdout is no JSON: Extra data at line 2, column 1"),
        ("json", "NaN", "stdout is no JSON: NaN is no JSON value"),
        ("json", "[1, Infinity]", "stdout is no JSON: Infinity is no JSON value"),
        ("json", "1e999", "stdout is no JSON: a number is too large"),
        ("json", TOO_DEEP, "stdout is no JSON: it is nested more than 128 levels deep"),
        ("json", "[" * 100_000, "stdout is no JSON: it is nested more than 128 levels deep"),
        ("json", '"\\ud800"', "stdout is no JSON: a string has half a surrogate pair"),
        ("json", "\ufeff1", "stdout is no JSON: "),
        ("yaml", "a: [1", "stdout is no YAML: "),
        ("yaml", "a: .nan", "stdout is YAML that JSON cannot write"),
    ],
)
def test_results_that_cannot_be_read(form: str, stdout: str, problem: str) -> None:
    found = read_result(stdout.encode(), form)
    assert found.result is None
    assert (found.problem or "").startswith(problem)


def test_a_number_of_many_digits_is_no_result_and_no_error() -> None:
    assert read_result(b"9" * 5000, None).result is None
    assert read_result(b"9" * 5000, "json").problem


def test_lines_that_are_no_json_are_left_out_and_counted() -> None:
    assert read_result(b"1\nlog\n2\n", "jsonl").result == [1, 2]
    assert read_result(b"1\nlog\n2\n", "jsonl").problem == "line 2 of stdout is no JSON and not in the result"
    problem = read_result(b"x\n1\ny\n", "jsonl").problem
    assert problem == "2 lines of stdout (first: 1) are no JSON and not in the result"


@pytest.mark.parametrize("form", FORMATS)
def test_what_was_cut_is_not_read(form: str | None) -> None:
    found = read_result(b"5", form, truncated=True)
    assert found.result is None
    assert bool(found.problem) is (form != "text")


@pytest.mark.parametrize("form", FORMATS)
@given(st.binary(max_size=40) | st.text(alphabet='[]{}",:1e.\\u \nnt-', max_size=30).map(str.encode))
def test_nothing_raises_and_every_result_is_json(form: str | None, stdout: bytes) -> None:
    json.dumps(read_result(stdout, form).result, allow_nan=False).encode()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])), st.lists
    )
)
def test_json_comes_back(value: object) -> None:
    assert read_result(json.dumps(value).encode(), "json").result == value


def test_the_repr_shows_no_result() -> None:
    assert "hunter22" not in repr(read_result(b'"hunter22"', None))
