"""One seeding from its rows to what came of it: plan, patterns, and, if all is well, the writing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from attune_cli.database.plan import Plan, make_plan
from attune_cli.database.runtimes import RUNTIME, Key, Row
from attune_cli.database.store import Store
from attune_cli.database.verification import Trial, Verdict, try_patterns


class Status(StrEnum):
    """UNCHANGED: all rows were right. PLANNED: something is to be written, and was not meant to be yet.
    WRITTEN: it was. REFUSED: rows were edited by hand, or a pattern is wrong; nothing was written."""

    UNCHANGED = "unchanged"
    PLANNED = "planned"
    WRITTEN = "written"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeding:
    """What came of it.

    database: as people know it, without a password. schema: of the tables. trials: patterns that were tried.
    altered:  rows that a trigger of the database wrote otherwise, with the columns.
    unlinked: packs that the table of packs does not have.
    force:    rows that were edited by hand may be written over.
    is_overtaken: somebody else has changed rows between the first look and the lock.
    """

    database: str
    schema: str
    plan: Plan
    trials: tuple[Trial, ...] = ()
    altered: Mapping[Key, tuple[str, ...]] = field(default_factory=dict)
    unlinked: tuple[str, ...] = ()
    was_written: bool = False
    is_dry: bool = False
    force: bool = False
    is_overtaken: bool = False

    @property
    def wrong(self) -> tuple[Trial, ...]:
        """The patterns that would never match."""
        return tuple(trial for trial in self.trials if trial.verdict is Verdict.WRONG)

    @property
    def is_refused(self) -> bool:
        return self.status is Status.REFUSED

    @property
    def status(self) -> Status:
        if self.was_written:
            return Status.WRITTEN
        if not self.plan.to_write:
            return Status.UNCHANGED
        if self.wrong or (self.plan.drifted and not self.force):
            return Status.REFUSED
        return Status.PLANNED


@dataclass(frozen=True, slots=True)
class Wishes:
    """is_dry: look only. force: write over rows that were edited by hand."""

    is_dry: bool = False
    force: bool = False


def seed(store: Store, database: str, rows: Sequence[Row], wishes: Wishes, show: Callable[[Plan], None]) -> Seeding:
    """Make the rows right.

    database: for people. show: gets the plan before anything is written. Raises AttuneError when the database
    refuses; then nothing was written.
    """
    present = store.read(rows)
    plan = make_plan(store.generation, rows, present)
    show(plan)
    seeding = Seeding(
        database=database,
        schema=store.schema,
        plan=plan,
        trials=try_patterns(plan.steps) if plan.to_write else (),
        unlinked=tuple(sorted({row.pack_ref for row in rows if row.key.table == RUNTIME} - present.packs.keys())),
        is_dry=wishes.is_dry,
        force=wishes.force,
    )
    if wishes.is_dry or seeding.status is not Status.PLANNED:
        return seeding
    return _written(seeding, store, rows)


def _written(seeding: Seeding, store: Store, rows: Sequence[Row]) -> Seeding:
    from dataclasses import replace

    applied = store.apply(rows, force=seeding.force)
    return replace(
        seeding,
        plan=applied.plan,
        altered=applied.altered,
        was_written=applied.written and bool(applied.plan.to_write),
        is_overtaken=applied.plan != seeding.plan,
    )
