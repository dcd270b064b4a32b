"""`attune db runtimes`: the rows of runtimes, and what this machine makes of them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from typer import Typer

from attune_cli.cli.db_options import Access, ConnectTimeout, Dsn, Embedded, LockTimeout, Schema, opened
from attune_cli.cli.formats import OutputFormat, chosen_output
from attune_cli.cli.help import ReadableCommand
from attune_cli.cli.options import Json, Output

if TYPE_CHECKING:
    from attune_cli.database.listing import Listed
    from attune_cli.report.database.runtimes import Here

app = Typer(add_completion=False)


@app.command("runtimes", cls=ReadableCommand)
def runtimes(
    dsn: Dsn = None,
    schema: Schema = None,
    embedded: Embedded = False,
    connect_timeout: ConnectTimeout = None,
    lock_timeout: LockTimeout = None,
    output: Output = None,
    json: Json = False,
) -> None:
    """List the rows of the runtimes.

    For each: whether it is as the seeds have it, and whether this machine can run it.

    Examples:
      attune db runtimes
      attune db runtimes --dsn postgresql://attune@localhost/attune --json
    """
    # Imported here: help does not need them.
    from attune_cli.database.generation import read_shape
    from attune_cli.database.listing import listing
    from attune_cli.database.store import Store
    from attune_cli.report.database.runtimes import HEADER, runtimes_document, table_row
    from attune_cli.report.document import print_document
    from attune_cli.report.table import print_table
    from attune_cli.settings import load_settings

    chosen = chosen_output(output, json=json, default=load_settings().output)
    with opened(Access(dsn, schema, embedded, connect_timeout, lock_timeout)) as db:
        store = Store(db.connection, read_shape(db.connection, db.schema), lock_timeout=db.lock_timeout)
        found = listing(store.generation, store.read_all())
    here = _here(found)
    if chosen.is_document:
        document = runtimes_document(found, store.generation, here)
        print_document(document, sys.stdout, as_yaml=chosen is OutputFormat.YAML)
    else:
        print_table(HEADER, [table_row(row, store.generation, here) for row in found], sys.stdout)


def _here(rows: Sequence[Listed]) -> Here:
    """This machine, asked for what the rows stand for."""
    from attune_cli.report.database.runtimes import Here
    from attune_cli.runtime.capabilities import detect, versions_here

    wanted = {(row.kind, row.key.version) for row in rows if row.kind and row.key.version}
    return Here({each.name: each for each in detect()}, versions_here(wanted))
