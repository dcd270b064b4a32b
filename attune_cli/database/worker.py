"""This machine's row among the workers of the platform."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from attune_cli.database.connection import LOCK_TIMEOUT, transaction
from attune_cli.database.generation import Shape
from attune_cli.database.queries import query
from attune_cli.errors import UsageError

if TYPE_CHECKING:
    from psycopg import Connection

#: Whose turn it is to register: names are not unique in the first generation, so nothing else keeps two rows out.
LOCK = "attune register-worker {schema}"

_NEEDED = ("id", "name", "worker_type", "status", "capabilities", "host", "last_heartbeat", "updated")


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a worker says of itself. host: the machine it is on."""

    name: str
    host: str
    capabilities: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Worker:
    """A row as it is after it was written. values: all its columns. is_new: it was not there before."""

    values: Mapping[str, Any]
    is_new: bool


def register(
    connection: Connection[tuple[Any, ...]],
    shape: Shape,
    worker: Announcement,
    *,
    lock_timeout: float = LOCK_TIMEOUT,
) -> Worker:
    """Write the row of the worker of that name: local, active, alive now.

    Other keys among its capabilities stay as they are. Raises AttuneError where the table or a column is
    missing, UsageError for an empty name.
    """
    if not worker.name.strip():
        raise UsageError("a worker has a name", where="--name")
    has_role = "worker_role" in shape.columns.get("worker", ())
    shape.require("worker", _NEEDED)
    values = {"name": worker.name, "host": worker.host, "capabilities": json.dumps(worker.capabilities)}
    insert = "insert_worker_with_role" if has_role else "insert_worker"
    with transaction(connection, lock_timeout=lock_timeout):
        connection.execute(query(shape.schema, "lock"), {"lock": LOCK.format(schema=shape.schema)})
        found = connection.execute(query(shape.schema, "update_worker"), values).fetchone()
        made = None if found else connection.execute(query(shape.schema, insert), values).fetchone()
    row = found or made
    assert row is not None
    return Worker(row[1], is_new=found is None)
