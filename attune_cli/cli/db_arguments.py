"""What was typed behind `attune db seed-runtimes`, as one value."""

from __future__ import annotations

from dataclasses import dataclass, field

from attune_cli.cli.formats import OutputFormat


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedArguments:
    """Fields are named after their options: `from_pack` is `--from-pack`.

    A tuple is an option that may be repeated, a boolean one that takes no value.
    """

    dsn: str | None = field(default=None, repr=False)
    schema: str | None = None
    embedded: bool = False
    connect_timeout: str | None = None
    lock_timeout: str | None = None
    from_pack: str | None = None
    only: tuple[str, ...] = ()
    dry_run: bool = False
    check: bool = False
    force: bool = False
    sql: bool = False
    generation: int | None = None
    output: OutputFormat | None = None
    json: bool = False
    quiet: bool = False
