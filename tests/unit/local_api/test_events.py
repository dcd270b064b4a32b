"""Events and what is found in them."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping

import pytest

from attune_cli.pack.parameter_schema import ParameterSchema
from attune_cli.sensor.event_rules import LARGE, Source
from attune_cli.sensor.events import Reception
from attune_cli.sensor.model import Event, Trigger
from tests.local_api import DECLARED, GOOD, RULES, SENSOR, TRIGGERS


def reception(output: Mapping[str, object] | None = None) -> Reception:
    """output: of the only trigger; None: the usual ones."""
    if output is None:
        return Reception(TRIGGERS, RULES, Source(SENSOR, DECLARED), str)
    trigger = Trigger(id=1, ref="demo.alert", pack_ref="demo", output=ParameterSchema.from_data(output))
    return Reception({"demo.alert": trigger}, (), Source(SENSOR), str)


def take(body: object, at: Reception | None = None) -> Event:
    return (at or reception()).take(json.dumps(body).encode())


def found(event: Event) -> list[tuple[str, str]]:
    return [(each.code, each.message) for each in event.findings]


FLAT = {"level": {"type": "integer", "required": True, "minimum": 0}, "tags": {"type": "array"}}
STANDARD = {
    "type": "object",
    "properties": {"level": {"type": "integer", "minimum": 0}, "tags": {"type": "array"}},
    "required": ["level"],
}


@pytest.mark.parametrize("output", [FLAT, STANDARD], ids=["flat", "json-schema"])
@pytest.mark.parametrize(
    ("payload", "wanted"),
    [
        ({"level": 1}, []),
        ({"level": 1.0, "tags": []}, []),
        ({"level": -1}, [("ATN143", "`payload.level` must be at least 0, not -1")]),
        ({"level": "1"}, [("ATN143", '`payload.level` must be an integer, not "1"')]),
        ({"level": None}, [("ATN143", "`payload.level` must be an integer, not null")]),
        ({}, [("ATN143", "`payload` lacks keys that its schema requires")]),
        ({"level": 1, "x": 1}, [("ATN144", "the output of demo.alert does not declare `x`")]),
        ([1], [("ATN143", "the payload must be an object, not an array")]),
        (None, [("ATN143", "the payload must be an object, not null")]),
        (
            {"level": "1", "tags": 1, "x": 1},
            [
                ("ATN143", '`payload.level` must be an integer, not "1"'),
                ("ATN143", "`payload.tags` must be an array, not 1"),
                ("ATN144", "the output of demo.alert does not declare `x`"),
            ],
        ),
    ],
)
def test_a_payload_against_both_spellings(
    output: Mapping[str, object], payload: object, wanted: list[tuple[str, str]]
) -> None:
    event = take({"trigger_ref": "demo.alert", "payload": payload}, reception(output))
    assert (event.status, found(event)) == (201, wanted)


def test_a_schema_that_says_itself_what_else_there_may_be() -> None:
    body = {"trigger_ref": "demo.alert", "payload": {"level": 1, "x": 1}}
    assert found(take(body, reception({**STANDARD, "additionalProperties": True}))) == []
    ((code, message),) = found(take(body, reception({**STANDARD, "additionalProperties": {"type": "string"}})))
    assert (code, "`payload.x` must be a string" in message) == ("ATN143", True)
    assert {code for code, _ in found(take(body, reception({**STANDARD, "additionalProperties": False})))} == {
        "ATN143",
        "ATN144",
    }


def test_a_trigger_without_output_takes_any_payload() -> None:
    assert found(take({"trigger_ref": "demo.free", "payload": {"anything": [1]}})) == []
    assert found(take({"trigger_ref": "demo.free", "payload": "text"})) == []


def test_many_misfits_are_not_all_told() -> None:
    output = {f"n{number:02}": {"type": "integer"} for number in range(30)}
    event = take({"trigger_ref": "demo.alert", "payload": dict.fromkeys(output, "x")}, reception(output))
    assert len(event.findings) == 11
    assert event.findings[-1].message == "the payload has more misfits than these"
    many = take({"trigger_ref": "demo.alert", "payload": {f"x{n}": 1 for n in range(30)}}, reception(output))
    assert many.findings[0].message.endswith("`x0`, `x1`, `x10`, `x11`, `x12`, 25 more")


@pytest.mark.parametrize("at", [0, -1])
def test_a_large_payload_that_does_not_fit_keeps_nobody_waiting(at: int) -> None:
    """jsonschema would take ten seconds, also where every item is wrong and all are told."""
    output = {"tags": {"type": "array", "items": {"type": "string", "minLength": 1}}}
    tags: list[object] = ["x"] * 1_000_000
    tags[at] = 1
    for wrong in (tags, [1] * 300_000):
        event = take({"trigger_ref": "demo.alert", "payload": {"tags": wrong}}, reception(output))
        assert event.findings[0].message.endswith("must be a string, not 1")
        assert time.time() - event.received < 4


def test_a_pattern_that_explodes_is_bounded() -> None:
    output = {"name": {"type": "string", "pattern": "^(?=a)(a|aa)+\\1$"}}
    ((code, message),) = found(
        take({"trigger_ref": "demo.alert", "payload": {"name": "a" * 60 + "b"}}, reception(output))
    )
    assert (code, "name" in message) == ("ATN143", True)


def test_a_schema_that_cannot_be_used_is_told_with_each_event() -> None:
    at = reception({"level": {"type": "whole"}})
    for _ in range(2):
        ((code, message),) = found(take(GOOD, at))
        assert (code, "demo.alert is no schema" in message) == ("ATN149", True)


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ({"trigger_instance_id": "rule_1"}, []),
        ({"trigger_instance_id": "rule_demo.page"}, []),
        ({"trigger_instance_id": None, "rule_ref": None}, []),
        ({"rule_ref": "demo.page", "trigger_instance_id": "rule_1"}, []),
        ({"trigger_instance_id": "rule_9"}, [("ATN145", "no active rule has the trigger_instance_id `rule_9`")]),
        (
            {"trigger_instance_id": "1"},
            [("ATN145", "no active rule has the trigger_instance_id `1`; it is `rule_` and a rule's id or ref")],
        ),
        ({"rule_ref": "demo.none"}, [("ATN145", "no active rule has the rule_ref `demo.none`")]),
        (
            {"rule_ref": "demo.log"},
            [("ATN146", "the rule demo.log waits for demo.free, and the event is one of demo.alert")],
        ),
        (
            {"rule_ref": "demo.log", "trigger_instance_id": "rule_1"},
            [
                ("ATN146", "trigger_instance_id is the rule demo.page, rule_ref is demo.log"),
                ("ATN146", "the rule demo.log waits for demo.free, and the event is one of demo.alert"),
            ],
        ),
    ],
)
def test_the_rule_of_an_event(more: dict[str, object], wanted: list[tuple[str, str]]) -> None:
    assert found(take({**GOOD, **more})) == wanted


def test_a_misspelt_trigger_has_a_suggestion() -> None:
    assert [take({"trigger_ref": ref}).findings[0].help for ref in ("demo.alerts", "alert", "zzz")] == [
        "did you mean `demo.alert`?",
        "did you mean `demo.alert`?",
        None,
    ]
    assert take({"trigger_ref": "demo.foreign"}).findings[0].help == "add `demo.foreign` to its `trigger_types`"


@pytest.mark.parametrize(("extra", "codes"), [(-1, []), (0, []), (1, ["ATN147"])])
def test_what_is_large(extra: int, codes: list[str]) -> None:
    start = b'{"trigger_ref": "demo.free", "payload": {"x": "'
    event = reception().take(start + b"x" * (LARGE + extra - len(start) - 3) + b'"}}')
    assert ([each.code for each in event.findings], event.size) == (codes, LARGE + extra)


def test_a_config_that_is_no_object() -> None:
    assert found(take({**GOOD, "config": {"x": 1}})) == []
    assert found(take({**GOOD, "config": [1]})) == [("ATN150", "`config` must be an object, not an array")]


def test_events_are_numbered_and_so_are_their_findings() -> None:
    at = reception()
    events = [at.take(body) for body in (b"{", b"{}", json.dumps({**GOOD, "payload": {}}).encode())]
    assert [event.id for event in events] == [1, 2, 3]
    assert [event.findings[0].where for event in events] == [f"{SENSOR}:{number}:1" for number in (1, 2, 3)]


def test_secrets_are_taken_out_of_messages() -> None:
    at = Reception(TRIGGERS, RULES, Source(SENSOR), lambda text: text.replace("hush", "***"))
    event = take({"trigger_ref": "demo.alert", "payload": {"level": "hush", "hush": 1}, "rule_ref": "hush"}, at)
    messages = " ".join(each.message for each in event.findings)
    assert messages.count("***") == 3
    assert "hush" not in messages
