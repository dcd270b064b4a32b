"""`attune binary`: executables, looked at and never started."""

from __future__ import annotations

from typing import Annotated

from typer import Argument, Typer

from attune_cli.cli.binary_verify import verify
from attune_cli.cli.check_arguments import CheckArguments
from attune_cli.cli.help import ReadableCommand, ReadableGroup
from attune_cli.cli.options import OUTPUT, REPORT, Json, Output, offered, option
from attune_cli.cli.validate_arguments import Show

app = Typer(cls=ReadableGroup, add_completion=False)


@app.callback()
def binary() -> None:
    """Say whether an executable will start, and what it is."""


_WHERE, _WHICH = "Where it is to start", "Which findings"

_Paths = Argument(
    metavar="[PATH]...", help="Executables, packs, folders of packs, folders of programs; none: the pack here."
)
_Platform = option(
    _WHERE, "--platform", metavar="OS/ARCH", help="linux/amd64, darwin/arm64, …; this machine otherwise."
)
_Glibc = option(_WHERE, "--glibc", metavar="VERSION", help="The glibc that is there: 2.31.")
_Fix = option(None, "--fix", help="Set the execute bit where it is missing.")
_Select = option(
    _WHICH, "--select", metavar="CODES", help="Only these codes; repeatable.", autocompletion=offered("codes")
)
_Ignore = option(
    _WHICH, "--ignore", metavar="CODES", help="All but these codes; repeatable.", autocompletion=offered("codes")
)
_Strict = option(_WHICH, "--strict", help="Warnings count as errors do.")
_Show = option(_WHICH, "--show", metavar="|".join(Show), help="The least that is listed; warning otherwise.")
_Quiet = option(OUTPUT, "--quiet", "-q", help="Findings alone: no total.")


@app.command("check", cls=ReadableCommand)
def check(
    paths: Annotated[list[str] | None, _Paths] = None,
    platform: Annotated[str | None, _Platform] = None,
    glibc: Annotated[str | None, _Glibc] = None,
    fix: Annotated[bool, _Fix] = False,
    select: Annotated[list[str] | None, _Select] = None,
    ignore: Annotated[list[str] | None, _Ignore] = None,
    strict: Annotated[bool, _Strict] = False,
    show: Annotated[Show, _Show] = Show.WARNING,
    report: Annotated[list[str] | None, REPORT] = None,
    output: Output = None,
    json: Json = False,
    quiet: Annotated[bool, _Quiet] = False,
) -> int:
    """Say whether executables will start, here or on the platform they are meant for, and what to do.

    Their headers are read; nothing is started. Of a pack, its native entry points are checked.

    Exit status:
      0  they will
      1  one will not; with --strict, also: there are warnings
      2  attune was called wrongly
      3  attune failed

    Examples:
      attune binary check ./my_binary
      attune binary check packs/core --platform linux/arm64 --glibc 2.31
      attune binary check bin --report sarif=binaries.sarif
    """
    # Imported here: neither help nor a mistake on the command line needs it.
    from attune_cli.cli.checking import perform

    return perform(
        CheckArguments(
            paths=tuple(paths or ()),
            platform=platform,
            glibc=glibc,
            fix=fix,
            select=tuple(select or ()),
            ignore=tuple(ignore or ()),
            strict=strict,
            show=show,
            report=tuple(report or ()),
            output=output,
            json=json,
            quiet=quiet,
        )
    )


_Path = Argument(metavar="PATH", help="Any file.")


@app.command("show", cls=ReadableCommand)
def show(path: Annotated[str, _Path], output: Output = None, json: Json = False) -> None:
    """Show what a file is: its format, platform, libraries, versions, build.

    Examples:
      attune binary show ./my_binary
      attune binary show /usr/bin/env --json
    """
    # Imported here: help does not need it.
    from attune_cli.cli.binary_showing import perform

    perform(path, output, json=json)


app.command("verify", cls=ReadableCommand)(verify)
