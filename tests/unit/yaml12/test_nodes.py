"""Finding one's way in a tree."""

from __future__ import annotations

from attune_cli.diagnostics import Position
from attune_cli.yaml12 import Mapping, Scalar, Sequence, parse, to_data

TEXT = b"""\
name: x
list:
  - 1
  - {deep: "two words"}  # comment

404: number
"""


def root_of(text: bytes) -> Mapping:
    root = parse(text, "FILE").root
    assert isinstance(root, Mapping)
    return root


def test_values_and_keys_are_found_by_name() -> None:
    root = root_of(TEXT)
    name, key = root.get("name"), root.key("name")
    assert isinstance(name, Scalar)
    assert (name.value, name.text, name.style) == ("x", "x", "")
    assert key is not None
    assert (key.start, key.end) == (Position(1, 1), Position(1, 5))
    assert (root.get("missing"), root.key("missing")) == (None, None)


def test_a_number_used_as_a_key_is_found_as_text() -> None:
    key = root_of(TEXT).key("404")
    assert isinstance(key, Scalar)
    assert (key.value, key.start) == (404, Position(6, 1))


def test_entries_keep_their_order() -> None:
    entries = root_of(TEXT).entries
    assert [entry.key.start.line for entry in entries] == [1, 2, 6]
    assert isinstance(entries[1].value, Sequence)


def test_a_block_ends_with_its_last_value_not_with_the_comments_behind_it() -> None:
    items = root_of(TEXT).get("list")
    assert isinstance(items, Sequence)
    assert (items.start, items.end) == (Position(3, 3), Position(4, 24))


def test_to_data_gives_plain_data() -> None:
    assert to_data(root_of(TEXT)) == {"name": "x", "list": [1, {"deep": "two words"}], "404": "number"}
    assert to_data(None) is None


def test_to_data_shares_nothing_where_aliases_share_nodes() -> None:
    root = root_of(b"a: &a [1]\nb: *a\n")
    assert root.get("a") is root.get("b")
    data = to_data(root)
    assert isinstance(data, dict)
    assert data["a"] == data["b"]
    assert data["a"] is not data["b"]


def test_no_node_shows_its_content_in_repr() -> None:
    root = root_of(b"password: hunter2\n")
    assert repr(root) == "<Mapping 1:1>"
    assert repr(root.get("password")) == "<Scalar 1:11>"


def test_of_a_duplicate_the_first_stays() -> None:
    assert to_data(root_of(b"a: 1\nb: 2\na: 3\n")) == {"a": 1, "b": 2}
