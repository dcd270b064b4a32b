"""How an error is told: what, where, why, what to do."""

from __future__ import annotations

from attune_cli.errors import AttuneError
from attune_cli.report.harmless import harmless
from attune_cli.report.lines import hanging
from attune_cli.report.style import Style

_INDENT = 9
_COLOURS = {"where": "cyan", "why": "cyan", "help": "green"}


def failure_lines(error: AttuneError, style: Style, columns: int | None = None) -> list[str]:
    """At most four lines; more where one of the four has several itself, or does not fit.

    columns: of the terminal; None: lines are not broken.
    """
    first, *rest = hanging("error:", harmless(error.what), columns, indent=7, shown=style("error:", "red", "bold"))
    head, _, what = first.partition(" ")
    lines = [f"{head} {style(what, 'bold')}", *(style(line, "bold") for line in rest)]
    for label, text in (("where", error.where), ("why", error.why), ("help", error.help)):
        if text:
            shown = f"  {style(f'{label}:', _COLOURS[label])}"
            lines += hanging(f"  {label}:", harmless(text), columns, indent=_INDENT, shown=shown)
    return lines
