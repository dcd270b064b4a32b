"""The timer sensor's binary against a small API: the events it makes, and how it is told what to do."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tests.packs.core import PACK
from tests.packs.timer_api import TOKEN, Api
from tests.packs.timer_process import StartSensor, environment, rule

#: The first time, Go compiles its library.
pytestmark = pytest.mark.timeout(600)

Event = dict[str, Any]


def soon(seconds: float) -> str:
    """A date, in so many seconds."""
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()


def payloads(events: list[Event], number: int) -> list[Event]:
    """Those of one rule."""
    return [each["payload"] for each in events if each["trigger_instance_id"] == f"rule_{number}"]


def output_schema(trigger: str) -> Event:
    """The trigger's output as JSON Schema, which lets nothing else in."""
    fields = yaml.safe_load((PACK / "triggers" / f"{trigger}.yaml").read_bytes())["output"]
    properties = {
        name: {key: value for key, value in field.items() if key != "required"} for name, field in fields.items()
    }
    required = [name for name, field in fields.items() if field.get("required")]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def test_all_three_triggers(start: StartSensor) -> None:
    with Api() as api:
        rules = [
            rule(1, "intervaltimer", unit="seconds", interval=1),
            rule(2, "crontimer", expression="* * * * * *", timezone="Europe/Berlin"),
            rule(3, "datetimetimer", fire_at=soon(2), timezone="UTC"),
        ]
        sensor = start(environment(api.url, rules))
        api.wait(lambda: len(payloads(api.events, 1)) >= 5 and bool(payloads(api.events, 3)))
        sensor.stop()
    for each in api.events:
        pack, _, trigger = each["trigger_ref"].partition(".")
        assert (pack, set(each)) == ("core", {"trigger_ref", "trigger_instance_id", "payload"})
        jsonschema.validate(each["payload"], output_schema(trigger), format_checker=jsonschema.FormatChecker())
        assert each["payload"]["sensor_ref"] == "core.interval_timer_sensor"
    check_intervals(payloads(api.events, 1))
    check_cron(payloads(api.events, 2))
    (once,) = payloads(api.events, 3)
    late = datetime.fromisoformat(once["fired_at"]) - datetime.fromisoformat(once["fire_at"])
    assert once["delay_ms"] == late // timedelta(milliseconds=1)
    assert abs(len(payloads(api.events, 1)) - len(payloads(api.events, 2))) <= 2


def check_intervals(found: list[Event]) -> None:
    """Counted without a gap. Whatever the delays, as many as seconds have passed."""
    assert [each["execution_count"] for each in found] == list(range(1, len(found) + 1))
    first, last = (datetime.fromisoformat(found[index]["fired_at"]) for index in (0, -1))
    assert abs((last - first).total_seconds() - (len(found) - 1)) < 3


def check_cron(found: list[Event]) -> None:
    """Every second once, and each knows the next."""
    times = [datetime.fromisoformat(each["scheduled_at"]) for each in found]
    assert all(later - earlier == timedelta(seconds=1) for earlier, later in pairwise(times))
    assert [datetime.fromisoformat(each["next_fire_at"]) for each in found[:-1]] == times[1:]
    assert [each["execution_count"] for each in found] == list(range(1, len(found) + 1))
    assert all(each["fired_at"] >= each["scheduled_at"] for each in found)


