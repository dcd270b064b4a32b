"""The timer triggers and their sensor, as the pack publishes them."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
import yaml

from tests.packs.core import PACK

#: Parameters and payload by trigger, as the platform has them.
PUBLISHED = {
    "core.intervaltimer": (
        {"unit", "interval"},
        {"type", "interval_seconds", "fired_at", "execution_count", "sensor_ref"},
    ),
    "core.crontimer": (
        {"expression", "timezone", "description"},
        {
            *("type", "fired_at", "scheduled_at", "expression", "timezone", "next_fire_at"),
            *("execution_count", "sensor_ref"),
        },
    ),
    "core.datetimetimer": (
        {"fire_at", "timezone", "description"},
        {"type", "fire_at", "fired_at", "timezone", "delay_ms", "sensor_ref"},
    ),
}


def loaded(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((PACK / name).read_bytes())
    return found


def triggers() -> dict[str, dict[str, Any]]:
    """Every trigger's YAML by ref."""
    found = [loaded(f"triggers/{path.name}") for path in sorted((PACK / "triggers").glob("*.yaml"))]
    return {trigger["ref"]: trigger for trigger in found}


def test_names_are_the_published_ones() -> None:
    assert {ref: (set(each["parameters"]), set(each["output"])) for ref, each in triggers().items()} == PUBLISHED


def test_the_sensor_serves_all_of_them_as_a_native_program() -> None:
    sensor = loaded("sensors/interval_timer_sensor.yaml")
    assert sensor["ref"] == "core.interval_timer_sensor"
    assert (sensor["runner_type"], sensor["entry_point"]) == ("native", "attune-core-timer-sensor")
    assert set(sensor["trigger_types"]) == set(PUBLISHED)
    assert {each["trigger_type"] for each in sensor["examples"]} == set(PUBLISHED)


def test_it_is_built_from_native_timer_sensor() -> None:
    assert loaded("pack.yaml")["native"] == {
        "timer-sensor": {"entry_point": "sensors/attune-core-timer-sensor"},
    }
    assert (PACK / "native/timer-sensor/go.mod").exists()


@pytest.mark.parametrize("ref", PUBLISHED)
def test_examples_are_what_the_parameters_ask_for(ref: str) -> None:
    trigger = triggers()[ref]
    of_sensor = loaded("sensors/interval_timer_sensor.yaml")["examples"]
    examples = [each["parameters"] for each in trigger["examples"]]
    examples += [each["trigger_config"] for each in of_sensor if each["trigger_type"] == ref]
    assert len(examples) >= 3
    fields = trigger["parameters"]
    properties = {
        name: {key: value for key, value in field.items() if key != "required"} for name, field in fields.items()
    }
    required = [name for name, field in fields.items() if field.get("required")]
    schema = {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
    for each in examples:
        jsonschema.validate(each, schema)
