"""Seeding a database of a test, and all that tells one state of its rows from another."""

from __future__ import annotations

import time
from typing import Any

from attune_cli.database.connection import LOCK_TIMEOUT, connect
from attune_cli.database.dsn import Target
from attune_cli.database.generation import Generation, read_shape
from attune_cli.database.plan import Plan
from attune_cli.database.runtimes import FIELDS, RUNTIME, Row, seeds
from attune_cli.database.seeding import Seeding, Wishes, seed
from attune_cli.database.store import Store
from tests.postgres import Database
from tests.postgres_server import PATIENCE

CORE = "INSERT INTO attune.pack (ref, label, version) VALUES ('core', 'Core', '1.0.0')"
#: What a generation has when all is well.
COUNTS = {Generation.FIRST: 8, Generation.SECOND: 7}


def seeded(
    target: Target, *, force: bool = False, rows: tuple[Row, ...] | None = None, lock_timeout: float = LOCK_TIMEOUT
) -> Seeding:
    """Seed as the command does, over a connection of its own."""
    with connect(target) as connection:
        store = Store(connection, read_shape(connection, target.schema), lock_timeout=lock_timeout)
        chosen = seeds(store.generation) if rows is None else rows
        return seed(store, target.shown, chosen, Wishes(force=force), ignore)


def ignore(_: Plan) -> None:
    """A plan that nobody wants to see."""


def tables(database: Database) -> list[str]:
    assert database.generation is not None
    return list(FIELDS[database.generation])


def count(database: Database) -> int:
    """All rows of runtimes and of their versions."""
    return sum(database.query(f"SELECT count(*) FROM {database.schema}.{name}")[0][0] for name in tables(database))


def state(database: Database) -> list[tuple[Any, ...]]:
    """Every column of every row, who wrote it, and where the sequences stand."""
    found: list[tuple[Any, ...]] = []
    for name in tables(database):
        rows = f"SELECT xmin::text, ctid::text, to_jsonb(r) FROM {database.schema}.{name} AS r ORDER BY id"
        found += database.query(rows)
        found += database.query(f"SELECT last_value, is_called FROM {database.schema}.{name}_id_seq")
    return found


def wait_until_locked(database: Database, sessions: int = 1) -> None:
    """Until so many sessions of the database wait for locks of others."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    until = time.monotonic() + PATIENCE
    while database.query(query)[0][0] < sessions:
        assert time.monotonic() < until, "nobody waits"
        time.sleep(0.01)


def content(database: Database) -> list[dict[str, Any]]:
    """The columns that seeds decide about, without ids."""
    assert database.generation is not None
    found = []
    for name, fields in FIELDS[database.generation].items():
        order = "ref" if name == RUNTIME else "runtime_ref, version"
        for (row,) in database.query(f"SELECT to_jsonb(r) FROM {database.schema}.{name} AS r ORDER BY {order}"):
            found.append({field: row[field] for field in fields})
    return found
