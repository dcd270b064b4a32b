"""`attune db seed-runtimes`, from its arguments to its exit status."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attune_cli.cli.db_access import Access, opened
from attune_cli.cli.db_arguments import SeedArguments
from attune_cli.cli.formats import OutputFormat, chosen_output
from attune_cli.errors import AttuneError, ExitCode, UsageError
from attune_cli.settings import load_settings

if TYPE_CHECKING:
    from attune_cli.database.generation import Generation
    from attune_cli.database.plan import Plan
    from attune_cli.database.runtimes import Row
    from attune_cli.database.seeding import Seeding


def perform(arguments: SeedArguments) -> int:
    """Seed, report, and return the exit status. Whatever goes wrong, a machine gets its document."""
    output = chosen_output(arguments.output, json=arguments.json)
    try:
        _refuse_contradictions(arguments)
        output = chosen_output(arguments.output, json=arguments.json, default=load_settings().output)
        return _print_script(arguments) if arguments.sql else _seeded(arguments, output)
    except AttuneError as error:
        if output.is_document and not arguments.sql:
            from attune_cli.report.database.document import failure_document

            _print_document(failure_document(error), output)
        raise


def _refuse_contradictions(arguments: SeedArguments) -> None:
    if arguments.dry_run and arguments.check:
        raise UsageError(
            "--dry-run and --check both look only", help="--check exits with 1 where anything is not right"
        )
    if arguments.sql and (arguments.dry_run or arguments.check or arguments.output or arguments.json):
        cure = "leave --dry-run, --check, --output and --json out"
        raise UsageError("--sql prints a script and nothing else", help=cure)
    if arguments.generation and not arguments.sql:
        raise UsageError("--generation goes with --sql", help="a database tells its generation itself")
    if arguments.generation not in {None, 1, 2}:
        raise UsageError("there are the generations 1 and 2", where="--generation")


def _rows(arguments: SeedArguments, generation: Generation) -> tuple[Row, ...]:
    from attune_cli.database.runtimes import only, seeds

    if arguments.from_pack is None:
        return only(seeds(generation), arguments.only)
    from attune_cli.database.from_pack import pack_rows

    return only(pack_rows(Path(arguments.from_pack), generation), arguments.only)


def _access(arguments: SeedArguments) -> Access:
    return Access(
        arguments.dsn, arguments.schema, arguments.embedded, arguments.connect_timeout, arguments.lock_timeout
    )


# --- seeding --------------------------------------------------------------------------------------


def _seeded(arguments: SeedArguments, output: OutputFormat) -> int:
    from attune_cli.database.generation import read_shape
    from attune_cli.database.seeding import Wishes, seed
    from attune_cli.database.store import Store

    is_dry = arguments.dry_run or arguments.check

    def show(plan: Plan) -> None:
        if not output.is_document and not arguments.quiet:
            _print_plan(plan, every_column=is_dry)

    with opened(_access(arguments)) as db:
        store = Store(db.connection, read_shape(db.connection, db.schema), lock_timeout=db.lock_timeout)
        rows = _rows(arguments, store.generation)
        seeding = seed(store, db.target.shown, rows, Wishes(is_dry=is_dry, force=arguments.force), show)
    if output.is_document:
        from attune_cli.report.database.document import seeding_document

        _print_document(seeding_document(seeding), output)
    else:
        _print_outcome(seeding, arguments)
    return _status(seeding, is_check=arguments.check)


def _status(seeding: Seeding, *, is_check: bool) -> int:
    is_bad = bool(seeding.plan.to_write) if is_check else seeding.is_refused and not seeding.is_dry
    return ExitCode.FINDINGS if is_bad else ExitCode.OK


def _print_plan(plan: Plan, *, every_column: bool) -> None:
    from attune_cli.report.database.seeding import Look, plan_lines
    from attune_cli.report.style import Style, width

    for line in plan_lines(plan, Look(Style.of(sys.stdout), width(sys.stdout), every_column)):
        print(line)


def _print_outcome(seeding: Seeding, arguments: SeedArguments) -> None:
    from attune_cli.report.database.seeding import Look, outcome_lines
    from attune_cli.report.style import Style, width

    if arguments.quiet and not seeding.is_refused:
        return
    is_bad = _status(seeding, is_check=arguments.check) != ExitCode.OK
    for line in outcome_lines(seeding, Look(Style.of(sys.stdout), width(sys.stdout)), is_bad=is_bad):
        print(line)


def _print_document(document: dict[str, Any], output: OutputFormat) -> None:
    from attune_cli.report.document import print_document

    print_document(document, sys.stdout, as_yaml=output is OutputFormat.YAML)


# --- the script -----------------------------------------------------------------------------------


def _print_script(arguments: SeedArguments) -> int:
    """A database is asked only for its generation, and not even that where it is given."""
    from attune_cli.database.generation import Generation

    if arguments.generation:
        schema = load_settings({"database_schema": arguments.schema}).database_schema
        text = _script(arguments, Generation(arguments.generation), schema)
    else:
        from attune_cli.database.generation import read_shape

        with opened(_access(arguments)) as db:
            text = _script(arguments, read_shape(db.connection, db.schema).generation_or_raise(), db.schema)
    sys.stdout.write(text)
    return ExitCode.OK


def _script(arguments: SeedArguments, generation: Generation, schema: str) -> str:
    from attune_cli.cli.db_access import lock_seconds
    from attune_cli.database.script import script

    rows = _rows(arguments, generation)
    return script(rows, generation, schema, force=arguments.force, lock_timeout=lock_seconds(arguments.lock_timeout))
