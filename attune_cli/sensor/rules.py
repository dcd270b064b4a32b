"""The rules that a sensor works for in a local world: from files, made on the spot, or from examples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from attune_cli.diagnostics import Diagnostic, Severity
from attune_cli.errors import AttuneError, UsageError
from attune_cli.execution.declared import declared_values, taken
from attune_cli.execution.problems import ParameterError, Problem
from attune_cli.execution.sources import Given
from attune_cli.execution.strict_json import compact, loads
from attune_cli.pack.find import files
from attune_cli.pack.load_sensor import RULES, load_rule
from attune_cli.pack.rules.arguments import MISFIT, MISSING, UNKNOWN
from attune_cli.pack.sensor_model import DeclaredRule, DeclaredTrigger, Sensor
from attune_cli.sensor.model import SensorRule

Known = Mapping[str, DeclaredTrigger]


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalRule:
    """An active rule, and where it is from.

    origin:     its file, `--on`, or what it was made of.
    declared:   None: it lies in no file.
    conditions: as written.
    """

    rule: SensorRule
    origin: str
    declared: DeclaredRule | None = None
    conditions: object = None


class Ruling(NamedTuple):
    """The rules there are.

    findings: what is wrong with those from files; one that has an error is not active.
    notes:    what a person should know: where rules were made up, or could not be.
    """

    rules: tuple[LocalRule, ...]
    findings: tuple[Diagnostic, ...] = ()
    notes: tuple[str, ...] = ()


def chosen_rules(sensor: Sensor, triggers: Known, paths: Sequence[str], made: Sequence[tuple[str, str]]) -> Ruling:
    """The rules of `--rule` and `--on`; without any, those of the pack; without those, one for each trigger.

    made: (trigger's ref, JSON of its parameters). Raises UsageError for a rule made on the spot that
    does not fit, and AttuneError for a file that is no rule.
    """
    if paths or made:
        found = [_asked_for(load_rule(Path(path)), sensor) for path in paths]
        ruling = _from_files(found, triggers)
        spoken = [_made(ref, text, sensor, triggers, len(found) + number) for number, (ref, text) in enumerate(made, 1)]
        return ruling._replace(rules=(*ruling.rules, *spoken))
    declared = list(_of_pack(sensor))
    return _from_files(declared, triggers) if declared else _from_examples(sensor, triggers)


def _of_pack(sensor: Sensor) -> Iterator[DeclaredRule]:
    """The enabled rules of the sensor's pack for its triggers. Files that cannot be read as rules are left to
    `attune pack validate`."""
    for path in files(sensor.pack_root, RULES):
        try:
            rule = load_rule(path)
        except AttuneError:
            continue
        if rule.enabled and rule.trigger_ref in sensor.trigger_refs:
            yield rule


def _asked_for(rule: DeclaredRule, sensor: Sensor) -> DeclaredRule:
    """One that was named is active, enabled or not; but it must be for this sensor."""
    if rule.trigger_ref not in sensor.trigger_refs:
        raise UsageError(
            f"the rule {rule.ref} is for {rule.trigger_ref}, of which {sensor.ref} creates no events",
            where=f"{rule.path}:{rule.place('trigger_ref')}",
            why=_its_triggers(sensor),
        )
    return rule


def _its_triggers(sensor: Sensor) -> str:
    listed = ", ".join(sensor.trigger_refs)
    return f"its triggers are {listed}" if listed else "it declares no triggers"


def _from_files(found: Iterable[DeclaredRule], triggers: Known) -> Ruling:
    rules: list[LocalRule] = []
    findings: list[Diagnostic] = []
    for number, declared in enumerate(found, 1):
        values, problems = _checked(triggers[declared.trigger_ref], declared.trigger_params, str(declared.path))
        mine = [_finding(declared, problem) for problem in problems]
        findings += mine
        if not any(each.severity >= Severity.ERROR for each in mine):
            rules.append(
                LocalRule(
                    rule=SensorRule(
                        id=number,
                        ref=declared.ref,
                        trigger_ref=declared.trigger_ref,
                        config=values,
                        action_ref=declared.action_ref,
                        action_params=declared.action_params,
                        conditions=_as_tuple(declared.conditions),
                    ),
                    origin=str(declared.path),
                    declared=declared,
                    conditions=declared.conditions,
                )
            )
    return Ruling(tuple(rules), tuple(sorted(findings)))


def _as_tuple(conditions: object) -> tuple[object, ...]:
    if isinstance(conditions, list):
        return tuple(conditions)
    return (conditions,) if conditions else ()


def _made(ref: str, text: str, sensor: Sensor, triggers: Known, number: int) -> LocalRule:
    """A rule made on the spot."""
    if ref not in sensor.trigger_refs:
        raise UsageError(f"{sensor.ref} creates no events of {ref}", where="--on", why=_its_triggers(sensor))
    example = f'--on {ref} \'{{"name": "value"}}\''
    try:
        data = loads(text, unique=True)
    except ValueError as error:
        raise UsageError(f"the JSON for {ref} cannot be read", where="--on", why=str(error), help=example) from None
    if not isinstance(data, dict):
        raise UsageError(f"the JSON for {ref} is not an object", where="--on", help=example)
    trigger = triggers[ref]
    values, problems = _checked(trigger, data, "--on")
    if wrong := [problem for problem in problems if not _is_unknown(problem)]:
        raise ParameterError(ref, wrong, help=taken(trigger.parameters))
    return LocalRule(rule=_spoken(ref, values, sensor, number), origin="--on")


def _from_examples(sensor: Sensor, triggers: Known) -> Ruling:
    """One rule for each trigger, from the first example that fits, or from the defaults."""
    rules: list[LocalRule] = []
    notes: list[str] = []
    for ref in sensor.trigger_refs:
        trigger = triggers[ref]
        for origin, data in _candidates(trigger, sensor):
            values, problems = _checked(trigger, data, origin)
            if not problems:
                rules.append(LocalRule(rule=_spoken(ref, values, sensor, len(rules) + 1), origin=origin))
                notes.append(f"no rule is given: one for {ref} is made of {origin}{_spelled(values, trigger)}")
                break
        else:
            needed = ", ".join(sorted(trigger.parameters.required - trigger.parameters.defaults().keys()))
            why = f"it needs {needed}" if needed else "its own defaults do not fit"
            notes.append(f"no rule for {ref}: {why}; --on {ref} JSON makes one")
    return Ruling(tuple(rules), (), tuple(notes))


def _spelled(values: Mapping[str, object], trigger: DeclaredTrigger) -> str:
    shown = {name: value for name, value in values.items() if name not in trigger.parameters.secrets}
    return f": {compact(shown)}" if shown else ""


def _candidates(trigger: DeclaredTrigger, sensor: Sensor) -> Iterator[tuple[str, Mapping[str, object]]]:
    for example in trigger.examples:
        if isinstance(example, dict) and isinstance(data := example.get("parameters"), dict):
            yield "the trigger's example", data
    for example in sensor.examples:
        if not isinstance(example, dict) or example.get("trigger_type") != trigger.ref:
            continue
        if isinstance(data := example.get("trigger_config"), dict):
            yield "the sensor's example", data
    yield "its defaults", {}


def _spoken(ref: str, values: Mapping[str, object], sensor: Sensor, number: int) -> SensorRule:
    return SensorRule(id=number, ref=f"{sensor.pack_ref}.local_{number}", trigger_ref=ref, config=values)


def _checked(
    trigger: DeclaredTrigger, given: Mapping[str, object], origin: str
) -> tuple[dict[str, object], list[Problem]]:
    """The values with the trigger's defaults, and what is wrong with them."""
    plain = {name: Given(value, origin) for name, value in given.items()}
    return declared_values(trigger.parameters, plain, {}, where=str(trigger.path))


def _is_unknown(problem: Problem) -> bool:
    """A name that is not declared is handed on by the platform."""
    return problem.message.startswith("is unknown")


def _finding(declared: DeclaredRule, problem: Problem) -> Diagnostic:
    rule = UNKNOWN if _is_unknown(problem) else MISSING if problem.message.startswith("is required") else MISFIT
    message = f"trigger_params of {declared.ref}: {problem}"
    cure = f"see the parameters of {declared.trigger_ref}: attune pack show {declared.trigger_ref}"
    return Diagnostic(
        str(declared.path), declared.place("trigger_params"), rule.code, message, severity=rule.severity, help=cure
    )
