"""The schema and the tables of the platform, made where they are missing.

What is there is never touched: a table keeps its columns, triggers and rules, whoever made it.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attune_cli.database.connection import LOCK_TIMEOUT, transaction
from attune_cli.database.generation import Generation, quoted, read_shape
from attune_cli.errors import UsageError

if TYPE_CHECKING:
    from psycopg import Connection

_FILES = {Generation.FIRST: ("both.sql", "first.sql"), Generation.SECOND: ("both.sql", "second.sql")}
_PART = re.compile(r"^-- (type|function|table) (\w+)$", re.MULTILINE)

_THERE = """
SELECT 'schema', nspname::text FROM pg_catalog.pg_namespace WHERE nspname = %(schema)s
UNION ALL
SELECT 'table', c.relname FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = %(schema)s
UNION ALL
SELECT 'type', t.typname FROM pg_catalog.pg_type AS t JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
WHERE n.nspname = %(schema)s
UNION ALL
SELECT 'function', p.proname FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
WHERE n.nspname = %(schema)s AND p.pronargs = 0
"""


@dataclass(frozen=True, slots=True)
class Created:
    """Something that was missing. kind: schema, type, function or table."""

    kind: str
    name: str
    sql: str


def init(
    connection: Connection[tuple[Any, ...]],
    schema: str,
    generation: Generation | None = None,
    *,
    lock_timeout: float = LOCK_TIMEOUT,
) -> tuple[Created, ...]:
    """Make what is missing, in one transaction; returns what that was, in its order.

    generation: None: that of the tables that are there, else the first. Raises UsageError when the tables
    that are there are of the other one.
    """
    with transaction(connection, lock_timeout=lock_timeout):
        # Two of these at the same moment: the second waits here, and then finds everything made.
        connection.execute("SELECT pg_catalog.pg_advisory_xact_lock(%s)", [_lock_key(schema)])
        chosen = _agreed(read_shape(connection, schema).generation, generation, schema)
        there = set(connection.execute(_THERE, {"schema": schema}).fetchall())
        missing = tuple(part for part in parts(chosen, schema) if (part.kind, part.name) not in there)
        for part in missing:
            connection.execute(part.sql.encode())
    return missing


def parts(generation: Generation, schema: str) -> Iterator[Created]:
    """All that a database of this generation has, in the order in which it can be made."""
    name_in_sql = quoted(schema)
    yield Created("schema", schema, f"CREATE SCHEMA {name_in_sql}")
    for file in _FILES[generation]:
        _, *pieces = _PART.split(_text(file))
        for kind, name, sql in zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True):
            yield Created(kind, name, sql.strip().replace(':"schema"', name_in_sql))


def _agreed(found: Generation | None, wanted: Generation | None, schema: str) -> Generation:
    if found and wanted and found != wanted:
        raise UsageError(
            f"the schema {schema} has the tables of generation {found:d}",
            where=f"--generation {wanted:d}",
            help="leave --generation out, or name another schema with --schema",
        )
    return found or wanted or Generation.FIRST


def _lock_key(schema: str) -> int:
    return zlib.crc32(f"attune init {schema}".encode())


@cache
def _text(file: str) -> str:
    return Path(__file__).with_name("tables").joinpath(file).read_text(encoding="utf-8")