def test_a_thousand_rules_lose_and_double_nothing(start: StartSensor) -> None:
    """More rules than fit into one variable: they come on stdin, which is what wins nothing over the environment."""
    rules = [rule(number, "intervaltimer", interval=1) for number in range(1_000)]
    with Api() as api:
        settings = environment(api.url, [])
        del settings["ATTUNE_SENSOR_TRIGGERS"]
        given = {"ATTUNE_SENSOR_TRIGGERS": rules, "ATTUNE_API_TOKEN": "another", "ATTUNE_LOG_LEVEL": "error"}
        sensor = start(settings, stdin=json.dumps(given).encode())
        api.wait_for(5_000)
        sensor.stop()
    counts = defaultdict(list)
    for each in api.accepted:
        assert each.token == TOKEN
        counts[each.event["trigger_instance_id"]].append(each.event["payload"]["execution_count"])
    assert set(counts) == {f"rule_{number}" for number in range(1_000)}
    assert all(found == list(range(1, len(found) + 1)) for found in counts.values())
    assert max(map(len, counts.values())) - min(map(len, counts.values())) <= 3
    assert sensor.log == []
    assert api.connections < 1_000


BAD_RULES = {
    "trigger_ref is ": {"id": 11, "ref": "test.bad", "trigger_ref": "core.nosuchtimer", "config": {}},
    "interval is 0": rule(12, "intervaltimer", interval=0),
    "interval is -1": rule(13, "intervaltimer", interval=-1),
    "interval is 1.5: it must be a whole number": rule(14, "intervaltimer", interval=1.5),
    "that is more than a hundred years": rule(15, "intervaltimer", unit="days", interval=10**17),
    "unit is ": rule(16, "intervaltimer", unit="weeks", interval=1),
    "put the second in front": rule(17, "crontimer", expression="*/5 * * * *"),
    "minute 61": rule(18, "crontimer", expression="0 61 * * * *"),
    "no such time zone": rule(19, "crontimer", expression="* * * * * *", timezone="Mars/Olympus"),
    "fire_at is missing": rule(20, "datetimetimer"),
    "that passed": rule(21, "datetimetimer", fire_at="2001-01-01T00:00:00Z"),
    "id is missing": {"ref": "test.bad", "trigger_ref": "core.intervaltimer"},
    "it is not what a rule looks like": "a text",
    "another rule has the same id": rule(1, "intervaltimer", interval=1),
}


def test_bad_rules_do_not_stop_the_others(start: StartSensor) -> None:
    good = rule(1, "intervaltimer", unit="seconds", interval=1)
    with Api() as api:
        sensor = start(environment(api.url, [good, *BAD_RULES.values(), rule(2, "intervaltimer", interval=1, nope=1)]))
        running = sensor.wait_for_log("the timers run")
        api.wait(lambda: bool(payloads(api.events, 1) and payloads(api.events, 2)))
        sensor.stop()
    assert (running["timers"], running["rules_refused"]) == (2, len(BAD_RULES))
    errors = [each["error"] for each in sensor.log if each["message"] == "a rule is left out"]
    assert all(said in error for said, error in zip(BAD_RULES, errors, strict=True))
    assert sensor.wait_for_log("are ignored")["parameters"] == ["nope"]


def test_a_date_fires_once_even_if_the_sensor_starts_again(start: StartSensor, tmp_path: Path) -> None:
    rules = [
        rule(1, "datetimetimer", fire_at=soon(-20)),
        rule(2, "intervaltimer", interval=1),
        rule(3, "datetimetimer", fire_at=soon(-600)),
    ]
    with Api() as api:
        settings = environment(api.url, rules, ARTIFACTS_DIR=str(tmp_path))
        first = start(settings)
        api.wait(lambda: bool(payloads(api.events, 2)))
        first.stop()
        before = len(payloads(api.events, 2))
        second = start(settings)
        api.wait(lambda: len(payloads(api.events, 2)) > before)
        second.stop()
    (once,) = payloads(api.events, 1)
    assert once["delay_ms"] >= 20_000
    assert payloads(api.events, 3) == []
    assert "its date has fired already" not in first.text
    assert "its date has fired already" in second.text


def test_a_message_queue_is_not_followed_and_it_says_so(start: StartSensor) -> None:
    with Api() as api:
        sensor = start(environment(api.url, [rule(1, "intervaltimer", interval=1)], MQ_URL="amqp://me:hush-hush@mq"))
        api.wait_for(1)
        sensor.stop()
    assert [each["level"] for each in sensor.log if "ATTUNE_MQ_URL" in each["message"]] == ["warn"]
    assert "hush-hush" not in sensor.text


