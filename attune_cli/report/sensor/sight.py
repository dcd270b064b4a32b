"""What there is to see of a running sensor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from attune_cli.sensor.journal import Count
from attune_cli.sensor.meter import Load
from attune_cli.sensor.supervisor import State


class Sight(NamedTuple):
    """What there is to see at one moment.

    since:  monotonic: when the state began; for `waiting`, when the sensor is started again.
    counts: trigger → events so far.
    logs:   stream → its last lines.
    """

    sensor: str
    state: State
    since: float
    pid: int | None
    load: Load
    starts: int
    counts: Mapping[str, Count]
    logs: Mapping[str, Iterable[str]]
