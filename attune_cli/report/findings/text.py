"""Findings for people: where, what, the line it is about, what to write instead; then a total."""

from __future__ import annotations

from collections.abc import Iterator

from attune_cli.diagnostics import WHOLE_FILE, Diagnostic, Severity
from attune_cli.quantities import format_duration
from attune_cli.report.findings.snippet import snippet
from attune_cli.report.findings.sources import Sources
from attune_cli.report.findings.verdict import Verdict
from attune_cli.report.harmless import harmless
from attune_cli.report.lines import hanging
from attune_cli.report.style import Style

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
#: Room for a source line where no terminal sets it, in cells.
_ROOM, _LEAST_ROOM = 120, 20
#: A message goes below its place where less than this is left beside it.
_LEAST_BESIDE = 30


def finding_lines(verdict: Verdict, style: Style, columns: int | None = None) -> Iterator[str]:
    """All findings, a blank line between those of two files.

    columns: of the terminal; None: messages are not broken.
    """
    sources = Sources()
    path = None
    for finding in verdict.findings:
        if path not in {None, finding.path}:
            yield ""
        path = finding.path
        yield from _head(finding, style, columns)
        if finding.start != WHOLE_FILE:
            yield from _source(finding, sources.line(path, finding.start.line), style, columns)
        if finding.help:
            yield from hanging(
                "  help:", harmless(finding.help), columns, indent=8, shown=f"  {style('help:', 'green')}"
            )


def total_line(verdict: Verdict, style: Style) -> str:
    """`3 errors, 1 warning, 12 infos (--show info) in 219 files, 84ms`."""
    counts = verdict.counts
    named = (("error", counts.errors, "red"), ("warning", counts.warnings, "yellow"))
    found = [style(_counted(name, number), colour, "bold") for name, number, colour in named if number]
    if not found:
        found = [f"{style(style.sign('✓'), 'green')} no errors or warnings"]
    dim = [_counted("info", counts.infos) + _hint(verdict)] if counts.infos else []
    dim += [
        f"{number} {what}" for number, what in ((verdict.suppressed, "suppressed"), (verdict.known, "known")) if number
    ]
    found += [style(text, "dim") for text in dim]
    return ", ".join(found) + style(f" in {_counted('file', verdict.files)}, {format_duration(verdict.seconds)}", "dim")


def _hint(verdict: Verdict) -> str:
    """How infos are shown, where they are not."""
    is_shown = any(finding.severity is Severity.INFO for finding in verdict.findings)
    return "" if is_shown else " (--show info)"


def _counted(name: str, number: int) -> str:
    return f"{number:,} {name}{'s' * (number != 1)}"


def _head(finding: Diagnostic, style: Style, columns: int | None) -> Iterator[str]:
    where, severity = harmless(finding.where).replace("\n", " "), str(finding.severity)
    message = " ".join(harmless(finding.message).split("\n"))
    place = (
        f"{style(where, 'bold')}: {style(severity, _COLOURS[finding.severity], 'bold')} {style(finding.code, 'dim')}"
    )
    taken = len(f"{where}: {severity} {finding.code} ")
    if columns is None or taken + len(message) <= columns:
        yield f"{place} {message}"
        return
    first, rest = _split(message, columns - taken)
    yield f"{place} {first}".rstrip()
    if rest:
        yield from hanging("", rest, columns, indent=2)


def _split(message: str, room: int) -> tuple[str, str]:
    """What stands beside the place, and what goes below it."""
    if room < _LEAST_BESIDE:
        return "", message
    at = message.rfind(" ", 0, room + 1)
    return (message[:at], message[at + 1 :]) if at > 0 else ("", message)


def _source(finding: Diagnostic, line: str | None, style: Style, columns: int | None) -> Iterator[str]:
    if not line:
        return
    start, end = finding.start, finding.end or finding.start
    number = str(start.line)
    room = max(_LEAST_ROOM, (columns or _ROOM) - len(number) - 6)
    last = end.column if end.line == start.line else len(line) + 1
    text, before, width = snippet(line, start.column, last, room, style.sign("…"))
    yield f"  {style(f'{number} |', 'dim')} {text}"
    mark = style("^" * width, _COLOURS[finding.severity], "bold")
    yield f"  {style(' ' * len(number) + ' |', 'dim')} {' ' * before}{mark}"
