"""All rows of runtimes that a database has, each against the seeds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from attune_cli.database.drift import Change
from attune_cli.database.generation import Generation
from attune_cli.database.plan import Present, State, Step, make_plan
from attune_cli.database.runtimes import FIELDS, Json, Key, kind_of, seeds


class Standing(StrEnum):
    """How a row stands to the seeds; FOREIGN: they have no such row."""

    SEEDED = "as seeded"
    OUTDATED = "outdated"
    EDITED = "edited"
    MISSING = "missing"
    FOREIGN = "no seed"


_STANDINGS = {
    State.UNCHANGED: Standing.SEEDED,
    State.UPDATE: Standing.OUTDATED,
    State.DRIFTED: Standing.EDITED,
    State.CREATE: Standing.MISSING,
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A row. values: the columns that seeds decide about. kind: the runtime of attune that it stands for."""

    key: Key
    values: Mapping[str, Json]
    standing: Standing
    changes: tuple[Change, ...] = ()

    @property
    def kind(self) -> str | None:
        return kind_of(self.key.ref)

    @property
    def edited(self) -> tuple[str, ...]:
        """The columns that make it differ from the seeds; of a missing row, none."""
        return () if self.standing is Standing.MISSING else tuple(change.field for change in self.changes)


def listing(generation: Generation, present: Present) -> tuple[Listed, ...]:
    """Every row that is there, and those that the seeds would add, a runtime's versions behind it."""
    steps = make_plan(generation, seeds(generation), present).steps
    found = {step.key: _of_seed(step, present) for step in steps}
    for key, row in present.rows.items():
        if key not in found:
            values = {name: row.get(name) for name in FIELDS[generation][key.table]}
            found[key] = Listed(key, values, Standing.FOREIGN)
    return tuple(found[key] for key in sorted(found, key=lambda key: key[1:]))


def _of_seed(step: Step, present: Present) -> Listed:
    row: Mapping[str, Any] = present.rows.get(step.key, step.values)
    return Listed(step.key, {name: row.get(name) for name in step.values}, _STANDINGS[step.state], step.changes)
