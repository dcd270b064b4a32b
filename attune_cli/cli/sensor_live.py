"""A sensor's run on a terminal: events above, and below them how the sensor does."""

from __future__ import annotations

import time
from collections import deque
from functools import partial
from queue import Empty

from attune_cli.cli.interrupts import Interrupts
from attune_cli.cli.sensor_showing import Lines
from attune_cli.report.sensor.lines import log_line
from attune_cli.report.sensor.live import LiveView
from attune_cli.report.sensor.sight import Sight
from attune_cli.sensor.meter import Meter
from attune_cli.sensor.supervisor import Exit

#: Of each stream so many lines are left on the screen when a sensor goes wrong.
_LAST_LINES = 5
#: The view is drawn anew so often, in seconds.
_PAUSE = 0.25


class Live(Lines):
    """Events above, and below them how the sensor does."""

    shows_state = True

    def __init__(self, interrupts: Interrupts, *, full: bool) -> None:
        super().__init__(interrupts, full=full)
        self._view = LiveView(self._stdout)
        self._meter = Meter()
        self._drawn = 0.0
        #: What each stream has printed last since the last start.
        self._last: dict[str, deque[str]] = {}

    def started(self, pid: int, number: int) -> None:
        super().started(pid, number)
        self._last = {}

    def ended(self, exit_: Exit) -> None:
        """Where it went wrong, what it printed last stays on the screen."""
        if not exit_.is_clean:
            last = [log_line(stream, line, self._err) for stream, lines in self._last.items() for line in lines]
            self._put(partial(self._say, *last))
        super().ended(exit_)

    def log(self, stream: str, lines: list[str]) -> None:
        """They are in the view."""
        self._last.setdefault(stream, deque(maxlen=_LAST_LINES)).extend(lines)

    def _work(self) -> None:
        self._try(self._view.start)
        try:
            self._show_until_closed()
        finally:
            self._try(self._view.stop)

    def _show_until_closed(self) -> None:
        while True:
            self._try(self._draw)
            try:
                show = self._queue.get(timeout=_PAUSE)
            except Empty:
                continue
            if show is None:
                return
            self._try(show)
            self._tell_dropped()

    def _draw(self) -> None:
        """As often as it can be looked at."""
        now = time.monotonic()
        if self._world is None or now - self._drawn < _PAUSE:
            return
        self._drawn = now
        supervisor = self._world.supervisor
        sight = Sight(
            sensor=self._sensor,
            state=supervisor.state,
            since=supervisor.since,
            pid=supervisor.pid,
            load=self._meter.look(supervisor.pid),
            starts=supervisor.course.starts,
            counts=self._world.journal.triggers,
            logs={log.name: tuple(log.tail.lines) for log in self._world.logs},
        )
        self._view.draw(sight)

    def _answer(self, line: str) -> None:
        self._view.above((line,))

    def _say(self, *lines: str) -> None:
        self._view.above(lines)
