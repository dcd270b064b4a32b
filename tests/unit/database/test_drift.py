"""Equal as JSON, digests as PostgreSQL would compute them, and whose hand a value is of."""

from __future__ import annotations

from typing import Any

import pytest

from attune_cli.database.drift import Change, change, digest, jsonb_text, same
from attune_cli.database.runtimes import RUNTIME, Key, Row

EQUAL: list[tuple[Any, Any]] = [
    ({"a": 1, "b": [1, {"c": None}]}, {"b": [1, {"c": None}], "a": 1}),
    (1, 1.0),
    ([], []),
    (None, None),
    ("é", "é"),
]
UNEQUAL: list[tuple[Any, Any]] = [
    (True, 1),
    ({"a": True}, {"a": 1}),
    ([0], [False]),
    ([1, 2], [2, 1]),
    ([1], [1, 1]),
    ({"a": None}, {}),
    ("1", 1),
    (None, {}),
    ({}, []),
]


@pytest.mark.parametrize(("first", "second"), EQUAL)
def test_equal(first: Any, second: Any) -> None:
    assert same(first, second)
    assert same(second, first)
    assert digest(first) == digest(second) or first == 1


@pytest.mark.parametrize(("first", "second"), UNEQUAL)
def test_unequal(first: Any, second: Any) -> None:
    assert not same(first, second)
    assert not same(second, first)
    assert digest(first) != digest(second)


def test_keys_are_written_as_postgresql_orders_them() -> None:
    assert jsonb_text({"bb": 1, "a": [True, None], "é": '"\n'}) == '{"a": [true, null], "bb": 1, "é": "\\"\\n"}'


def row(**more: Any) -> Row:
    return Row(Key(RUNTIME, "core.native"), {"name": "Native", "pack_ref": "core"}, **more)


def test_a_value_that_is_right_is_no_change() -> None:
    assert change(row(), "name", "Native", "Native") is None


def test_a_value_that_nobody_knows_is_of_somebodys_hand() -> None:
    assert change(row(), "name", "Native", "Mine") == Change("name", "Mine", "Native", by_hand=True)


def test_a_value_of_an_earlier_seed_is_out_of_date() -> None:
    older = row(past={"name": [digest("Binary")]})
    assert change(older, "name", "Native", "Binary") == Change("name", "Binary", "Native", by_hand=False)


def test_what_was_right_of_another_column_is_not_right_of_this_one() -> None:
    found = change(row(past={"description": [digest("Binary")]}), "name", "Native", "Binary")
    assert found is not None
    assert found.by_hand


def test_a_value_as_good_as_ours_stays() -> None:
    assert change(row(also={"name": [digest("Native code")]}), "name", "Native", "Native code") is None


def test_a_link_that_is_missing_is_no_edit() -> None:
    assert change(row(), "pack", 7, None) == Change("pack", None, 7, by_hand=False)
    assert change(row(), "pack", 7, 8) == Change("pack", 8, 7, by_hand=True)
