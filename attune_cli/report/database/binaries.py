"""The history of native binaries, told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from attune_cli.quantities import format_size
from attune_cli.report.harmless import harmless
from attune_cli.report.style import Style

if TYPE_CHECKING:
    from attune_cli.database.binaries import Recorded

HEADER = ("PACK", "BINARY", "PLATFORM", "VERSION", "SIZE", "SHA256", "TOOLCHAIN", "RECORDED")

#: Of a digest, as much as people compare.
_SHORT = 12


def binaries_document(rows: Sequence[Recorded]) -> dict[str, Any]:
    """JSON data."""
    found = [{"id": row.id, **asdict(row.binary), "recorded_at": row.at} for row in rows]
    return {"schema": "attune.native-binaries/1", "binaries": found}


def table_row(row: Recorded) -> tuple[str, ...]:
    """A row of the table under HEADER."""
    one = row.binary
    toolchain = " ".join(filter(None, (one.toolchain, one.toolchain_version)))
    when = row.at.replace("T", " ")[:19]
    return (
        *(one.pack_ref, one.name, one.platform, one.version, format_size(one.size)),
        *(one.sha256[:_SHORT], toolchain, when),
    )


def recorded_lines(new: Sequence[Recorded], total: int, style: Style) -> Iterator[str]:
    """What was entered, and how many were known."""
    for row in new:
        one = row.binary
        what = f"{one.pack_ref}.{one.name} {one.platform} {one.version}"
        yield f"{style('+', 'green')} {harmless(what)}  {style(one.sha256[:_SHORT], 'dim')}"
    known = total - len(new)
    yield f"{style(style.sign('✓'), 'green')} {len(new)} recorded, {known} known already"
