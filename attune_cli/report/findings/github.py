"""Findings as annotations of GitHub Actions: lines of the log that it shows beside the source.

https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from attune_cli.diagnostics import WHOLE_FILE, Diagnostic, Position, Severity
from attune_cli.report.findings.places import below
from attune_cli.report.findings.verdict import Verdict
from attune_cli.report.harmless import harmless

_COMMANDS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_OF_TEXT: Final = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_OF_PROPERTY: Final = _OF_TEXT | {":": "%3A", ",": "%2C"}


def annotation_lines(verdict: Verdict, top: str) -> Iterator[str]:
    """A line for each finding. top: the folder from which paths are written."""
    for finding in verdict.findings:
        properties = ",".join(f"{name}={_escaped(value, _OF_PROPERTY)}" for name, value in _properties(finding, top))
        # The log itself shows the text alone, so that has the place as well.
        text = f"{finding.where}: {finding.code} {finding.message}"
        text += f"\nhelp: {finding.help}" if finding.help else ""
        yield f"::{_COMMANDS[finding.severity]} {properties}::{_escaped(harmless(text), _OF_TEXT)}"


def _properties(finding: Diagnostic, top: str) -> Iterator[tuple[str, str]]:
    start, end = finding.start, finding.end or finding.start
    yield "file", below(finding.path, top) or finding.path
    if start != WHOLE_FILE:
        yield from _lines(start, end)
    yield "title", finding.code


def _lines(start: Position, end: Position) -> Iterator[tuple[str, str]]:
    yield "line", str(start.line)
    if end.line > start.line:
        # Columns are read only where both ends are on one line.
        yield "endLine", str(end.line)
    else:
        yield "col", str(start.column)
        yield "endColumn", str(max(end.column, start.column))


def _escaped(text: str, escapes: dict[str, str]) -> str:
    return "".join(escapes.get(letter, letter) for letter in text)
