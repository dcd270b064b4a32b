"""Settings of an editor are added to, and stay as they were otherwise, to the letter."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attune_cli.pack.jsonc import NotEditableError, loads, with_members

MEMBERS: dict[str, object] = {"./a.json": ["x/*.yaml"], "./b.json": ["y"]}
CASES = sorted((Path(__file__).parent / "cases").glob("*.jsonc"))


def added(text: str) -> str:
    return with_members(text, "yaml.schemas", MEMBERS)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_members_are_added(case: Path) -> None:
    after = case.with_suffix(".out").read_text()
    assert added(case.read_text()) == after
    assert added(after) == after


def test_line_ends_are_those_of_the_file() -> None:
    assert added('{\r\n  "a": 1\r\n}\r\n').replace("\r\n", "").isprintable()


@pytest.mark.parametrize(
    "text",
    [
        *("[]", "null", "{", '{"a"}', '{"a": 1', '{"a": [1}', '{"a": 1 "b": 2}', '{"a": 1} 2', '{"a": "x}', "{'a': 1}"),
        *('{"yaml.schemas": 3}', '{"yaml.schemas": []}', '{"a": 1 /* }', '{"\\x": 1}', '{"a": 1, "a": 2,, }'),
    ],
)
def test_what_cannot_be_added_to(text: str) -> None:
    with pytest.raises(NotEditableError):
        added(text)


def test_comments_are_read_over() -> None:
    assert loads('\ufeff{"a": "// no", /* { */ "b": [1, 2,], // }\n}') == {"a": "// no", "b": [1, 2]}


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.text(max_size=5), values, max_size=4), st.sampled_from([None, 2, "\t"]))
def test_any_object_keeps_what_it_has(data: dict[str, object], indent: int | str | None) -> None:
    text = json.dumps(data, indent=indent)
    assert json.loads(added(text)) == {**data, "yaml.schemas": MEMBERS}


@given(st.text(alphabet='{}[],:"\\/* \na1', max_size=30))
def test_no_text_breaks_it(text: str) -> None:
    try:
        after = added(text)
    except NotEditableError:
        return
    assert loads(after)["yaml.schemas"]
