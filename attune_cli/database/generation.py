"""Which of the platform's two generations a database has, read from its catalogue.

The first has `runtime.runtime_type` and a row for actions and one for sensors of each runtime; the second
has neither, and `runtime_version` beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from attune_cli.errors import AttuneError

if TYPE_CHECKING:
    from psycopg import Connection


class Generation(IntEnum):
    """Of the platform, by its tables."""

    FIRST = 1
    SECOND = 2


@dataclass(frozen=True, slots=True)
class Shape:
    """What the catalogue says of a schema. columns: by table, for the tables that are there."""

    schema: str
    exists: bool
    usable: bool
    columns: Mapping[str, frozenset[str]]

    @property
    def generation(self) -> Generation | None:
        """None: there is no table of runtimes, so it has none yet."""
        runtime = self.columns.get("runtime")
        if runtime is None:
            return None
        return Generation.FIRST if "runtime_type" in runtime else Generation.SECOND

    def require(self, table: str, columns: Collection[str] = ()) -> None:
        """Raises AttuneError, which names what is missing, unless the table is there and has these columns."""
        if not self.exists:
            raise AttuneError(
                f"there is no schema {self.schema}",
                help="attune db init creates it and its tables; --schema names another",
            )
        if not self.usable:
            raise AttuneError(
                f"this role may not use the schema {self.schema}",
                help=f"let its owner say: GRANT USAGE ON SCHEMA {quoted(self.schema)} TO …",
            )
        if table not in self.columns:
            raise AttuneError(
                f"there is no table {self.schema}.{table}",
                help="attune db init creates the tables that are missing; --schema names another schema",
            )
        if missing := sorted(set(columns) - self.columns[table]):
            raise AttuneError(
                f"{self.schema}.{table} lacks the {_counted(missing)}",
                help="attune never changes a table: migrate the platform's database, then run this again",
            )

    def generation_or_raise(self) -> Generation:
        """The generation. Raises AttuneError when there is none: no schema, no table."""
        self.require("runtime")
        assert self.generation is not None
        return self.generation


def quoted(name: str) -> str:
    """A name as it stands in a statement."""
    return '"' + name.replace('"', '""') + '"'


def _counted(names: Iterable[str]) -> str:
    names = list(names)
    return f"column{'s' if len(names) > 1 else ''} {', '.join(names)}"


#: The catalogue itself is asked: information_schema hides what the role has no right to.
_SHAPE = """
SELECT n.oid IS NOT NULL, coalesce(pg_catalog.has_schema_privilege(n.oid, 'USAGE'), false), c.relname::text,
       array(SELECT a.attname::text FROM pg_catalog.pg_attribute AS a
             WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
FROM (SELECT 1) AS always
LEFT JOIN pg_catalog.pg_namespace AS n ON n.nspname = %s
LEFT JOIN pg_catalog.pg_class AS c ON c.relnamespace = n.oid AND c.relkind IN ('r', 'p', 'v', 'f')
"""


def read_shape(connection: Connection[tuple[Any, ...]], schema: str) -> Shape:
    """What is there, in one round trip."""
    rows = connection.execute(_SHAPE, [schema]).fetchall()
    columns = {table: frozenset(names) for _, _, table, names in rows if table}
    return Shape(schema, exists=rows[0][0], usable=rows[0][1], columns=columns)
