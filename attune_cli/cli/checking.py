"""`attune binary check`, from its arguments to its exit status."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from attune_cli.binary.check import check
from attune_cli.binary.codes import NOT_EXECUTABLE, UNREADABLE
from attune_cli.binary.libraries import Resolver
from attune_cli.binary.machine import Machine, parse_glibc
from attune_cli.binary.model import Facts, Kind, Platform
from attune_cli.binary.problem import Problem, as_diagnostics
from attune_cli.binary.read import identify
from attune_cli.cli.boundary import say
from attune_cli.cli.check_arguments import CheckArguments
from attune_cli.cli.telling import judged_and_told
from attune_cli.diagnostics import Diagnostic, Severity
from attune_cli.errors import AttuneError, UsageError
from attune_cli.pack.executables import Executable, executables
from attune_cli.pack.refs import enclosing_pack
from attune_cli.pack.selection import selection
from attune_cli.report.findings.verdict import Counts, Verdict

_COMMAND = "attune binary check"


def perform(arguments: CheckArguments) -> int:
    """Check, report, and return the exit status. Whatever goes wrong, a machine gets its document."""
    judge = partial(_verdict, arguments)
    return judged_and_told(judge, arguments.report, arguments.output, json=arguments.json, quiet=arguments.quiet)


def _verdict(arguments: CheckArguments) -> Verdict:
    started = time.perf_counter()
    chosen = selection(_words(arguments.select), _words(arguments.ignore), strict=arguments.strict)
    machine = _machine(arguments.platform, arguments.glibc)
    files = executables(arguments.paths or (_default_path(),))
    if arguments.fix:
        _fix(files, quiet=arguments.quiet)
    resolver = Resolver()
    found = sorted(each for file in files for each in _findings(file, machine, resolver) if chosen.wants(each.code))
    least = Severity[arguments.show.upper()]
    return Verdict(
        findings=tuple(each for each in found if each.severity >= least),
        counts=Counts.of(found),
        files=len(files),
        seconds=time.perf_counter() - started,
        strict=arguments.strict,
        command=_COMMAND,
    )


def _default_path() -> str:
    """The pack around the current folder, else this folder."""
    root = enclosing_pack(Path.cwd())
    return os.path.relpath(root) if root else "."


def _words(options: Sequence[str]) -> list[str]:
    return [word.strip() for option in options for word in option.split(",")]


def _machine(platform: str | None, glibc: str | None) -> Machine:
    """This one unless another is named. With `--glibc` alone: this one's system and processor with another glibc."""
    try:
        version = parse_glibc(glibc) if glibc else None
    except ValueError as error:
        raise UsageError(str(error), where="--glibc") from error
    if platform is None:
        here = Machine.here()
        return here if version is None else Machine(here.platform, version)
    try:
        return Machine(Platform.parse(platform), version)
    except ValueError as error:
        raise UsageError(str(error), where="--platform") from error


def _findings(file: Executable, machine: Machine, resolver: Resolver) -> Iterator[Diagnostic]:
    try:
        facts = identify(file.path)
    except OSError as error:
        yield from as_diagnostics(file.shown, [Problem(UNREADABLE, f"cannot be read: {error.strerror}")])
        return
    yield from as_diagnostics(file.shown, (_said(each, facts, file) for each in check(facts, machine, resolver)))


def _said(problem: Problem, facts: Facts, file: Executable) -> Problem:
    """The cure where it is known from the pack the file belongs to."""
    if facts.kind is Kind.MISSING and file.pack is not None:
        return problem._replace(help=f"attune build {file.pack}, if the pack has its sources")
    return problem


def _fix(files: Sequence[Executable], *, quiet: bool) -> None:
    """Set the execute bit of what has none, for everybody who may read it."""
    here = Machine.here()
    for file in files:
        try:
            facts = identify(file.path)
            if any(problem.rule is NOT_EXECUTABLE for problem in check(facts, here)):
                os.chmod(file.path, facts.mode & 0o7777 | (facts.mode & 0o444) >> 2)
                if not quiet:
                    say(f"{file.shown} is executable now")
        except OSError as error:
            raise AttuneError(f"{file.shown} could not be made executable", why=error.strerror) from error
