"""The rows of runtimes, told: how each stands to the seeds, and what this machine makes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from attune_cli.database.generation import Generation
    from attune_cli.database.listing import Listed
    from attune_cli.runtime.capabilities import RuntimeInfo

HEADER = ("RUNTIME", "GEN", "NAME", "STATE", "THIS MACHINE")


@dataclass(frozen=True, slots=True)
class Here:
    """What this machine has. runtimes: by name. versions: by name and version, of those that were asked for."""

    runtimes: Mapping[str, RuntimeInfo]
    versions: Mapping[tuple[str, str], RuntimeInfo]

    def of(self, row: Listed) -> RuntimeInfo | None:
        """What a row stands for; None: attune knows no such runtime."""
        name = row.kind or ""
        return self.versions.get((name, row.key.version)) if row.key.version else self.runtimes.get(name)


def table_row(row: Listed, generation: Generation, here: Here) -> tuple[str, ...]:
    """A row of the table under HEADER."""
    standing = str(row.standing)
    if row.edited:
        standing += f": {', '.join(row.edited)}"
    return str(row.key), f"{generation:d}", str(row.values.get("name") or ""), standing, _told(here.of(row))


def runtimes_document(rows: Sequence[Listed], generation: Generation, here: Here) -> dict[str, Any]:
    """JSON data."""
    return {
        "schema": "attune.runtime-rows/1",
        "generation": int(generation),
        "rows": [_row(row, here.of(row)) for row in rows],
    }


def _row(row: Listed, found: RuntimeInfo | None) -> dict[str, Any]:
    return {
        "table": row.key.table,
        "ref": row.key.ref,
        "version": row.key.version or None,
        "name": row.values.get("name"),
        "standing": row.standing.name.lower(),
        "changed": list(row.edited),
        # null: attune does not know that runtime.
        "runs_here": None if found is None else found.available,
        "this_machine": _told(found),
    }


def _told(found: RuntimeInfo | None) -> str:
    """Whether this machine can run it, as far as attune can tell."""
    if found is None:
        return "unknown to attune"
    if not found.available:
        return f"no: {found.error or 'not available'}"
    return f"yes, {found.version}" if found.version else "yes"
