"""Tables for people: drawn by Rich on a terminal, plain columns in a pipe."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from attune_cli.report.harmless import harmless
from attune_cli.report.style import Style, is_terminal, wants_colour


def print_table(header: Sequence[str], rows: Sequence[Sequence[str]], stream: TextIO) -> None:
    """Print rows under a header. In a pipe: one line a row, columns at least two spaces apart."""
    safe = [[harmless(cell).replace("\n", " ") for cell in row] for row in rows]
    if is_terminal(stream):
        _draw(header, safe, stream)
        return
    rows = [header, *safe]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    title, *lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
    print("\n".join([Style.of(stream)(title, "bold"), *lines]), file=stream)


def _draw(header: Sequence[str], rows: Sequence[Sequence[str]], stream: TextIO) -> None:
    # Imported here: it takes longer than all the rest, and a pipe has no use for it.
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    for name in header:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    colour = wants_colour(stream)
    Console(file=stream, highlight=False, no_color=not colour, color_system="auto" if colour else None).print(table)
