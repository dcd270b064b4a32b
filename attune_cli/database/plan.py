"""What has to be done so that rows are as they should be. Pure: it compares, and touches nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from attune_cli.database.drift import Change, change
from attune_cli.database.generation import Generation
from attune_cli.database.runtimes import FIELDS, Json, Key, Row


class State(StrEnum):
    """What is to be done with a row; `DRIFTED` needs a word from whoever runs it."""

    CREATE = "create"
    UPDATE = "update"
    DRIFTED = "drifted"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Present:
    """What stands in the database now.

    rows:  of the keys that were asked for, all columns.
    packs: ref → id of the packs that were asked for, where they are there.
    """

    rows: Mapping[Key, Mapping[str, Json]] = field(default_factory=dict)
    packs: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """One row: what is to be done, and which columns make it so.

    values: all columns that a seed decides about, as they will be.
    """

    key: Key
    state: State
    changes: tuple[Change, ...]
    values: Mapping[str, Json]

    @property
    def is_to_write(self) -> bool:
        return self.state is not State.UNCHANGED


@dataclass(frozen=True, slots=True)
class Plan:
    """All rows, in the order in which they are written."""

    generation: Generation
    steps: tuple[Step, ...]

    @property
    def to_write(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.is_to_write)

    @property
    def drifted(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.state is State.DRIFTED)

    def count(self, state: State) -> int:
        return sum(step.state is state for step in self.steps)


def make_plan(generation: Generation, rows: Iterable[Row], present: Present) -> Plan:
    """The plan that makes the rows right."""
    return Plan(generation, tuple(_step(FIELDS[generation][row.key.table], row, present) for row in rows))


def _step(fields: Sequence[str], row: Row, present: Present) -> Step:
    wanted = {**row.values, **({"pack": present.packs.get(row.pack_ref)} if "pack" in fields else {})}
    there = present.rows.get(row.key)
    if there is None:
        changes = tuple(Change(name, None, wanted[name], by_hand=False) for name in fields)
        return Step(row.key, State.CREATE, changes, wanted)
    changes = tuple(found for name in fields if (found := change(row, name, wanted[name], there.get(name))))
    after = {**{name: there.get(name) for name in fields}, **{one.field: one.after for one in changes}}
    return Step(row.key, _state(changes), changes, after)


def _state(changes: Sequence[Change]) -> State:
    if not changes:
        return State.UNCHANGED
    return State.DRIFTED if any(one.by_hand for one in changes) else State.UPDATE
