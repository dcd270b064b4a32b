"""What came of a sensor's run."""

from __future__ import annotations

from collections.abc import Iterator

from attune_cli.diagnostics import Diagnostic, Severity
from attune_cli.execution.execution import SUCCEEDED
from attune_cli.execution.strict_json import compact
from attune_cli.quantities import format_duration, format_size
from attune_cli.report.harmless import harmless
from attune_cli.report.lines import hanging
from attune_cli.report.sensor.lines import finding_lines
from attune_cli.report.style import Style
from attune_cli.sensor.journal import Count
from attune_cli.sensor.outcome import SensorRun

_SAID = {
    "passed": "ran and stopped cleanly",
    "findings": "ran, and there is something to put right",
    "unclean": "did not run or stop cleanly",
    "too_few": "ended before all events had come",
    "timed_out": "did not create its events in time",
    "cancelled": "was interrupted before all events had come",
    "failed": "could not go on",
    "not_started": "was not started",
}
_COLOURS = {"passed": "green", "cancelled": "yellow"}
#: Of findings so many are shown again; most were told with their events.
_FINDINGS = 10


def summary_lines(run: SensorRun, style: Style, columns: int | None = None) -> Iterator[str]:
    """columns: of the terminal; None: lines are not broken."""
    colour = _COLOURS.get(run.status, "red")
    mark = style.sign("✓" if run.status == "passed" else "✗")
    name, said = harmless(run.sensor), _said(run)
    facts = f" {style.sign('·')} ".join(_facts(run))
    head = f"{style(mark, colour)} {style(name, 'bold')} {style(said, colour)}"
    if columns is not None and facts and len(f"{mark} {name} {said}  {facts}") > columns:
        yield head
        yield from hanging("", style(facts, "dim"), columns, indent=2)
    else:
        yield f"{head}  {style(facts, 'dim')}" if facts else head
    yield from _triggers(run, style, columns)
    yield from _trouble(run, style, columns)


def _said(run: SensorRun) -> str:
    if run.status == "findings" and not run.course.starts:
        return "was not started: its rules are wrong"
    return _SAID[run.status]


def _facts(run: SensorRun) -> Iterator[str]:
    if not run.course.starts:
        return
    yield format_duration(run.duration)
    accepted = run.journal.total.accepted
    yield _plural(accepted, "event") if run.wanted is None else f"{accepted} of {_plural(run.wanted, 'event')}"
    if run.course.starts > 1:
        yield f"{run.course.starts} starts"
    yield f"cpu {format_duration(round(run.course.cpu_seconds, 3))}"
    if run.course.peak_memory_bytes:
        yield f"memory {format_size(run.course.peak_memory_bytes)}"


def _triggers(run: SensorRun, style: Style, columns: int | None) -> Iterator[str]:
    counts = run.journal.triggers
    if not run.course.starts:
        return
    room = max(map(len, counts), default=0)
    for ref, count in counts.items():
        line = f"  {harmless(ref):{room}}  {counted(count, style)}"
        yield from [line] if count.events else _beside_or_below(line, _awaited(run, ref), columns)
    refused = run.journal.total.events - run.journal.total.accepted
    if refused:
        yield f"  {style(f'{refused} refused', 'red')}"


def _beside_or_below(line: str, more: str, columns: int | None) -> Iterator[str]:
    if columns is None or len(line) + len(more) + 2 <= columns:
        yield f"{line}; {more}"
    else:
        yield line
        yield from hanging("   ", more, columns, indent=4)


def _awaited(run: SensorRun, trigger_ref: str) -> str:
    """What would have brought an event, where none has come."""
    rules = [each.rule for each in run.rules if each.rule.trigger_ref == trigger_ref]
    if not rules:
        return "no rule is active for it"
    more = f", and {len(rules) - 1} more" if len(rules) > 1 else ""
    return harmless(f"{rules[0].ref} waits for {compact(dict(rules[0].config))}{more}")


def counted(count: Count, style: Style) -> str:
    """`12 events, 3 wrong`."""
    text = _plural(count.events, "event")
    return f"{text}, {style(f'{count.wrong} wrong', 'red')}" if count.wrong else text


def _findings(run: SensorRun, style: Style, columns: int | None) -> Iterator[str]:
    """Each once, however many events have it; with its place where that is a file."""
    first: dict[tuple[str, str], Diagnostic] = {}
    for finding in run.journal.snapshot()[1]:
        first.setdefault((finding.code, finding.message), finding)
    for finding in list(first.values())[:_FINDINGS]:
        is_told = finding.path == run.sensor
        place = "" if is_told else f" ({finding.where})"
        shown = finding._replace(message=f"{finding.message}{place}", help=None if is_told else finding.help)
        yield from (f"  {line}" for line in finding_lines(shown, style, columns and columns - 2))


def _plural(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"


def _trouble(run: SensorRun, style: Style, columns: int | None) -> Iterator[str]:
    """Findings in short, ends that were not clean, and what came of the actions."""
    severities = run.journal.severities
    errors, warnings = severities[Severity.ERROR], severities[Severity.WARNING]
    if errors or warnings:
        yield f"  {style(_plural(errors, 'error'), *('red',) * bool(errors))}, {_plural(warnings, 'warning')}"
    yield from _findings(run, style, columns)
    if run.reacted:
        counts = {SUCCEEDED: 0, **run.reacted.counts}
        yield "  actions: " + ", ".join(f"{count} {status.replace('_', ' ')}" for status, count in counts.items())
    if run.course.unclean:
        bad = [each for each in run.course.exits if not each.is_clean]
        killed = sum(each.killed for each in bad)
        left = sum(bool(each.leftovers) for each in bad)
        alone = sum(not each.expected for each in bad)
        parts = ((alone, "ended by itself"), (killed, "had to be killed"), (left, "left processes running"))
        says = ", ".join(f"{what} {_plural(count, 'time')}" for count, what in parts if count)
        yield from hanging("  sensor:", says, columns, indent=10, shown=f"  {style('sensor:', 'yellow')}")
    if run.artifacts:
        yield from hanging("  note:", f"it left files in {run.artifacts}", columns, indent=8)
