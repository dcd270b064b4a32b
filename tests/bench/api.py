"""How many events a second the local API takes and checks, how long one waits, and what is kept of them.

The peer is a uvicorn whose application answers every request with the same bytes: nothing that reads,
checks and answers an event behind that server can be faster. The client is a process of its own, on the
same two cores.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from attune_cli.pack.parameter_schema import ParameterSchema
from attune_cli.sensor.api import LocalApi
from attune_cli.sensor.http import Answer, send_answer
from attune_cli.sensor.keys import KeyStore
from attune_cli.sensor.model import Event, SensorRule, Trigger
from attune_cli.sensor.server import LocalServer
from tests.bench.harness import Contender, race
from tests.bench.table import Row, compared
from tests.bench.workshop import Workshop

_CLIENT = Path(__file__).parent / "api_client.py"
_CONNECTIONS = 8
_LEAST_A_SECOND, _MOST_P99, _MOST_GROWTH = 2_000, 20.0, 4.0
_OUTPUT = {
    "type": {"type": "string", "required": True, "enum": ["interval"]},
    "interval_seconds": {"type": "integer", "required": True, "minimum": 1},
    "fired_at": {"type": "string", "format": "date-time", "required": True},
    "execution_count": {"type": "integer", "required": True},
    "sensor_ref": {"type": "string"},
}


def rows(workshop: Workshop) -> Iterator[Row]:
    """Speed and latency, then memory over many."""
    workshop.say("events into the local API")
    each = 5_000 if workshop.quick else 20_000
    latencies: list[tuple[float, float]] = []
    events: list[Event] = []
    with _api(events.append) as api:
        url = api.url
        bare = LocalServer(_bare)
        bare_url = bare.start()

        def ours() -> float:
            events.clear()
            seconds, _, p99, longest = _created(url, api.token, each)
            latencies.append((p99, longest))
            if len(events) != each or any(event.findings for event in events):
                sys.exit("the events have not all come, or not as they were sent")
            return seconds / each

        peer = Contender("bare uvicorn", lambda: _created(bare_url, "x", each)[0] / each)
        found = race([Contender("checked", ours), peer], workshop.rounds(9, 3))
        bare.stop()
    series = found["checked"]
    yield compared(f"event: checked / bare uvicorn, {_CONNECTIONS} connections", series, found["bare uvicorn"])
    yield _row("  events a second", 1 / series.median, f"≥ {_LEAST_A_SECOND}", met=1 / series.median >= _LEAST_A_SECOND)
    p99 = sorted(latencies)[len(latencies) // 2][0]
    yield _row(
        f"  ms until answered, p99 (longest {max(latencies)[1]:.1f})", p99, f"< {_MOST_P99:g}", met=p99 < _MOST_P99
    )
    yield _memory(workshop)


def _memory(workshop: Workshop) -> Row:
    total = 20_000 if workshop.quick else 200_000
    workshop.say(f"{total} events")
    with _api(_nothing) as api:
        _created(api.url, api.token, 5_000)
        before = _resident()
        _created(api.url, api.token, total)
        growth = (_resident() - before) / 1024 / 1024
    return _row(f"  MiB grown over {total} events", growth, f"≤ {_MOST_GROWTH:g}", met=growth <= _MOST_GROWTH)


def _api(on_event: Callable[[Event], None]) -> LocalApi:
    trigger = Trigger(id=1, ref="core.intervaltimer", pack_ref="core", output=ParameterSchema.from_data(_OUTPUT))
    rule = SensorRule(id=1, ref="core.tick", trigger_ref=trigger.ref)
    triggers = {trigger.ref: trigger}
    sensor = "core.interval_timer_sensor"
    return LocalApi(KeyStore(), triggers, (rule,), sensor, frozenset(triggers), on_event, _nothing)


def _nothing(*_: object) -> None:
    """For who wants to be told nothing."""


async def _bare(_: Any, receive: Any, send: Any) -> None:
    await receive()
    await send_answer(Answer(201, b'{"data":{}}'), send)


def _created(url: str, token: str, events: int) -> tuple[float, float, float, float]:
    """seconds, and median, 99th percentile and maximum of the latencies in milliseconds."""
    command = (sys.executable, "-S", str(_CLIENT), url.rpartition(":")[2], token, str(_CONNECTIONS), str(events))
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, median, p99, longest = map(float, done.stdout.split())
    return seconds, median, p99, longest


def _resident() -> int:
    """Bytes of this process that are in memory: proc(5), statm."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096


def _row(name: str, value: float, goal: str, *, met: bool) -> Row:
    return Row(name, f"{value:.1f}" if value < 100 else f"{value:.0f}", "", "", goal, "yes" if met else "NO")
