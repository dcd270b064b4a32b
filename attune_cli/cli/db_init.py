"""`attune db init`: the schema and the tables that are missing."""

from __future__ import annotations

import sys
from typing import Annotated

from typer import Option, Typer

from attune_cli.cli.db_options import Access, ConnectTimeout, Dsn, Embedded, LockTimeout, Schema, opened
from attune_cli.cli.formats import OutputFormat, chosen_output
from attune_cli.cli.help import ReadableCommand
from attune_cli.cli.options import Json, Output

app = Typer(add_completion=False)

_Generation = Option(
    "--generation", metavar="1|2", min=1, max=2, help="Of the tables; 1 where there are none yet.", show_default=False
)


@app.command("init", cls=ReadableCommand)
def init(
    generation: Annotated[int | None, _Generation] = None,
    dsn: Dsn = None,
    schema: Schema = None,
    embedded: Embedded = False,
    connect_timeout: ConnectTimeout = None,
    lock_timeout: LockTimeout = None,
    output: Output = None,
    json: Json = False,
) -> None:
    """Create the schema and the tables that are missing.

    What is there is never touched, and all that is missing is made, or nothing.

    Examples:
      attune db init --embedded
      attune db init --dsn postgresql://attune@localhost/attune --generation 2
    """
    # Imported here: help does not need them.
    from attune_cli.database.generation import Generation
    from attune_cli.database.init import init as create
    from attune_cli.report.database.tables import created_lines, tables_document
    from attune_cli.report.document import print_document
    from attune_cli.report.style import Style
    from attune_cli.settings import load_settings

    chosen = chosen_output(output, json=json, default=load_settings().output)
    access = Access(dsn, schema, embedded, connect_timeout, lock_timeout)
    with opened(access) as db:
        wanted = Generation(generation) if generation else None
        made = create(db.connection, db.schema, wanted, lock_timeout=db.lock_timeout)
    if chosen.is_document:
        print_document(tables_document(made, db.target), sys.stdout, as_yaml=chosen is OutputFormat.YAML)
    else:
        print("\n".join(created_lines(made, db.target, Style.of(sys.stdout))))
