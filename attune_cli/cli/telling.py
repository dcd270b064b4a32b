"""Findings, told where and as they were asked for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from attune_cli.cli.formats import OutputFormat, chosen_output
from attune_cli.cli.reports import Destination, destinations, write_report
from attune_cli.errors import AttuneError, ExitCode
from attune_cli.report.findings.formats import Format, Look, rendered, written
from attune_cli.report.findings.verdict import Verdict
from attune_cli.report.style import Style, width
from attune_cli.settings import load_settings


def judged_and_told(
    judge: Callable[[], Verdict], reports: Sequence[str], output: OutputFormat | None, *, json: bool, quiet: bool
) -> int:
    """Judge, write the reports, and return the exit status. Whatever goes wrong, a machine gets its document."""
    wanted: tuple[Destination, ...] = ()
    try:
        wanted = asked_for(reports, output, json=json)
        verdict = judge()
    except AttuneError as error:
        tell_machine(error, wanted[-1].format if wanted else document(output, json=json))
        raise
    tell(verdict, wanted, quiet=quiet)
    return ExitCode.FINDINGS if verdict.failed else ExitCode.OK


def asked_for(
    reports: Sequence[str], output: OutputFormat | None, *, json: bool, by_setting: bool = True
) -> tuple[Destination, ...]:
    """By `--report`, `--output`, `--json`, or a setting. Raises UsageError for what means nothing.

    by_setting: whether a setting may say what goes to standard output.
    """
    if output or json:
        return destinations(reports, chosen_output(output, json=json))
    default = load_settings().output if by_setting and not takes_output(reports) else None
    return destinations(reports, OutputFormat(default) if default else None)


def takes_output(reports: Sequence[str]) -> bool:
    """Whether one of the reports goes to standard output."""
    return any("=" not in word or word.endswith("=-") for word in reports)


def document(output: OutputFormat | None, *, json: bool) -> Format | None:
    """What a machine waits for when the reports that are wanted mean nothing."""
    chosen = chosen_output(output, json=json)
    return Format(chosen) if chosen.is_document else None


def tell(verdict: Verdict, wanted: Sequence[Destination], *, quiet: bool) -> None:
    """Write every report."""
    for one in wanted:
        if one.file is not None:
            write_report(one.file, rendered(one.format, verdict))
        else:
            sys.stdout.write(rendered(one.format, verdict, _look(quiet=quiet)))


def tell_machine(error: AttuneError, wanted: Format | None) -> None:
    """The error as a document, where one is waited for."""
    if wanted in {Format.JSON, Format.YAML}:
        from attune_cli.report.findings.document import failure_document

        sys.stdout.write(written(failure_document(error), _look(quiet=False), as_yaml=wanted is Format.YAML))


def _look(*, quiet: bool) -> Look:
    """How standard output is written to."""
    is_utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    return Look(Style.of(sys.stdout), width(sys.stdout), total=not quiet, ascii=not is_utf8)
