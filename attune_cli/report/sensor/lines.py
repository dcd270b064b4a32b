"""What happens while a sensor runs, each thing on a line of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

from attune_cli.diagnostics import Diagnostic, Severity
from attune_cli.quantities import format_duration
from attune_cli.report.harmless import harmless
from attune_cli.report.lines import hanging
from attune_cli.report.style import Style
from attune_cli.sensor.model import Event, RefusedCall
from attune_cli.sensor.reactions import DROPPED, SKIPPED, Reaction
from attune_cli.sensor.supervisor import Exit

#: Of a payload this much is shown where no terminal sets how much fits.
_SHORT = 160
#: A payload goes below its event where less than this is left beside it.
_LEAST_BESIDE = 24
_WIDE = 100

_SEVERITIES = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}


def event_lines(
    event: Event, style: Style, columns: int | None = None, *, full: bool = False, numbered: bool = False
) -> Iterator[str]:
    """Time, verdict, trigger, rule and payload, and below what is wrong with it.

    columns: of the terminal, None: lines are not broken.  full: all of the payload.  numbered: with the
    event's number, by which what comes of it is told later.
    """
    moment = datetime.fromtimestamp(event.received).astimezone()
    clock = moment.strftime("%H:%M:%S") + (f".{moment.microsecond // 1000:03}" if (columns or _WIDE) >= _WIDE else "")
    is_right = not any(finding.severity >= Severity.ERROR for finding in event.findings)
    mark, colour = (style.sign("✓"), "green") if is_right else (style.sign("✗"), "red")
    trigger = _flat(event.trigger_ref) or "(no trigger)"
    rule = _flat(event.rule_ref or "-")
    refused = "" if event.accepted else f" {event.status or 'cut off'}"
    mark += f" #{event.id}" if numbered else ""
    head = f"{clock} {mark}{refused} {trigger} {rule}"
    shown = f"{style(clock, 'dim')} {style(mark + refused, colour)} {style(trigger, 'bold')} {style(rule, 'cyan')}"
    if full:
        yield shown
        yield from _whole(event.payload)
    else:
        yield from _beside(_short(event.payload), len(head), shown, style, columns)
    for finding in event.findings:
        yield from finding_lines(finding, style, columns)


def _whole(payload: object) -> Iterator[str]:
    yield from (f"    {harmless(line)}" for line in json.dumps(payload, ensure_ascii=False, indent=2).splitlines())


def _short(payload: object) -> str:
    return "" if payload is None else harmless(json.dumps(payload, ensure_ascii=False))


def _beside(text: str, taken: int, shown: str, style: Style, columns: int | None) -> Iterator[str]:
    """The payload where the line has room for it, else below. taken: width of what is `shown` already."""
    room = _SHORT if columns is None else columns - taken - 1
    if not text:
        yield shown
    elif room >= min(_LEAST_BESIDE, len(text)):
        yield f"{shown} {_cut(text, room, style)}"
    else:
        yield shown
        yield f"  {_cut(text, (columns or _SHORT) - 2, style)}"


def finding_lines(finding: Diagnostic, style: Style, columns: int | None = None) -> Iterator[str]:
    """One finding below what it is about."""
    colour = _SEVERITIES[finding.severity]
    label = f"  {finding.severity} {finding.code}"
    yield from hanging(label, harmless(finding.message), columns, indent=4, shown=style(label, colour))
    if finding.help:
        yield from hanging("    help:", harmless(finding.help), columns, indent=6, shown=style("    help:", "cyan"))


def reaction_lines(reaction: Reaction, style: Style, columns: int | None = None) -> Iterator[str]:
    """What came of an event and a rule."""
    run = reaction.execution
    sign, colour = {
        "succeeded": (style.sign("✓"), "green"),
        SKIPPED: (style.sign("·"), "dim"),
        DROPPED: (style.sign("✗"), "yellow"),
    }.get(reaction.status, (style.sign("✗"), "red"))
    facts = ""
    if run is not None:
        end = run.signal or (f"exit {run.exit_code}" if run.exit_code is not None else "")
        facts = f" {end} {style.sign('·')} {format_duration(run.duration_ms / 1000)}" if end else ""
    says = {SKIPPED: "skipped: its conditions are not met", DROPPED: "dropped: too many were waiting, or it was over"}
    status = says.get(reaction.status, reaction.status.replace("_", " "))
    who = f"#{reaction.event_id} {_flat(reaction.rule_ref)} -> {_flat(reaction.action_ref)}"
    yield from hanging(f"  {sign}", f"{who} {status}{facts}", columns, indent=4, shown=f"  {style(sign, colour)}")
    if run is not None:
        yield from _what_came(run.result, run.error, run.stderr, style, columns)
    for finding in reaction.findings:
        yield from finding_lines(finding, style, columns)


def _what_came(result: object, error: str | None, stderr: str, style: Style, columns: int | None) -> Iterator[str]:
    room = (columns or _SHORT + 12) - 12
    if result is not None:
        yield f"    {style('result:', 'cyan')} {_cut(harmless(json.dumps(result, ensure_ascii=False)), room, style)}"
    if error:
        yield f"    {style('error:', 'red')} {_cut(harmless(error), room, style)}"
    for line in stderr.strip().splitlines()[-3:]:
        yield style(f"    | {_cut(harmless(line), room, style)}", "dim")


def start_line(sensor: str, pid: int, number: int, style: Style) -> str:
    """It was started, for the `number`th time."""
    again = f", start {number}" if number > 1 else ""
    return style(f"{_flat(sensor)} started: pid {pid}{again}", "dim")


def exit_line(sensor: str, exit_: Exit, style: Style) -> str:
    """How it has ended, and when it starts again."""
    how = exit_.signal or f"exit {exit_.exit_code}"
    parts = [f"{_flat(sensor)} ended: {how} after {format_duration(exit_.duration)}"]
    if exit_.killed:
        parts.append("it had to be killed")
    if exit_.leftovers:
        left = ", ".join(f"{harmless(member.name)} ({member.pid})" for member in exit_.leftovers[:5])
        parts.append(f"it left running: {left}")
    if exit_.pause is not None:
        parts.append(f"starting again in {format_duration(exit_.pause)}")
    text = "; ".join(parts)
    return style(text, "dim") if exit_.is_clean else style(text, "yellow")


def log_line(stream: str, line: str, style: Style) -> str:
    """A line that the sensor has printed."""
    return f"{style(f'{stream} |', 'dim')} {harmless(line)}"


def note_line(text: str, style: Style, columns: int | None = None) -> list[str]:
    """Something a person should know."""
    return hanging("note:", harmless(text), columns, indent=6, shown=style("note:", "cyan"))


def refused_call_line(call: RefusedCall, style: Style, columns: int | None = None) -> list[str]:
    """A request came to no call of the local API."""
    text = f"{call.method} {call.path} was refused with {call.status}: {call.reason}"
    if call.is_unknown:
        text = f"the sensor called {call.method} {call.path}, which the local API does not have"
    return hanging("note:", harmless(text), columns, indent=6, shown=style("note:", "yellow"))


def _flat(text: str) -> str:
    return harmless(text).replace("\n", " ")


def _cut(text: str, columns: int, style: Style) -> str:
    sign = style.sign("…")
    return text if len(text) <= columns else f"{text[: max(0, columns - len(sign))]}{style(sign, 'dim')}"
