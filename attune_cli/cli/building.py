"""`attune build`, from its arguments to its exit status."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Self

from attune_cli.build.builder import Options, build
from attune_cli.build.model import DEFAULT_TIMEOUT, Built
from attune_cli.build.platforms import parse_platforms
from attune_cli.cli.boundary import say
from attune_cli.cli.build_arguments import BuildArguments
from attune_cli.cli.formats import OutputFormat, chosen_output
from attune_cli.cli.interrupts import Interrupts
from attune_cli.cli.native_pack import NativePack, find_native_pack
from attune_cli.errors import AttuneError, ExitCode
from attune_cli.quantities import parse_duration
from attune_cli.report.build.document import build_document, failure_document
from attune_cli.report.build.text import HEADER, problem_lines, row, warning_lines
from attune_cli.report.document import print_document
from attune_cli.report.progress import Progress
from attune_cli.report.style import Style
from attune_cli.settings import load_settings


def perform(arguments: BuildArguments) -> int:
    """Build, report, and return the exit status. Whatever goes wrong, a machine gets its document."""
    chosen = chosen_output(arguments.output, json=arguments.json)
    try:
        chosen = chosen_output(arguments.output, json=arguments.json, default=load_settings().output)
        platforms, options = parse_platforms(arguments.platform), _options(arguments)
        pack = find_native_pack(arguments.subject, arguments.packs_dir)
        with Interrupts().caught(), _Telling(quiet=arguments.quiet) as telling:
            built = build(pack.root, pack.names, platforms, telling, options)
    except AttuneError as error:
        if chosen.is_document:
            _print(failure_document(error), chosen)
        raise
    _report(built, pack, chosen, quiet=arguments.quiet)
    return ExitCode.FINDINGS if any(problem.is_error for one in built for problem in one.problems) else ExitCode.OK


def _options(arguments: BuildArguments) -> Options:
    seconds = DEFAULT_TIMEOUT if arguments.timeout is None else parse_duration(arguments.timeout, where="--timeout")
    return Options(force=arguments.force, timeout=seconds or None)


class _Telling(Progress):
    """Progress on standard error, unless nobody wants to see it."""

    def __init__(self, *, quiet: bool) -> None:
        super().__init__(sys.stderr)
        self._is_quiet = quiet

    def __call__(self, line: str) -> None:
        if not self._is_quiet:
            # Whether it can be told or not, the build goes on.
            with suppress(OSError):
                super().__call__(line)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self.close()


def _report(built: Sequence[Built], pack: NativePack, chosen: OutputFormat, *, quiet: bool) -> None:
    if chosen.is_document:
        _print(build_document(pack.root, built), chosen)
        return
    style = Style.of(sys.stderr)
    for one in built:
        for line in (*warning_lines(one), *problem_lines(one, pack.shown, style)):
            say(line)
    if quiet:
        return
    if not built:
        say(f"{pack.shown} has no native sources that anything starts: there is nothing to build")
        return
    # Imported here: documents do not need it.
    from attune_cli.report.table import print_table

    print_table(HEADER, [row(one) for one in built], sys.stdout)


def _print(document: dict[str, object], chosen: OutputFormat) -> None:
    print_document(document, sys.stdout, as_yaml=chosen is OutputFormat.YAML)
