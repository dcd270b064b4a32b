"""Which database a command means, and how long it waits there: as options."""

from __future__ import annotations

from typing import Annotated

from typer import Option

from attune_cli.cli.db_access import Access, Opened, opened

__all__ = ["Access", "ConnectTimeout", "Dsn", "Embedded", "LockTimeout", "Opened", "Schema", "opened"]

_DATABASE = "Database"

Dsn = Annotated[
    str | None,
    Option(
        "--dsn",
        metavar="URL",
        help="postgresql://USER@HOST/DATABASE; else ATTUNE_DATABASE_URL, DATABASE_URL, the settings, PGHOST …",
        rich_help_panel=_DATABASE,
        show_default=False,
    ),
]
Schema = Annotated[
    str | None,
    Option(
        "--schema",
        metavar="NAME",
        help="The schema of the platform's tables; attune otherwise.",
        rich_help_panel=_DATABASE,
        show_default=False,
    ),
]
Embedded = Annotated[
    bool,
    Option(
        "--embedded",
        help="A PostgreSQL of attune's own, in your data folder; it runs as long as the command.",
        rich_help_panel=_DATABASE,
    ),
]
ConnectTimeout = Annotated[
    str | None,
    Option(
        "--connect-timeout",
        metavar="TIME",
        help="Wait that long for the server; else what the address says, or 10s; 0 for ever.",
        rich_help_panel=_DATABASE,
        show_default=False,
    ),
]
LockTimeout = Annotated[
    str | None,
    Option(
        "--lock-timeout",
        metavar="TIME",
        help="Wait that long for somebody else's lock; 10s otherwise, 0 for ever.",
        rich_help_panel=_DATABASE,
        show_default=False,
    ),
]
