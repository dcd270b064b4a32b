"""Parameters as JSON, dotenv and YAML, read back by those who would read them."""

from __future__ import annotations

import json
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from attune_cli.execution.documents import document, dotenv, dotenv_problems
from attune_cli.yaml12 import parse, to_data

FINITE = st.floats(allow_nan=False, allow_infinity=False)
CHARACTERS = st.characters(exclude_categories=["Cs"])
TEXT = st.one_of(
    st.text(CHARACTERS), st.sampled_from(["yes", "1e3", "- a", "a: b", "# a", "~", "null", "0o14", "<<", "="])
)
NAMES = st.from_regex(r"[a-z_][a-z0-9_]{0,8}", fullmatch=True)
JSON = st.recursive(
    # Whole numbers of more than 64 bits are none of the platform's.
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | FINITE | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
PARAMETERS = st.dictionaries(NAMES, JSON, max_size=4)


def test_json_is_one_compact_line() -> None:
    assert document({"b": "ä\n", "a": [1, {"c": None}]}, "json") == '{"b":"ä\\n","a":[1,{"c":null}]}'


def test_dotenv() -> None:
    values: dict[str, object] = {
        "url": "https://x/?a=b c",
        "headers": {"Accept": "x", "X": {"Deep": True}},
        "items": [1, {"a": "b"}],
        "none": None,
        "empty": {},
        "hollow": {"inner": {}},
        "quote": "it's",
        "Case": 1.5,
        "lines": "a\nb",
        "flag": False,
    }
    assert document(values, "dotenv") == (
        "Case='1.5'\n"
        "flag='false'\n"
        "headers.Accept='x'\n"
        "headers.X.Deep='true'\n"
        'items=\'[1,{"a":"b"}]\'\n'
        "lines='a\nb'\n"
        "none=''\n"
        "quote='it'\\''s'\n"
        "url='https://x/?a=b c'"
    )


def test_dotenv_of_nothing_is_empty() -> None:
    assert dotenv({}) == ""
    assert dotenv({"a": {}}) == ""


SHELL_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@settings(max_examples=30)
@given(st.dictionaries(NAMES.map("v_{}".format), SHELL_TEXT, min_size=1, max_size=5))
def test_a_shell_reads_dotenv_back(values: dict[str, str]) -> None:
    # `printf %s` of each variable, ended by a NUL that no variable can hold.
    prints = "".join(f"printf '%s\\0' \"${name}\"; " for name in values)
    script = f"{dotenv(values)}\n{prints}"
    out = subprocess.run(["/bin/sh"], input=script.encode(), stdout=subprocess.PIPE, check=True).stdout
    assert out.decode() == "".join(f"{value}\0" for value in values.values())


@given(
    st.dictionaries(
        NAMES, st.recursive(SHELL_TEXT, lambda inner: st.dictionaries(NAMES, inner, max_size=3)), max_size=4
    )
)
def test_words_of_dotenv_are_its_flat_values(values: dict[str, Any]) -> None:
    def flat(inside: dict[str, Any], prefix: str = "") -> list[str]:
        return [
            word
            for key, value in inside.items()
            for word in (flat(value, f"{prefix}{key}.") if isinstance(value, dict) else [f"{prefix}{key}={value}"])
        ]

    assert sorted(shlex.split(dotenv(values))) == sorted(flat(values))


@pytest.mark.parametrize(
    ("values", "count"),
    [
        ({"a": "x\0y"}, 1),
        ({"a": {"b\n": 1}}, 1),
        ({"a": {"b=c": 1}}, 1),
        ({"a b": 1}, 1),
        ({"a": {"b": 1}, "a.b": 2}, 1),
        ({"a": {"Content-Type": 1}, "b": {"x y": {}}}, 0),
        ({"a": ["x\0y"]}, 0),
    ],
)
def test_what_dotenv_cannot_say(values: dict[str, object], count: int) -> None:
    assert len(dotenv_problems(values)) == count


def test_yaml_is_block_style() -> None:
    values: dict[str, object] = {
        "message": "hello world",
        "path": "/usr/bin/x",
        "yes": "yes",
        "number": "12",
        "n": 12,
        "colon": "a: b",
        "list": [1, [2, 3], {"a": "b", "c": []}],
        "map": {"inner": {"x": None}, "empty": {}},
        "text": "two\nlines",
    }
    assert document(values, "yaml") == (
        "message: hello world\n"
        "path: /usr/bin/x\n"
        '"yes": "yes"\n'
        'number: "12"\n'
        '"n": 12\n'
        'colon: "a: b"\n'
        "list:\n"
        "  - 1\n"
        "  - - 2\n"
        "    - 3\n"
        "  - a: b\n"
        "    c: []\n"
        "map:\n"
        "  inner:\n"
        "    x: null\n"
        "  empty: {}\n"
        'text: "two\\nlines"'
    )


def read_by_both(text: str) -> object:
    found = parse(text.encode(), "x.yaml")
    assert not found.diagnostics
    ours = to_data(found.root)
    assert ours == yaml.safe_load(text)
    return ours


def as_json(value: object) -> str:
    """Tells 1 from 1.0 and from true, which == does not."""
    return json.dumps(value, sort_keys=True)


@given(PARAMETERS)
def test_readers_of_both_yamls_read_it_back(values: dict[str, object]) -> None:
    assert as_json(read_by_both(document(values, "yaml") + "\n")) == as_json(values)


@pytest.mark.parametrize("length", [900, 998, 1000, 1022, 1024, 5000])
@pytest.mark.parametrize("value", ["x", ["y", {"z": 1}], {"k" * 2000: {"l": 1}}])
def test_long_keys(length: int, value: object) -> None:
    values = {"a": {"k" * length: value, "b": 1}}
    assert read_by_both(document(values, "yaml") + "\n") == values


@pytest.mark.parametrize("number", [1e16, 1e-7, 1.5, 1e300, -0.0, 2**63 - 1, 5e-324])
def test_numbers(number: float) -> None:
    assert as_json(read_by_both(document({"a": number}, "yaml"))) == as_json({"a": number})


def test_json_documents_are_read_back(tmp_path: Path) -> None:
    file = tmp_path / "p.json"
    file.write_text(document({"a": "\u2028", "b": 10**30}, "json"))
    assert json.loads(file.read_text()) == {"a": "\u2028", "b": 10**30}
