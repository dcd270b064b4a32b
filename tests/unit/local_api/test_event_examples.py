"""Every rule's good event is without its finding, and every bad one has it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from attune_cli.diagnostics import Rule, Severity
from attune_cli.pack import event_codes
from attune_cli.pack.load_sensor import load_rule, load_sensor, load_trigger
from attune_cli.sensor.event_rules import Source
from attune_cli.sensor.events import Reception
from attune_cli.sensor.model import Event, SensorRule, as_trigger
from attune_cli.yaml12 import parse, to_data

WITH_BAD = [rule for rule in event_codes.RULES if rule.bad]


def received(example: str, root: Path) -> Event:
    """What becomes of the event in an example, with what its files declare."""
    files, _, event = example.partition("# event\n")
    declared: frozenset[str] | None = None
    triggers, rules = [], []
    for text in filter(None, files.split("# ")):
        name, _, content = text.partition("\n")
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if not name.startswith("sensors") else f"{content}entry_point: x\n", encoding="utf-8")
        if name.startswith("triggers"):
            triggers.append(load_trigger(path))
        elif name.startswith("rules"):
            rules.append(load_rule(path))
        else:
            declared = frozenset(load_sensor(path).trigger_refs)
    reception = Reception(
        {each.ref: as_trigger(number, each) for number, each in enumerate(triggers, 1)},
        [SensorRule(id=number, ref=each.ref, trigger_ref=each.trigger_ref) for number, each in enumerate(rules, 1)],
        Source("demo.watch", declared),
        str,
    )
    body = event if event.startswith("{") else json.dumps(to_data(parse(event.encode(), "event").root))
    return reception.take(body.encode())


@pytest.mark.parametrize("rule", event_codes.RULES, ids=lambda rule: rule.code)
def test_good(rule: Rule, tmp_path: Path) -> None:
    event = received(rule.good, tmp_path)
    assert (event.status, event.findings) == (201, ())


@pytest.mark.parametrize("rule", WITH_BAD, ids=lambda rule: rule.code)
def test_bad(rule: Rule, tmp_path: Path) -> None:
    (finding,) = received(rule.bad, tmp_path).findings
    assert (finding.code, finding.severity) == (rule.code, rule.severity)


def test_all_but_the_one_nobody_wants_to_read_have_a_bad_one() -> None:
    assert set(event_codes.RULES) - set(WITH_BAD) == {event_codes.LARGE}


def test_a_refusal_is_an_error_and_a_warning_is_taken(tmp_path: Path) -> None:
    for rule in WITH_BAD:
        event = received(rule.bad, tmp_path / rule.code)
        assert event.accepted or rule.severity is Severity.ERROR