def test_without_rules_it_waits_to_be_stopped(start: StartSensor) -> None:
    with Api() as api:
        sensor = start({**environment(api.url, []), "ATTUNE_SENSOR_TRIGGERS": ""})
        sensor.wait_for_log("there is nothing to do")
        sensor.wait_for_log("the timers run")
        sensor.stop(signal.SIGINT)
    assert api.accepted == []


def run(binary: Path, *arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [binary, *arguments], env=env or {}, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )


def test_help_and_version(binary: Path) -> None:
    asked = run(binary, "--help")
    assert (asked.returncode, asked.stderr) == (0, "")
    for name in environment("", [], LOG_LEVEL="", ARTIFACTS_DIR="", MQ_URL="", SENSOR_ID=""):
        assert name in asked.stdout
    secret = {"ATTUNE_API_TOKEN": TOKEN, "ATTUNE_API_URL": f"http://{TOKEN}@localhost"}
    assert run(binary, "--version", env=secret).stdout == "attune-core-timer-sensor 1.2.3\n"


def test_an_argument_that_is_not_known_is_not_repeated(binary: Path) -> None:
    asked = run(binary, f"--token={TOKEN}")
    assert asked.returncode == 2
    assert "--help" in asked.stderr
    assert TOKEN not in asked.stderr + asked.stdout


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"ATTUNE_API_TOKEN": ""}, "ATTUNE_API_TOKEN is missing"),
        ({"ATTUNE_API_URL": ""}, "ATTUNE_API_URL is missing"),
        ({"ATTUNE_API_URL": f"{TOKEN}:8080"}, "ATTUNE_API_URL is no address"),
        ({"ATTUNE_API_URL": f"http://me:{TOKEN}%@localhost"}, "ATTUNE_API_URL is no address"),
        ({"ATTUNE_SENSOR_TRIGGERS": f"{{{TOKEN}"}, "ATTUNE_SENSOR_TRIGGERS is no JSON array"),
    ],
)
def test_settings_that_do_not_do(binary: Path, change: dict[str, str], said: str) -> None:
    asked = run(binary, env={**environment("http://localhost", []), **change})
    assert (asked.returncode, asked.stdout) == (1, "")
    line = json.loads(asked.stderr)
    assert (line["level"], line["message"]) == ("error", "the sensor cannot start")
    assert said in line["error"]
    assert TOKEN not in asked.stderr


def test_it_does_not_wait_for_stdin_when_it_knows_all(binary: Path) -> None:
    """A pipe that nobody ever closes, as a terminal's or a careless parent's."""
    reading, writing = os.pipe()
    with Api() as api:
        started = subprocess.Popen(
            [binary], env=environment(api.url, [rule(1, "intervaltimer", interval=1)]), stdin=reading
        )
        try:
            api.wait_for(1)
        finally:
            started.terminate()
            started.wait()
            os.close(reading)
            os.close(writing)
    assert started.returncode == 0


def test_the_examples_of_the_triggers_are_served(start: StartSensor) -> None:
    documents = [yaml.safe_load(path.read_bytes()) for path in sorted((PACK / "triggers").glob("*.yaml"))]
    examples = [
        (each["ref"].partition(".")[2], every["parameters"]) for each in documents for every in each["examples"]
    ]
    rules = [rule(number, trigger, **config) for number, (trigger, config) in enumerate(examples)]
    with Api() as api:
        sensor = start(environment(api.url, rules))
        running = sensor.wait_for_log("the timers run")
        sensor.stop()
    assert (running["timers"], running["rules_refused"]) == (len(rules), 0), sensor.text
    assert not any(each["level"] in {"warn", "error"} for each in sensor.log)
