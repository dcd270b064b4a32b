"""A seeding, told to a person: every row that is not right with the columns that make it so, then what was done."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from attune_cli.report.harmless import harmless
from attune_cli.report.lines import hanging
from attune_cli.report.style import Style

if TYPE_CHECKING:
    from attune_cli.database.drift import Change
    from attune_cli.database.plan import Plan, Step
    from attune_cli.database.seeding import Seeding
    from attune_cli.database.verification import Trial

_SIGNS = {"create": ("+", "green"), "update": ("~", "yellow"), "drifted": ("!", "red")}
_MARGIN = "    "


@dataclass(frozen=True, slots=True)
class Look:
    """What it is written to. columns: of the terminal; None: it is none. every_column: of new rows as well."""

    style: Style
    columns: int | None = None
    every_column: bool = False


def plan_lines(plan: Plan, look: Look) -> Iterator[str]:
    """The rows that are to be written; those that are right are only counted."""
    width = max((len(str(step.key)) for step in plan.to_write), default=0)
    for step in plan.to_write:
        yield _head(step, width, look)
        if step.state != "create" or look.every_column:
            for change in step.changes:
                yield from _change(change, look)
    if plan.to_write and (unchanged := len(plan.steps) - len(plan.to_write)):
        yield look.style(f"= {_counted(unchanged, 'row')} as {_is(unchanged)} should be", "dim")


def outcome_lines(seeding: Seeding, look: Look, *, is_bad: bool) -> Iterator[str]:
    """What is worth knowing, and what was done. is_bad: the command ends with that."""
    for label, colour, text in _notes(seeding):
        shown = look.style(f"{label}:", colour)
        yield from hanging(f"{label}:", harmless(text), look.columns, indent=len(label) + 2, shown=shown)
    mark, colour = ("✗", "red") if is_bad or seeding.is_refused else ("✓", "green")
    told = f"{harmless(seeding.database)}: {_told(seeding)}"
    sign = look.style.sign(mark)
    yield from hanging(sign, told, look.columns, indent=2, shown=look.style(sign, colour))


# --- a row ----------------------------------------------------------------------------------------


def _head(step: Step, width: int, look: Look) -> str:
    sign, colour = _SIGNS[step.state]
    name = harmless(str(step.key))
    head = f"{look.style(sign, colour, 'bold')} {look.style(name, 'bold')}"
    what = {"create": "is missing", "update": "is out of date", "drifted": "was edited by hand"}[step.state]
    return f"{head}{' ' * (width - len(str(step.key)))}  {look.style(what, colour)}"


def _change(change: Change, look: Look) -> Iterator[str]:
    """A column, or the parts of a JSON value that differ."""
    before_is_there = change.before is not None
    for path, before, after in _differences(change.field, change.before, change.after):
        if before_is_there and before is not _ABSENT:
            yield _line("-", path, before, "red", look)
        if after is not _ABSENT and (after is not None or before_is_there):
            yield _line("+", path, after, "green", look)


def _line(sign: str, path: str, value: object, colour: str, look: Look) -> str:
    text = f"{_MARGIN}{sign} {harmless(path)}: {harmless(_value(value))}".replace("\n", " ")
    if look.columns is not None and len(text) > look.columns:
        mark = look.style.sign("…")
        text = text[: look.columns - len(mark)] + mark
    return look.style(text, colour)


def _value(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


_ABSENT = object()


def _differences(path: str, before: object, after: object) -> Iterator[tuple[str, object, object]]:
    """The smallest parts that differ, by their paths (`installation.method`)."""
    if not (isinstance(before, dict) and isinstance(after, dict)):
        yield path, before, after
        return
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name, _ABSENT), after.get(name, _ABSENT)
        if old is _ABSENT or new is _ABSENT or json.dumps(old, sort_keys=True) != json.dumps(new, sort_keys=True):
            yield from _differences(f"{path}.{name}", old, new)


# --- the end --------------------------------------------------------------------------------------


def _notes(seeding: Seeding) -> Iterator[tuple[str, str, str]]:
    for trial in seeding.wrong:
        yield "error", "red", f"{trial.key}: {_wrong(trial)}"
    if absent := _absent(seeding.trials):
        yield "note", "cyan", f"not found here, so what workers look for could not be tried: {', '.join(absent)}"
    for trial in seeding.trials:
        if trial.verdict == "failed":
            yield "note", "yellow", f"{trial.key}: {' '.join(trial.command)} does not work here: {trial.why}"
    for key, columns in seeding.altered.items():
        yield "note", "yellow", f"a trigger of the database wrote {key} otherwise: {', '.join(columns)}"
    if seeding.unlinked and seeding.plan.to_write:
        packs = ", ".join(seeding.unlinked)
        yield "note", "cyan", f"there is no pack {packs} to link the rows to; seeding again links them when there is"
    if seeding.is_overtaken:
        yield "note", "cyan", "somebody else has changed these rows in the meantime"


def _absent(trials: Sequence[Trial]) -> tuple[str, ...]:
    """The commands of rows of which none is here."""
    found = {trial.key for trial in trials if trial.verdict in {"matched", "other_version"}}
    missing = (trial.command[0] for trial in trials if trial.verdict == "not_installed" and trial.key not in found)
    return tuple(dict.fromkeys(missing))


def _wrong(trial: Trial) -> str:
    command = " ".join(trial.command)
    said = f" ({command} says `{trial.answer}`)" if trial.answer else f" ({command})"
    return f"no worker could find it by the pattern `{trial.pattern}`: {trial.why}{said}"


def _told(seeding: Seeding) -> str:
    from attune_cli.database.plan import State

    plan = seeding.plan
    to_create, to_update, edited = (plan.count(state) for state in (State.CREATE, State.UPDATE, State.DRIFTED))
    if not plan.to_write:
        total = len(plan.steps)
        return f"nothing to do, {_counted(total, 'row')} {'is' if total == 1 else 'are'} as {_is(total)} should be"
    if seeding.was_written:
        counts = [(to_create, "created"), (to_update, "updated"), (edited, "written over")]
        return ", ".join(f"{_counted(number, 'row')} {what}" for number, what in counts if number)
    counts = [(to_create, "to create"), (to_update, "to update"), (edited, "edited by hand")]
    planned = ", ".join(f"{_counted(number, 'row')} {what}" for number, what in counts if number)
    return f"{planned}; nothing was written{_cure(seeding)}"


def _cure(seeding: Seeding) -> str:
    if seeding.wrong:
        return ": a pattern is wrong"
    if seeding.plan.drifted and not seeding.force:
        return " (--force writes over edits, --only NAME leaves rows out)"
    return ""


def _is(number: int) -> str:
    return "it" if number == 1 else "they"


def _counted(number: int, name: str) -> str:
    return f"{number:,} {name}{'s' * (number != 1)}"
