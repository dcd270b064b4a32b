"""`attune binary verify`: executables held against `binaries.lock` and their sources."""

from __future__ import annotations

from typing import Annotated

from typer import Argument, Option

from attune_cli.cli.build_arguments import VerifyArguments
from attune_cli.cli.options import OUTPUT, REPORT, Json, Output, PacksDirs, offered

_Subjects = Argument(metavar="[REF|PATH]...", help="Packs; none: the pack here.", autocompletion=offered("components"))
_Strict = Option("--strict", help="Warnings count as errors do.")
_Quiet = Option("--quiet", "-q", help="Findings alone: no total.", rich_help_panel=OUTPUT)


def verify(
    subjects: Annotated[list[str] | None, _Subjects] = None,
    strict: Annotated[bool, _Strict] = False,
    packs_dir: PacksDirs = None,
    report: Annotated[list[str] | None, REPORT] = None,
    output: Output = None,
    json: Json = False,
    quiet: Annotated[bool, _Quiet] = False,
) -> int:
    """Say whether a pack's executables are what was built, from the sources that are there.

    attune build writes down in binaries.lock what it has built and from what. This reads it, the
    executables and the sources; it starts and changes nothing.

    Exit status:
      0  they are
      1  one is not: exchanged, older than its source, missing, or not built by attune
      2  attune was called wrongly
      3  attune failed

    Examples:
      attune binary verify
      attune binary verify core packs/demo --json
    """
    # Imported here: neither help nor a mistake on the command line needs it.
    from attune_cli.cli.verifying import perform

    return perform(
        VerifyArguments(
            subjects=tuple(subjects or ()),
            packs_dir=tuple(packs_dir or ()),
            strict=strict,
            report=tuple(report or ()),
            output=output,
            json=json,
            quiet=quiet,
        )
    )
