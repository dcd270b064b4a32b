"""What was typed behind `attune pack validate`, as one value."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from attune_cli.cli.formats import OutputFormat


class Show(StrEnum):
    """The least severity that is listed."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class ValidateArguments(NamedTuple):
    """Fields are named after their options: `no_cache` is `--no-cache`.

    A tuple is an option that may be repeated, a boolean one that takes no value.
    """

    paths: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    strict: bool = False
    show: Show = Show.WARNING
    baseline: str | None = None
    write_baseline: bool = False
    fix: bool = False
    diff: bool = False
    no_cache: bool = False
    packs_dir: tuple[str, ...] = ()
    report: tuple[str, ...] = ()
    output: OutputFormat | None = None
    json: bool = False
    quiet: bool = False
