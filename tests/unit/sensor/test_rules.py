"""Which rules a sensor works for."""

from __future__ import annotations

from pathlib import Path

import pytest

from attune_cli.errors import AttuneError, UsageError
from attune_cli.pack.load_sensor import load_rule
from attune_cli.sensor.preparation import find_declared_sensor, known_triggers
from attune_cli.sensor.rules import Ruling, chosen_rules

RULE = "ref: demo.{name}\ntrigger_ref: {trigger}\naction_ref: demo.log\n{more}\n"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    root = tmp_path / "demo"
    for folder in ("sensors", "triggers", "rules"):
        (root / folder).mkdir(parents=True)
    (root / "pack.yaml").write_text("ref: demo\nlabel: Demo\nversion: 1.0.0\n")
    (root / "sensors/s.yaml").write_text(
        "ref: demo.s\nlabel: S\nentry_point: s\ntrigger_types: [demo.tick, demo.alarm, demo.free]\n"
        "examples:\n  - trigger_type: demo.alarm\n    trigger_config: {level: 2}\n"
    )
    (root / "triggers/tick.yaml").write_text(
        "ref: demo.tick\nparameters:\n  every: {type: integer, default: 5, minimum: 1}\n  unit: {type: string}\n"
        "examples:\n  - parameters: {every: 0}\n  - parameters: {every: 2}\n"
    )
    (root / "triggers/alarm.yaml").write_text(
        "ref: demo.alarm\nparameters:\n  level: {type: integer, required: true}\n"
    )
    (root / "triggers/free.yaml").write_text("ref: demo.free\nparameters:\n  name: {type: string, required: true}\n")
    return root


def rules_of(pack: Path, *paths: Path, on: tuple[tuple[str, str], ...] = ()) -> Ruling:
    sensor = find_declared_sensor(str(pack / "sensors/s.yaml"), ())
    return chosen_rules(sensor, known_triggers(sensor, (pack,)), [str(path) for path in paths], on)


def write(pack: Path, name: str, trigger: str = "demo.tick", more: str = "") -> Path:
    path = pack / "rules" / f"{name}.yaml"
    path.write_text(RULE.format(name=name, trigger=trigger, more=more))
    return path


def shown(ruling: Ruling) -> list[tuple[int, str, str, dict[str, object]]]:
    return [(each.rule.id, each.rule.ref, each.rule.trigger_ref, dict(each.rule.config)) for each in ruling.rules]


def test_those_of_the_pack_that_are_enabled_and_for_it(pack: Path) -> None:
    write(pack, "b")
    write(pack, "a", "alarm", "trigger_params: {level: 1}\nconditions: [{field: x, operator: equals, value: 1}]")
    write(pack, "off", more="enabled: false")
    write(pack, "other", "demo.other")
    (pack / "rules/broken.yaml").write_text("ref: [")
    ruling = rules_of(pack)
    assert shown(ruling) == [
        (1, "demo.a", "demo.alarm", {"level": 1}),
        (2, "demo.b", "demo.tick", {"every": 5}),
    ]
    assert ruling.rules[0].conditions == [{"field": "x", "operator": "equals", "value": 1}]
    assert (ruling.findings, ruling.notes) == ((), ())


def test_without_any_one_for_each_trigger_of_examples_or_defaults(pack: Path) -> None:
    ruling = rules_of(pack)
    assert shown(ruling) == [
        # The first example does not fit.
        (1, "demo.local_1", "demo.tick", {"every": 2}),
        (2, "demo.local_2", "demo.alarm", {"level": 2}),
    ]
    assert ruling.notes == (
        """no rule is given: one for demo.tick is made of the trigger's example: {"every":2}""",
        """no rule is given: one for demo.alarm is made of the sensor's example: {"level":2}""",
        "no rule for demo.free: it needs name; --on demo.free JSON makes one",
    )


def test_those_that_are_named_alone(pack: Path) -> None:
    write(pack, "b")
    named = write(pack, "off", more="enabled: false")
    ruling = rules_of(pack, named, on=(("demo.free", '{"name": "x", "more": 1}'),))
    assert shown(ruling) == [
        (1, "demo.off", "demo.tick", {"every": 5}),
        (2, "demo.local_2", "demo.free", {"name": "x", "more": 1}),
    ]


@pytest.mark.parametrize(
    ("params", "code", "severity"),
    [
        ("{every: zero}", "ATN056", "error"),
        ("{every: 0}", "ATN056", "error"),
        ("{evry: 1}", "ATN054", "warning"),
    ],
)
def test_what_is_wrong_with_a_file(pack: Path, params: str, code: str, severity: str) -> None:
    path = write(pack, "bad", more=f"trigger_params: {params}")
    ruling = rules_of(pack)
    (finding,) = ruling.findings
    assert (finding.code, str(finding.severity), finding.where) == (code, severity, f"{path}:4:17")
    assert len(ruling.rules) == (severity == "warning")


def test_what_a_file_lacks(pack: Path) -> None:
    path = write(pack, "bad", "demo.alarm")
    (finding,) = rules_of(pack).findings
    assert (finding.code, finding.where) == ("ATN055", f"{path}:1:1")


@pytest.mark.parametrize(
    ("trigger", "text", "says"),
    [
        ("demo.other", "{}", "demo.s creates no events of demo.other"),
        ("demo.tick", "{", "the JSON for demo.tick cannot be read"),
        ("demo.tick", "[]", "the JSON for demo.tick is not an object"),
        ("demo.tick", '{"every": 0}', "every must be at least 1"),
        ("demo.alarm", "{}", "level is required"),
    ],
)
def test_what_is_wrong_with_one_made_on_the_spot(pack: Path, trigger: str, text: str, says: str) -> None:
    with pytest.raises(UsageError) as caught:
        rules_of(pack, on=((trigger, text),))
    assert says in str(caught.value)


def test_a_rule_for_another_sensor(pack: Path) -> None:
    with pytest.raises(UsageError) as caught:
        rules_of(pack, write(pack, "other", "demo.other"))
    assert caught.value.why == "its triggers are demo.tick, demo.alarm, demo.free"
    assert str(caught.value.where).endswith("other.yaml:2:14")


def test_a_trigger_that_is_not_there(pack: Path) -> None:
    from attune_cli.sensor.preparation import SensorRequest, prepare

    (pack / "triggers/free.yaml").unlink()
    with pytest.raises(AttuneError) as caught:
        prepare(SensorRequest(subject=str(pack / "sensors/s.yaml")))
    assert caught.value.what == "demo.s declares a trigger that is not there: demo.free"


@pytest.mark.parametrize("text", ["ref: demo.x\nentry_point: y\n", "ref: demo.x\n", "- 1\n"])
def test_a_file_that_is_no_rule(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text)
    with pytest.raises(AttuneError):
        load_rule(path)
