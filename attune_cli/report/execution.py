"""How the end of an execution is told to a person."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from attune_cli.quantities import format_duration, format_size
from attune_cli.report.harmless import harmless
from attune_cli.report.lines import hanging
from attune_cli.report.style import Style

if TYPE_CHECKING:
    from attune_cli.execution.action import Execution
    from attune_cli.execution.parity import RunWarning

#: Of a result this much is shown; all of it is in the document.
_RESULT_LINES, _RESULT_WIDTH = 12, 2000

_COLOURS = {"succeeded": "green", "failed": "red", "timed_out": "red", "cancelled": "yellow", "not_started": "red"}
_ALL = "--output json shows all"


def summary_lines(execution: Execution, style: Style, columns: int | None = None) -> Iterator[str]:
    """The summary under a run: what came of it, the result, and what is worth knowing.

    columns: of the terminal of a person, for whom the result is spread over lines; None: it goes to
    a file, where each thing is one line.
    """
    yield from _head(execution, style, columns)
    if execution.result is not None:
        yield from _result(execution.result, style, columns)
    for stream, is_cut, count in _cuts(execution):
        if is_cut:
            text = f"{stream} was longer than was kept: {format_size(count)} more; --max-{stream} sets how much is"
            yield from hanging("  note:", text, columns, indent=10, shown=f"  {style('note:', 'yellow')}")
    for warning in execution.warnings:
        yield from warning_lines(warning, style, columns)


def warning_lines(warning: RunWarning, style: Style, columns: int | None = None) -> list[str]:
    """One warning, its code first."""
    label = f"{warning.code}:"
    shown = f"  {style(label, 'yellow')}"
    return hanging(f"  {label}", harmless(warning.message), columns, indent=10, shown=shown)


def _head(execution: Execution, style: Style, columns: int | None) -> Iterator[str]:
    """What came of it, and the figures, below it where they do not fit."""
    colour = _COLOURS[execution.status]
    mark = style.sign("✓" if execution.status == "succeeded" else "✗")
    name = harmless(execution.action).replace("\n", " ")
    status = execution.status.replace("_", " ")
    facts = f" {style.sign('·')} ".join(filter(None, [_end(execution), *_figures(execution)]))
    head = f"{style(mark, colour)} {style(name, 'bold')} {style(status, colour)}"
    if columns is not None and len(f"{mark} {name} {status}  {facts}") > columns:
        yield head
        yield style(f"  {facts}", "dim")
    else:
        yield head + style(f"  {facts}", "dim")


def _end(execution: Execution) -> str:
    if execution.signal is not None:
        return execution.signal
    return "" if execution.exit_code is None else f"exit {execution.exit_code}"


def _figures(execution: Execution) -> Iterator[str]:
    yield format_duration(execution.duration_ms / 1000)
    yield f"cpu {format_duration(round(execution.usage.cpu_seconds, 3))}"
    if execution.usage.peak_memory_bytes:
        yield f"memory {format_size(execution.usage.peak_memory_bytes)}"


def _cuts(execution: Execution) -> tuple[tuple[str, bool, int], ...]:
    return (
        ("stdout", execution.stdout_truncated, execution.stdout_bytes_truncated),
        ("stderr", execution.stderr_truncated, execution.stderr_bytes_truncated),
    )


def _result(result: object, style: Style, columns: int | None) -> Iterator[str]:
    label = f"  {style('result:', 'cyan')}"
    line = harmless(json.dumps(result, ensure_ascii=False))
    if columns is None or len(line) <= columns - 10:
        more = len(line) - _RESULT_WIDTH
        yield f"{label} {line}" if more <= 0 else f"{label} {line[:_RESULT_WIDTH]}{style.sign('…')} ({_ALL})"
        return
    yield label
    lines = json.dumps(result, ensure_ascii=False, indent=2).splitlines()
    for text in lines[:_RESULT_LINES]:
        yield f"    {_cut(harmless(text), columns - 4, style)}"
    if len(lines) > _RESULT_LINES:
        yield style(f"    {style.sign('…')} {len(lines) - _RESULT_LINES} more lines: {_ALL}", "dim")


def _cut(text: str, columns: int, style: Style) -> str:
    """A line that does not fit, cut off."""
    sign = style.sign("…")
    return text if len(text) <= columns else f"{text[: columns - len(sign)]}{style(sign, 'dim')}"
