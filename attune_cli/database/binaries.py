"""Which native binaries there have been: one row for each digest, kept as history."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from attune_cli.database.connection import LOCK_TIMEOUT, transaction
from attune_cli.database.generation import Shape
from attune_cli.database.queries import query

if TYPE_CHECKING:
    from psycopg import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Binary:
    """A binary of a pack, as it was built.

    platform: `linux/amd64`. size: bytes. sha256: 64 hexadecimal digits. Of the rest, None: not known.
    """

    pack_ref: str
    name: str
    platform: str
    version: str
    sha256: str
    size: int
    build_id: str | None = None
    toolchain: str | None = None
    toolchain_version: str | None = None
    source_digest: str | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """A row of the history. at: when it was recorded, as ISO 8601 text."""

    id: int
    binary: Binary
    at: str


_COLUMNS = tuple(field.name for field in fields(Binary))


def record(
    connection: Connection[tuple[Any, ...]],
    shape: Shape,
    binaries: Iterable[Binary],
    *,
    lock_timeout: float = LOCK_TIMEOUT,
) -> tuple[Recorded, ...]:
    """Add the binaries whose digests are not known yet; those that were added. All or nothing.

    Raises AttuneError where the table or a column is missing.
    """
    shape.require("native_binary", _NEEDED)
    rows = json.dumps([asdict(binary) for binary in binaries])
    with transaction(connection, lock_timeout=lock_timeout):
        statement = query(shape.schema, "record_binaries", columns=_COLUMNS)
        return _recorded(connection.execute(statement, {"rows": rows}).fetchall())


def history(connection: Connection[tuple[Any, ...]], shape: Shape) -> tuple[Recorded, ...]:
    """All that were ever recorded: by pack, name and platform, the latest first."""
    shape.require("native_binary", _NEEDED)
    return _recorded(connection.execute(query(shape.schema, "all_binaries")).fetchall())


_NEEDED = ("id", *_COLUMNS, "recorded_at")


def _recorded(rows: Iterable[tuple[Any, ...]]) -> tuple[Recorded, ...]:
    return tuple(
        Recorded(id_, Binary(**{name: row[name] for name in _COLUMNS}), row["recorded_at"]) for id_, row in rows
    )
