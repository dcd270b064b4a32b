"""`attune db binaries`: which native binaries there have been."""

from __future__ import annotations

import sys

from typer import Typer

from attune_cli.cli.db_options import Access, ConnectTimeout, Dsn, Embedded, LockTimeout, Schema, opened
from attune_cli.cli.formats import OutputFormat, chosen_output
from attune_cli.cli.help import ReadableCommand
from attune_cli.cli.options import Json, Output

app = Typer(add_completion=False)


@app.command("binaries", cls=ReadableCommand)
def binaries(
    dsn: Dsn = None,
    schema: Schema = None,
    embedded: Embedded = False,
    connect_timeout: ConnectTimeout = None,
    lock_timeout: LockTimeout = None,
    output: Output = None,
    json: Json = False,
) -> None:
    """List the native binaries there have been, the latest of each first.

    Examples:
      attune db binaries
      attune db binaries --json
    """
    # Imported here: help does not need them.
    from attune_cli.database.binaries import history
    from attune_cli.database.generation import read_shape
    from attune_cli.report.database.binaries import HEADER, binaries_document, table_row
    from attune_cli.report.document import print_document
    from attune_cli.report.table import print_table
    from attune_cli.settings import load_settings

    chosen = chosen_output(output, json=json, default=load_settings().output)
    with opened(Access(dsn, schema, embedded, connect_timeout, lock_timeout)) as db:
        found = history(db.connection, read_shape(db.connection, db.schema))
    if chosen.is_document:
        print_document(binaries_document(found), sys.stdout, as_yaml=chosen is OutputFormat.YAML)
    else:
        print_table(HEADER, [table_row(row) for row in found], sys.stdout)
