"""Findings, told where and as they were asked for."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from attune_cli.cli.formats import OutputFormat, chosen_output
from attune_cli.cli.reports import Destination, destinations, write_report
from attune_cli.errors import AttuneError
from attune_cli.report.findings.formats import Format, Look, rendered, written
from attune_cli.report.findings.verdict import Verdict
from attune_cli.report.style import Style, width
from attune_cli.settings import load_settings


def asked_for(reports: Sequence[str], output: OutputFormat | None, *, json: bool) -> tuple[Destination, ...]:
    """By `--report`, `--output`, `--json`, or a setting. Raises UsageError for what means nothing."""
    if output or json:
        return destinations(reports, chosen_output(output, json=json))
    default = None if takes_output(reports) else load_settings().output
    return destinations(reports, OutputFormat(default) if default else None)


def takes_output(reports: Sequence[str]) -> bool:
    """Whether one of the reports goes to standard output."""
    return any("=" not in word or word.endswith("=-") for word in reports)


def tell(verdict: Verdict, wanted: Sequence[Destination], *, quiet: bool) -> None:
    """Write every report."""
    for one in wanted:
        if one.file is not None:
            write_report(one.file, rendered(one.format, verdict))
        else:
            sys.stdout.write(rendered(one.format, verdict, look(quiet=quiet)))


def look(*, quiet: bool) -> Look:
    """How standard output is written to."""
    is_utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    return Look(Style.of(sys.stdout), width(sys.stdout), total=not quiet, ascii=not is_utf8)


def tell_machine(error: AttuneError, wanted: Sequence[Destination]) -> None:
    """The error as a document, where one is waited for."""
    form = wanted[-1].format if wanted else None
    if form in {Format.JSON, Format.YAML}:
        from attune_cli.report.findings.document import failure_document

        sys.stdout.write(written(failure_document(error), look(quiet=False), as_yaml=form is Format.YAML))
