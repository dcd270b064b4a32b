"""`attune runtime`: what this machine can run."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from typer import Typer

from attune_cli.cli.formats import OutputFormat, chosen_output
from attune_cli.cli.help import ReadableCommand, ReadableGroup
from attune_cli.cli.options import Json, Output

if TYPE_CHECKING:
    from attune_cli.runtime.capabilities import RuntimeInfo

app = Typer(cls=ReadableGroup, add_completion=False)


@app.callback()
def runtime() -> None:
    """What this machine can run."""


@app.command("list", cls=ReadableCommand)
def list_(output: Output = None, json: Json = False) -> None:
    """List the runtimes of this machine with their versions.

    As JSON it is what a worker on this machine would advertise: only what is really there.

    Examples:
      attune runtime list
      attune runtime list --json
    """
    # Imported here: help does not need them.
    from attune_cli.report.document import print_document
    from attune_cli.report.table import print_table
    from attune_cli.runtime.capabilities import as_capabilities, detect
    from attune_cli.settings import load_settings

    chosen = chosen_output(output, json=json, default=load_settings().output)
    found = detect()
    if chosen is OutputFormat.TABLE:
        print_table(("RUNTIME", "VERSION", "PATH"), [_row(each) for each in found], sys.stdout)
    else:
        print_document(as_capabilities(found), sys.stdout, as_yaml=chosen is OutputFormat.YAML)


def _row(found: RuntimeInfo) -> tuple[str, str, str]:
    if not found.available:
        return found.name, "-", found.error or "not available"
    if found.name == "native":
        return found.name, "-", "compiled binaries, started directly"
    return found.name, found.version or "?", str(found.path)
