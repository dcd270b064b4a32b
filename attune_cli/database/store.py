"""Runtime rows in a database: read in one round trip, written in three, all or nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from attune_cli.database.connection import LOCK_TIMEOUT, milliseconds
from attune_cli.database.drift import same
from attune_cli.database.generation import Generation, Shape
from attune_cli.database.plan import Plan, Present, Step, make_plan
from attune_cli.database.queries import query
from attune_cli.database.runtimes import FIELDS, RUNTIME, VERSION, Json, Key, Row
from attune_cli.errors import AttuneError

if TYPE_CHECKING:
    from psycopg import Connection, Cursor

#: What seeders of one schema wait for: the text that is hashed to the number of an advisory lock.
LOCK = "attune seed-runtimes {schema}"

_KEYS = {RUNTIME: ("ref",), VERSION: ("runtime", "version")}
_READ = {Generation.FIRST: ("read_runtimes",), Generation.SECOND: ("read_runtimes", "read_versions")}
_ALL = {
    Generation.FIRST: ("all_runtimes", "all_packs"),
    Generation.SECOND: ("all_runtimes", "all_versions", "all_packs"),
}
_WRITE = {RUNTIME: ("write_runtimes", "written_runtimes"), VERSION: ("write_versions", "written_versions")}

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Applied:
    """What was done.

    plan:    as it was made under the lock; another seeder may have left less to do.
    written: whether it was carried out. False: rows were edited by hand, and force was not given.
    altered: rows that a trigger of the database wrote otherwise, with the columns.
    """

    plan: Plan
    written: bool
    altered: Mapping[Key, tuple[str, ...]]


class Store:
    """The rows of one schema of one database.

    lock_timeout: seconds that any lock is waited for; 0: for ever.
    """

    def __init__(
        self, connection: Connection[tuple[Any, ...]], shape: Shape, *, lock_timeout: float = LOCK_TIMEOUT
    ) -> None:
        """Raises AttuneError, which names it, where a table or a column is missing."""
        self._connection = connection
        self.schema = shape.schema
        self.generation = shape.generation_or_raise()
        self._timeout = {"lock_timeout": str(milliseconds(lock_timeout))}
        shape.require("pack", ("id", "ref"))
        for name, fields in FIELDS[self.generation].items():
            shape.require(name, ("id", *_KEYS[name], *fields, "updated"))

    def read(self, rows: Iterable[Row]) -> Present:
        """What stands there of these rows."""
        with self._connection.pipeline():
            self._begin()
            found = self._read(rows)
            self._connection.execute("COMMIT")
        return _present(found.fetchall())

    def read_all(self) -> Present:
        """Every runtime row."""
        with self._connection.pipeline():
            self._begin()
            found = self._execute(*_ALL[self.generation])
            self._connection.execute("COMMIT")
        return _present(found.fetchall())

    def apply(self, rows: Sequence[Row], *, force: bool = False) -> Applied:
        """Make the rows right.

        Looks again once it has the lock, so that the plan is of what really is there. force: rows that were
        edited by hand are written over. Raises AttuneError when a row cannot be written; then none is.
        """
        from psycopg import Error

        try:
            return self._applied(rows, force=force)
        except BaseException:
            # What has happened is told, and not that a lost connection cannot be rolled back any more.
            with suppress(Error):
                self._connection.rollback()
            raise

    def _applied(self, rows: Sequence[Row], *, force: bool) -> Applied:
        with self._connection.pipeline():
            self._begin()
            self._execute("lock", values={"lock": LOCK.format(schema=self.schema)})
            found = self._read(rows)
        plan = make_plan(self.generation, rows, _present(found.fetchall()))
        if not plan.to_write or (plan.drifted and not force):
            self._connection.rollback()
            return Applied(plan, not plan.to_write, {})
        after = self._write(plan.to_write)
        self._connection.commit()
        altered = {step.key: _altered(step, after[step.key]) for step in plan.to_write}
        return Applied(plan, written=True, altered={key: names for key, names in altered.items() if names})

    def _begin(self) -> None:
        self._execute("begin")
        self._execute("wait_at_most", values=self._timeout)

    def _read(self, rows: Iterable[Row]) -> Cursor[tuple[Any, ...]]:
        rows = list(rows)
        refs = sorted({row.key.ref for row in rows})
        packs = sorted({row.pack_ref for row in rows})
        return self._execute(*_READ[self.generation], values={"refs": refs, "packs": packs})

    def _write(self, steps: Sequence[Step]) -> Mapping[Key, Mapping[str, Json]]:
        """The rows as they are afterwards. Raises AttuneError where one was not written."""
        with self._connection.pipeline():
            cursors = [self._write_table(name, steps) for name in FIELDS[self.generation]]
        after = _present([row for cursor in cursors if cursor for row in cursor.fetchall()]).rows
        if held := [step for step in steps if step.key not in after]:
            after = {**after, **self._held(held)}
        return after

    def _write_table(self, name: str, steps: Sequence[Step]) -> Cursor[tuple[Any, ...]] | None:
        own = [as_json(step.key, step.values) for step in steps if step.key.table == name]
        if not own:
            return None
        columns = FIELDS[self.generation][name]
        return self._execute(*_WRITE[name], columns=columns, values={"rows": json.dumps(own)})

    def _held(self, steps: Sequence[Step]) -> Mapping[Key, Mapping[str, Json]]:
        """Rows that were not written although they were to be: somebody else has just done the same, or a
        trigger holds them back, which is raised."""
        refs = [step.key.ref for step in steps]
        found = _present(self._execute(*_READ[self.generation], values={"refs": refs, "packs": []}).fetchall())
        for step in steps:
            there = found.rows.get(step.key)
            if there is None or _altered(step, there):
                raise AttuneError(
                    f"the row {step.key} was not written",
                    why=f"a trigger or rule of {self.schema}.{step.key.table} holds it back; nothing has been changed",
                    help=f"look at the triggers of the table: psql -c '\\d {self.schema}.{step.key.table}'",
                )
        return found.rows

    def _execute(
        self, *names: str, values: Mapping[str, object] | None = None, columns: Sequence[str] = ()
    ) -> Cursor[tuple[Any, ...]]:
        return self._connection.execute(query(self.schema, *names, columns=columns), values)


def _present(found: Rows) -> Present:
    rows = {Key(table, ref, version): row for table, ref, version, row in found if table != "pack"}
    return Present(rows, {ref: id_ for table, ref, _, id_ in found if table == "pack"})


def as_json(key: Key, values: Mapping[str, Json]) -> dict[str, Json]:
    """A row as the statements that write take it."""
    return {**({"ref": key.ref} if key.table == RUNTIME else {"version": key.version}), **values}


def _altered(step: Step, there: Mapping[str, Json]) -> tuple[str, ...]:
    return tuple(name for name, value in step.values.items() if not same(value, there.get(name)))
