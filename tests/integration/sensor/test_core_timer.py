"""The timer sensor of the core pack as a person gets to see it: built by `attune build`, run by `attune run sensor`."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from attune_cli.build.builder import build
from tests.integration.cli.conftest import Attune
from tests.integration.sensor.conftest import sensor_run
from tests.packs.core import PACK

#: The first time, Go compiles its library.
pytestmark = pytest.mark.timeout(600)

SECONDS = 20


@pytest.fixture
def core(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config) -> Path:
    """A copy of the pack with its sensor, built here."""
    assert pytestconfig.cache is not None
    monkeypatch.setenv("GOCACHE", str(pytestconfig.cache.mkdir("go")))
    built = shutil.ignore_patterns("attune-core-timer-sensor", "dist", "binaries.lock", ".*")
    root = Path(shutil.copytree(PACK, tmp_path / "packs/core", ignore=built))
    (one,) = build(root, ["timer-sensor"])
    assert one.problems == ()
    return root


@pytest.fixture
def document(attune: Attune, core: Path) -> dict[str, Any]:
    """Of a run with a rule for each trigger."""
    assert core.is_dir()
    soon = datetime.now(UTC) + timedelta(seconds=SECONDS / 2)
    rules = {
        "core.intervaltimer": {"unit": "seconds", "interval": 1},
        "core.crontimer": {"expression": "*/2 * * * * *", "timezone": "Asia/Kathmandu"},
        "core.datetimetimer": {"fire_at": soon.isoformat()},
    }
    on = [word for ref, config in rules.items() for word in ("--on", ref, json.dumps(config))]
    process = attune.start("run", "sensor", "core.interval_timer_sensor", "-j", "--duration", f"{SECONDS}s", *on)
    out, err = process.communicate(timeout=200)
    assert process.returncode == 0, err.decode()
    return sensor_run(out)


def test_all_three_triggers_and_a_clean_stop(document: dict[str, Any]) -> None:
    assert (document["status"], document["reason"], document["starts"]) == ("passed", "duration", 1)
    (end,) = document["exits"]
    assert (end["exit_code"], end["killed"], end["leftovers"]) == (0, False, [])
    assert document["findings"]["first"] == document["refused_calls"] == []
    counted, stopped = lifetime(document)
    check_intervals(list(payloads(document, 1)), (stopped - counted).total_seconds())
    check_cron(list(payloads(document, 2)), counted, stopped)
    (once,) = payloads(document, 3)
    assert moment(once["fired_at"]) >= moment(once["fire_at"])


def check_intervals(found: list[dict[str, Any]], seconds: float) -> None:
    """As many as whole seconds have passed; the last one may be due as it stops."""
    assert [each["execution_count"] for each in found] == list(range(1, len(found) + 1))
    assert len(found) in {math.floor(seconds) - 1, math.floor(seconds)}


def check_cron(found: list[dict[str, Any]], counted: datetime, stopped: datetime) -> None:
    """Each even second once."""
    due = [moment(each["scheduled_at"]) for each in found]
    assert {each.second % 2 for each in due} == {0}
    assert all(later - earlier == timedelta(seconds=2) for earlier, later in pairwise(due))
    assert counted < due[0] <= counted + timedelta(seconds=2)
    assert stopped - timedelta(seconds=4) < due[-1] <= stopped


def payloads(document: dict[str, Any], number: int) -> Iterator[dict[str, Any]]:
    """Of the events for a rule."""
    return (each["payload"] for each in document["events"]["last"] if each["rule_ref"] == f"core.local_{number}")


def lifetime(document: dict[str, Any]) -> tuple[datetime, datetime]:
    """From when the sensor has counted, and until when, by its own log."""
    log = {line["message"]: line for line in map(json.loads, document["logs"]["stderr"]["tail"])}
    return moment(log["the timers run"]["counted_from"]), moment(log["the timer sensor stops"]["timestamp"])


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
