"""What was made in a database, told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from attune_cli.report.harmless import harmless
from attune_cli.report.style import Style

if TYPE_CHECKING:
    from attune_cli.database.dsn import Target
    from attune_cli.database.init import Created


def tables_document(made: Sequence[Created], target: Target) -> dict[str, Any]:
    """JSON data."""
    return {
        "schema": "attune.tables/1",
        "database": {"name": target.shown, "schema": target.schema},
        "created": [{"kind": each.kind, "name": each.name} for each in made],
    }


def created_lines(made: Sequence[Created], target: Target, style: Style) -> Iterator[str]:
    """All that was made, one a line, then how much that was."""
    for each in made:
        name = each.name if each.kind == "schema" else f"{target.schema}.{each.name}"
        yield f"{style('+', 'green')} {each.kind} {harmless(name)}"
    told = f"{len(made)} created" if made else "nothing was missing"
    yield f"{style(style.sign('✓'), 'green')} {harmless(target.shown)}: {told}"
