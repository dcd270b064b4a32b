"""What is to be done, given what is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attune_cli.database.drift import digest
from attune_cli.database.generation import Generation
from attune_cli.database.plan import Present, State, make_plan
from attune_cli.database.runtimes import RUNTIME, Key, Row, seeds

KEY = Key(RUNTIME, "demo.action.deno")
VALUES: Mapping[str, Any] = {
    "name": "Deno",
    "description": "TypeScript",
    "runtime_type": "action",
    "distributions": ["deno"],
    "installation": None,
    "pack_ref": "demo",
}


def step_of(row: Row, present: Present) -> Any:
    (step,) = make_plan(Generation.FIRST, [row], present).steps
    return step


def test_a_row_that_is_missing_is_created_and_linked() -> None:
    step = step_of(Row(KEY, VALUES), Present(packs={"demo": 7}))
    assert step.state is State.CREATE
    assert step.values == {**VALUES, "pack": 7}
    assert {change.field: change.after for change in step.changes} == {**VALUES, "pack": 7}


def test_a_row_that_is_right() -> None:
    there = {**VALUES, "pack": None, "id": 3, "created": "long ago", "colour": "of somebody else's column"}
    step = step_of(Row(KEY, VALUES), Present({KEY: there}))
    assert (step.state, step.changes) == (State.UNCHANGED, ())


def test_a_pack_that_has_come_since_is_linked() -> None:
    step = step_of(Row(KEY, VALUES), Present({KEY: {**VALUES, "pack": None}}, {"demo": 7}))
    assert (step.state, step.values["pack"]) == (State.UPDATE, 7)


def test_one_column_edited_by_hand_makes_the_row_drifted() -> None:
    row = Row(KEY, VALUES, past={"name": [digest("deno")]})
    step = step_of(row, Present({KEY: {**VALUES, "pack": None, "name": "deno", "description": "mine"}}))
    assert step.state is State.DRIFTED
    assert {change.field: change.by_hand for change in step.changes} == {"name": False, "description": True}


def test_what_is_as_good_as_ours_is_kept_when_the_row_is_written() -> None:
    row = Row(KEY, VALUES, past={"name": [digest("deno")]}, also={"description": [digest("JavaScript too")]})
    step = step_of(row, Present({KEY: {**VALUES, "pack": None, "name": "deno", "description": "JavaScript too"}}))
    assert step.state is State.UPDATE
    assert step.values == {**VALUES, "pack": None, "description": "JavaScript too"}


def test_the_order_is_fixed() -> None:
    for generation in Generation:
        keys = [step.key for step in make_plan(generation, seeds(generation), Present()).steps]
        assert keys == sorted(keys)
