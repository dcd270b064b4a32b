"""What was typed behind `attune binary check`, as one value."""

from __future__ import annotations

from typing import NamedTuple

from attune_cli.cli.formats import OutputFormat
from attune_cli.cli.validate_arguments import Show


class CheckArguments(NamedTuple):
    """Fields are named after their options: `glibc` is `--glibc`.

    A tuple is an option that may be repeated, a boolean one that takes no value.
    """

    paths: tuple[str, ...] = ()
    platform: str | None = None
    glibc: str | None = None
    fix: bool = False
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    strict: bool = False
    show: Show = Show.WARNING
    report: tuple[str, ...] = ()
    output: OutputFormat | None = None
    json: bool = False
    quiet: bool = False
