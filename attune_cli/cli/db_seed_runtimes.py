"""`attune db seed-runtimes`: the rows of runtimes made right."""

from __future__ import annotations

from typing import Annotated

from typer import Typer

from attune_cli.cli.db_options import ConnectTimeout, Dsn, Embedded, LockTimeout, Schema
from attune_cli.cli.help import ReadableCommand
from attune_cli.cli.options import Json, Output, option

app = Typer(add_completion=False)


_ROWS, _OUTPUT = "Rows", "Output"
_FromPack = option(_ROWS, "--from-pack", metavar="PATH", help="Those of a pack's runtimes/*.yaml, not attune's own.")
_Only = option(_ROWS, "--only", metavar="NAME", help="Only these: native, python, … or a ref; repeatable.")
_DryRun = option(None, "--dry-run", help="Show what would be written; write nothing.")
_Check = option(None, "--check", help="The same, and exit with 1 when anything is not right.")
_Force = option(None, "--force", help="Write over rows that were edited by hand.")
_Sql = option(None, "--sql", help="Print a script for psql that does the same; write nothing.")
_Generation = option(
    None, "--generation", metavar="1|2", min=1, max=2, help="With --sql: for such a database, asking none."
)
_Quiet = option(_OUTPUT, "--quiet", "-q", help="Say nothing when all is well.")


@app.command("seed-runtimes", cls=ReadableCommand)
def seed_runtimes(
    dry_run: Annotated[bool, _DryRun] = False,
    check: Annotated[bool, _Check] = False,
    force: Annotated[bool, _Force] = False,
    sql: Annotated[bool, _Sql] = False,
    generation: Annotated[int | None, _Generation] = None,
    from_pack: Annotated[str | None, _FromPack] = None,
    only: Annotated[list[str] | None, _Only] = None,
    dsn: Dsn = None,
    schema: Schema = None,
    embedded: Embedded = False,
    connect_timeout: ConnectTimeout = None,
    lock_timeout: LockTimeout = None,
    output: Output = None,
    json: Json = False,
    quiet: Annotated[bool, _Quiet] = False,
) -> int:
    """Make the rows of the runtimes right.

    What is missing is created, what is out of date is updated, and what somebody has edited is
    shown and left alone. All or nothing; a second run changes nothing.

    Exit status:
      0  the rows are right; with --dry-run, they were looked at
      1  rows were edited by hand, or a pattern is wrong; with --check, anything is not right
      2  attune was called wrongly
      3  attune failed

    Examples:
      attune db seed-runtimes --dry-run
      attune db seed-runtimes --only native
      attune db seed-runtimes --sql --generation 1 | psql attune
    """
    # Imported here: neither help nor a mistake on the command line needs it.
    from attune_cli.cli.db_arguments import SeedArguments
    from attune_cli.cli.db_seeding import perform

    return perform(
        SeedArguments(
            dsn=dsn,
            schema=schema,
            embedded=embedded,
            connect_timeout=connect_timeout,
            lock_timeout=lock_timeout,
            from_pack=from_pack,
            only=tuple(only or ()),
            dry_run=dry_run,
            check=check,
            force=force,
            sql=sql,
            generation=generation,
            output=output,
            json=json,
            quiet=quiet,
        )
    )
