"""`attune pack`: packs on this machine: checked, listed, shown, begun."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from typer import Argument, Typer

from attune_cli.cli.help import ReadableCommand, ReadableGroup
from attune_cli.cli.options import OUTPUT, REPORT, Json, Output, PacksDirs, offered, option
from attune_cli.cli.validate_arguments import Show, ValidateArguments
from attune_cli.pack.runner_types import ALIASES

app = Typer(cls=ReadableGroup, add_completion=False)


@app.callback()
def pack() -> None:
    """Check, list, show and begin packs."""


_WHICH, _REPAIRS = "Which findings", "Repairs"

_Paths = Argument(
    metavar="[PATH]...", help="Packs, folders of packs, or files in them; else the pack here, or ./packs."
)
_Select = option(
    _WHICH,
    "--select",
    metavar="CODES",
    help="Only these codes (ATN021,ATN04); repeatable.",
    autocompletion=offered("codes"),
)
_Ignore = option(
    _WHICH, "--ignore", metavar="CODES", help="All but these codes; repeatable.", autocompletion=offered("codes")
)
_Strict = option(_WHICH, "--strict", help="Warnings count as errors do.")
_Show = option(_WHICH, "--show", metavar="|".join(Show), help="The least that is listed; warning otherwise.")
_Baseline = option(_WHICH, "--baseline", metavar="FILE", help="Leave out the findings that stand in this file.")
_WriteBaseline = option(_WHICH, "--write-baseline", help="Write what is found now to the --baseline FILE.")
_Fix = option(_REPAIRS, "--fix", help="Put right what is sure: execute bits, line ends, spelling of keys, file names.")
_Diff = option(_REPAIRS, "--diff", help="Show what --fix would do; write nothing.")
_NoCache = option(None, "--no-cache", help="Look at every file anew.")
_PacksDir = option(
    None, "--packs-dir", metavar="DIR", help="Look here for other packs that refs lead into; repeatable."
)
_Quiet = option(OUTPUT, "--quiet", "-q", help="Findings alone: no total, no progress.")


@app.command("validate", cls=ReadableCommand)
def validate(
    paths: Annotated[list[str] | None, _Paths] = None,
    select: Annotated[list[str] | None, _Select] = None,
    ignore: Annotated[list[str] | None, _Ignore] = None,
    strict: Annotated[bool, _Strict] = False,
    show: Annotated[Show, _Show] = Show.WARNING,
    baseline: Annotated[str | None, _Baseline] = None,
    write_baseline: Annotated[bool, _WriteBaseline] = False,
    fix: Annotated[bool, _Fix] = False,
    diff: Annotated[bool, _Diff] = False,
    no_cache: Annotated[bool, _NoCache] = False,
    packs_dir: Annotated[list[str] | None, _PacksDir] = None,
    report: Annotated[list[str] | None, REPORT] = None,
    output: Output = None,
    json: Json = False,
    quiet: Annotated[bool, _Quiet] = False,
) -> int:
    """Say where a pack is wrong, why, and what to write instead.

    In a GitHub Actions job the findings are written as annotations, unless --output or --report
    says otherwise.

    Exit status:
      0  nothing has to be put right
      1  there are errors; with --strict, warnings; with --diff, something to put right
      2  attune was called wrongly
      3  attune failed

    Examples:
      attune pack validate
      attune pack validate packs/core --strict --show info
      attune pack validate --report sarif=attune.sarif --report junit=attune.xml
      attune pack validate --diff
    """
    # Imported here: neither help nor a mistake on the command line needs it.
    from attune_cli.cli.validating import perform

    return perform(
        ValidateArguments(
            paths=tuple(paths or ()),
            select=tuple(select or ()),
            ignore=tuple(ignore or ()),
            strict=strict,
            show=show,
            baseline=baseline,
            write_baseline=write_baseline,
            fix=fix,
            diff=diff,
            no_cache=no_cache,
            packs_dir=tuple(packs_dir or ()),
            report=tuple(report or ()),
            output=output,
            json=json,
            quiet=quiet,
        )
    )


_Ref = Argument(metavar="REF", help="The pack's ref, or PACK.ACTION to name its action; asked for on a terminal.")
_Runner = option(
    None, "--runner", metavar="|".join(ALIASES), help="What runs it.", autocompletion=lambda: list(ALIASES)
)
_Sensor = option(None, "--sensor", help="With a sensor and its trigger.")
_Dir = option(None, "--dir", metavar="DIR", help="Make it in this folder; else in ./packs where there is one, or here.")


@app.command("new", cls=ReadableCommand)
def new(
    ref: Annotated[str | None, _Ref] = None,
    runner: Annotated[str | None, _Runner] = None,
    sensor: Annotated[bool, _Sensor] = False,
    directory: Annotated[Path | None, _Dir] = None,
    output: Output = None,
    json: Json = False,
) -> int:
    """Begin a pack: it validates, it runs, and it has a test.

    Nothing is ever written over. What --runner native needs compiled is compiled where there is a
    C compiler.

    Examples:
      attune pack new my_pack --runner python
      attune pack new my_pack.probe --runner native --sensor
    """
    from attune_cli.cli.beginning import Wishes, perform

    return perform(Wishes(ref=ref, runner=runner, sensor=sensor, directory=directory, output=output, json=json))


@app.command("list", cls=ReadableCommand)
def list_(packs_dir: PacksDirs = None, output: Output = None, json: Json = False) -> None:
    """List the packs in reach.

    Examples:
      attune pack list
      attune pack list --packs-dir ~/packs --json
    """
    from attune_cli.cli.showing import list_packs

    list_packs(tuple(packs_dir or ()), output, json=json)


_Shown = Argument(
    metavar="REF|PATH", help="A pack, or an action, sensor, trigger, … of one.", autocompletion=offered("components")
)


@app.command("show", cls=ReadableCommand)
def show_(
    ref: Annotated[str, _Shown],
    packs_dir: PacksDirs = None,
    output: Output = None,
    json: Json = False,
) -> None:
    """Show a pack, or one component of it with its parameters.

    Examples:
      attune pack show core
      attune pack show core.http_request
      attune pack show ./actions/greet.yaml --json
    """
    from attune_cli.cli.showing import show

    show(ref, tuple(packs_dir or ()), output, json=json)
