"""`attune pack validate`, from its arguments to its exit status."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from attune_cli.cli.boundary import say
from attune_cli.cli.reports import OPTION, Destination
from attune_cli.cli.telling import asked_for, document, takes_output, tell, tell_machine
from attune_cli.cli.validate_arguments import ValidateArguments
from attune_cli.diagnostics import Severity
from attune_cli.errors import AttuneError, ExitCode, UsageError
from attune_cli.pack.refs import enclosing_pack
from attune_cli.pack.validate import Options, Result, validate
from attune_cli.report.bar import Bar
from attune_cli.report.findings.verdict import Counts, Verdict
from attune_cli.report.style import Style
from attune_cli.settings import find_project_file, load_settings, read_file

_TABLE = "validate"


def perform(arguments: ValidateArguments) -> int:
    """Validate, report, and return the exit status. Whatever goes wrong, a machine gets its document."""
    wanted: tuple[Destination, ...] = ()
    try:
        wanted = asked_for(arguments.report, arguments.output, json=arguments.json, by_setting=not arguments.diff)
        _refuse_contradictions(arguments)
        return _performed(arguments, wanted)
    except AttuneError as error:
        tell_machine(error, wanted[-1].format if wanted else document(arguments.output, json=arguments.json))
        raise


def _performed(arguments: ValidateArguments, wanted: Sequence[Destination]) -> int:
    options = _options(arguments)
    started = time.perf_counter()
    result = _validated(arguments, options)
    if arguments.write_baseline:
        return _write_baseline(arguments, result)
    to_fix = False
    if arguments.diff:
        to_fix = _show_fixes(result)
    elif arguments.fix and _apply_fixes(result, quiet=arguments.quiet):
        result = _validated(arguments, options)
    verdict = _verdict(result, arguments, time.perf_counter() - started)
    tell(verdict, [one for one in wanted if one.file is not None or not arguments.diff], quiet=arguments.quiet)
    return ExitCode.FINDINGS if verdict.failed or to_fix else ExitCode.OK


def _refuse_contradictions(arguments: ValidateArguments) -> None:
    if arguments.write_baseline and arguments.baseline is None:
        raise UsageError("--write-baseline needs a file", help="--baseline FILE --write-baseline")
    if arguments.write_baseline and (arguments.fix or arguments.diff):
        raise UsageError("--write-baseline goes with neither --fix nor --diff")
    if arguments.diff and (arguments.output or arguments.json or takes_output(arguments.report)):
        raise UsageError(
            "--diff writes to standard output itself", help=f"give the report a file: {OPTION} FORMAT=FILE"
        )


def _options(arguments: ValidateArguments) -> Options:
    baseline = None if arguments.baseline is None or arguments.write_baseline else Path(arguments.baseline)
    return Options(
        select=_codes(arguments.select),
        ignore=_codes(arguments.ignore),
        strict=arguments.strict,
        baseline=baseline,
        use_cache=not arguments.no_cache,
        packs_dirs=load_settings({"packs_dir": arguments.packs_dir or None}).packs_dirs,
    )


def _codes(words: Sequence[str]) -> tuple[str, ...]:
    """Of repeated options, each of which may have several, with commas between."""
    return tuple(code.strip() for word in words for code in word.split(","))


def _validated(arguments: ValidateArguments, options: Options) -> Result:
    paths = arguments.paths or (_default_path(),)
    if arguments.quiet:
        return validate(paths, options, settings=_project_table)
    with Bar("validating", sys.stderr) as bar:
        return validate(paths, options, settings=_project_table, progress=bar)


def _default_path() -> str:
    """The pack around the current folder; else this folder, in which packs and ./packs are looked for."""
    root = enclosing_pack(Path(os.getcwd()))
    return os.path.relpath(root) if root else "."


def _project_table(root: Path) -> tuple[object, str] | None:
    """The table of the settings file that holds for a pack's folder, and that file."""
    file = find_project_file(root)
    table = read_file(file).get(_TABLE) if file else None
    return None if table is None else (table, str(file))


def _verdict(result: Result, arguments: ValidateArguments, seconds: float) -> Verdict:
    least = Severity[arguments.show.upper()]
    return Verdict(
        findings=tuple(finding for finding in result.diagnostics if finding.severity >= least),
        counts=Counts.of(result.diagnostics),
        files=result.files,
        suppressed=result.suppressed,
        known=result.known,
        seconds=seconds,
        strict=result.strict,
    )


def _write_baseline(arguments: ValidateArguments, result: Result) -> int:
    from attune_cli.pack import baseline

    count = baseline.write(Path(arguments.baseline or ""), result.diagnostics)
    if not arguments.quiet:
        say(f"{_counted(count, 'finding')} written to {arguments.baseline}")
    return ExitCode.OK


def _show_fixes(result: Result) -> bool:
    """Print what would be changed; whether anything would."""
    from attune_cli.pack.fix import plan_fixes
    from attune_cli.report.findings.diff import diff_bytes, diff_text
    from attune_cli.report.style import is_terminal

    fixes = plan_fixes(result.diagnostics)
    if is_terminal(sys.stdout):
        sys.stdout.write(diff_text(fixes.changes, Style.of(sys.stdout)))
    else:
        sys.stdout.buffer.write(diff_bytes(fixes.changes))
    return bool(fixes.changes)


def _apply_fixes(result: Result, *, quiet: bool) -> bool:
    """Put right what is sure; whether anything was."""
    from attune_cli.pack.fix import plan_fixes

    fixes = plan_fixes(result.diagnostics)
    fixes.apply()
    if fixes.changes and not quiet:
        say(f"{_counted(len(fixes.fixed), 'finding')} put right in {_counted(len(fixes.changes), 'file')}")
    return bool(fixes.changes)


def _counted(number: int, name: str) -> str:
    return f"{number:,} {name}{'s' * (number != 1)}"
