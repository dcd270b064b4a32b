"""`attune db register-worker`: this machine among the platform's workers."""

from __future__ import annotations

import sys
from typing import Annotated

from typer import Option, Typer

from attune_cli.cli.db_options import Access, ConnectTimeout, Dsn, Embedded, LockTimeout, Schema, opened
from attune_cli.cli.formats import OutputFormat, chosen_output
from attune_cli.cli.help import ReadableCommand
from attune_cli.cli.options import Json, Output

app = Typer(add_completion=False)

_Name = Option("--name", metavar="NAME", help="Of the worker; this machine's otherwise.", show_default=False)


@app.command("register-worker", cls=ReadableCommand)
def register_worker(
    name: Annotated[str | None, _Name] = None,
    dsn: Dsn = None,
    schema: Schema = None,
    embedded: Embedded = False,
    connect_timeout: ConnectTimeout = None,
    lock_timeout: LockTimeout = None,
    output: Output = None,
    json: Json = False,
) -> None:
    """Enter this machine among the workers, with what it can run.

    The row is made, or brought up to date: local, active, alive now, with the capabilities that
    attune runtime list shows. The platform may send work to a worker that is active.

    Examples:
      attune db register-worker
      attune db register-worker --name build-7 --json
    """
    # Imported here: help does not need them.
    import socket

    from attune_cli.database.generation import read_shape
    from attune_cli.database.worker import Announcement, register
    from attune_cli.report.database.worker import worker_document, worker_line
    from attune_cli.report.document import print_document
    from attune_cli.report.style import Style
    from attune_cli.runtime.capabilities import capabilities
    from attune_cli.settings import load_settings

    chosen = chosen_output(output, json=json, default=load_settings().output)
    host = socket.gethostname()
    with opened(Access(dsn, schema, embedded, connect_timeout, lock_timeout)) as db:
        shape = read_shape(db.connection, db.schema)
        announcement = Announcement(host if name is None else name, host, capabilities())
        worker = register(db.connection, shape, announcement, lock_timeout=db.lock_timeout)
    if chosen.is_document:
        print_document(worker_document(worker), sys.stdout, as_yaml=chosen is OutputFormat.YAML)
    else:
        print(worker_line(worker, Style.of(sys.stdout)))
