"""The statements of `queries.sql` by their names, with the names of a schema's tables filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from attune_cli.database.connection import table

if TYPE_CHECKING:
    from psycopg.sql import Composable, Composed

_BEGIN: Final = "\n-- name: "
_TABLES: Final = ("pack", "runtime", "runtime_version", "worker", "native_binary")


def query(schema: str, *names: str, columns: Sequence[str] = (), rows: Composable | None = None) -> Composed:
    """The statement of that name, or of several put together.

    columns: those that are written. rows: what they are taken from; a value that is bound, if nothing is given.
    """
    from psycopg.sql import SQL, Identifier, Placeholder

    def of(owner: str) -> Composed:
        return SQL(", ").join(Identifier(owner, column) for column in columns)

    filled = {name: table(schema, name) for name in _TABLES}
    lists = {"given": of("s"), "present": of("r"), "proposed": of("excluded")}
    text = SQL("\n").join(SQL(_texts()[name]) for name in names).as_string()
    lists["columns"] = SQL(", ").join(map(Identifier, columns))
    return SQL(text).format(**filled, **lists, rows=rows or Placeholder("rows"))


@cache
def _texts() -> Mapping[str, str]:
    """By name, without comments."""
    text = Path(__file__).with_name("queries.sql").read_text(encoding="utf-8")
    parts = (part.partition("\n") for part in text.split(_BEGIN)[1:])
    return {name.strip(): _bare(body) for name, _, body in parts}


def _bare(body: str) -> str:
    return "\n".join(line for line in body.splitlines() if line and not line.startswith("--"))
