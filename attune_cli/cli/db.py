"""`attune db`: the platform's database: its tables, its rows of runtimes, workers and binaries."""

from __future__ import annotations

from typing import ClassVar

from typer import Typer

from attune_cli.cli.lazy import Home, LazyGroup


class DbCommands(LazyGroup):
    """Each in a module of its own."""

    homes: ClassVar = {
        "init": Home("attune_cli.cli.db_init", "Create the schema and the tables that are missing."),
        "seed-runtimes": Home("attune_cli.cli.db_seed_runtimes", "Make the rows of the runtimes right."),
        "runtimes": Home("attune_cli.cli.db_runtimes", "List the rows of the runtimes."),
        "register-worker": Home("attune_cli.cli.db_register_worker", "Enter this machine among the workers."),
        "record-binaries": Home("attune_cli.cli.db_record_binaries", "Enter a pack's native binaries."),
        "binaries": Home("attune_cli.cli.db_binaries", "List the native binaries there have been."),
    }


app = Typer(cls=DbCommands, add_completion=False)


@app.callback()
def db() -> None:
    """Make the rows of a platform's database right, and show them."""
