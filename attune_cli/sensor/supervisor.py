"""Keeping a sensor running as the platform does: started, restarted when it ends by itself, stopped when asked."""

from __future__ import annotations

import signal
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from attune_cli.process import AT_ONCE, Member, Outcome, Process, Request, Rung, start
from attune_cli.process.poller import Bell, Poller
from attune_cli.sensor.backoff import BASE, Backoff

#: How long the platform waits between SIGTERM and SIGKILL, in seconds.
GRACE = 5.0
#: Of so many ends of the sensor all is remembered.
_REMEMBERED = 100


class State(StrEnum):
    """What a sensor is doing."""

    STARTING = "starting"
    RUNNING = "running"
    WAITING = "waiting"
    STOPPING = "stopping"
    STOPPED = "stopped"


class Reason(StrEnum):
    """Why a sensor is stopped; none of them: it has ended by itself and is not started again."""

    DURATION = "duration"
    EVENTS = "events"
    TIMEOUT = "timeout"
    INTERRUPT = "interrupt"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How it is kept running. Times in seconds; None: none.

    duration: it is stopped after that long.  timeout: likewise, but then what was waited for has not come.
    restart:  whether it is started again.
    """

    grace: float = GRACE
    backoff_base: float = BASE
    restart: bool = True
    duration: float | None = None
    timeout: float | None = None

    @property
    def ladder(self) -> tuple[Rung, ...]:
        """How it is stopped."""
        return (Rung(signal.SIGTERM, self.grace), *AT_ONCE) if self.grace else AT_ONCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Exit:
    """One end of the sensor's process.

    expected:  it was asked to stop, or nobody minds that it has ended.
    killed:    SIGKILL was needed, for it or for what it had started.
    leftovers: what it had left running; it was killed.
    pause:     seconds until it is started again; None: it is not.
    """

    pid: int
    exit_code: int | None
    signal: str | None
    duration: float
    expected: bool
    killed: bool
    leftovers: tuple[Member, ...] = ()
    pause: float | None = None

    @property
    def is_clean(self) -> bool:
        """Whether it went as it should."""
        return self.expected and not self.killed and not self.leftovers


@dataclass(slots=True)
class Course:
    """How it has gone so far. exits: the last ones.  unclean: how many were not as they should be."""

    starts: int = 0
    exits: deque[Exit] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    unclean: int = 0
    cpu_seconds: float = 0.0
    peak_memory_bytes: int | None = None


class Supervisor:
    """Runs in the thread that calls `run`; everything else may be called from any thread.

    request: makes the process to start anew, each time.
    started: called with its pid and the number of the start.
    ended:   called with each end.
    """

    def __init__(
        self,
        request: Callable[[], Request],
        terms: Terms,
        started: Callable[[int, int], None],
        ended: Callable[[Exit], None],
    ) -> None:
        self.course = Course()
        self.state = State.STARTING
        self.pid: int | None = None
        self.since = time.monotonic()
        self.reason: Reason | None = None
        self._request = request
        self._terms = terms
        self._told_start = started
        self._told_end = ended
        self._backoff = Backoff(terms.backoff_base)
        # Reentrant: a signal handler may ask while its own thread hands on what was asked before.
        self._lock = threading.RLock()
        self._bell = Bell()
        self._asked = self._handed_on = 0
        self._process: Process | None = None

    def is_stopping(self) -> bool:
        """Whether it has been asked to end."""
        return self.reason is not None

    def stop(self, reason: Reason) -> None:
        """End it gracefully, unless it is being ended already."""
        with self._lock:
            if not self.is_stopping():
                self._ask(reason)

    def cancel(self) -> None:
        """A person wants it to end: gracefully the first time, at once the second. For signal handlers too."""
        with self._lock:
            self._ask(Reason.INTERRUPT)

    def run(self) -> None:
        """Keep it running until it is stopped. Raises SpawnError when it cannot be started, at first or again."""
        timers = [self._timer(self._terms.duration, Reason.DURATION), self._timer(self._terms.timeout, Reason.TIMEOUT)]
        try:
            while not self.is_stopping():
                pause = self._once()
                if pause is None:
                    break
                self._wait(pause)
        finally:
            for timer in timers:
                if timer:
                    timer.cancel()
            self.state = State.STOPPED
            self.pid = None
            with self._lock:
                self._bell.close()

    def _ask(self, reason: Reason) -> None:
        self.reason = self.reason or reason
        self._asked += 1
        if self.state is State.RUNNING:
            self.state, self.since = State.STOPPING, time.monotonic()
        self._hand_on()
        self._bell.ring()

    def _hand_on(self) -> None:
        """Tell the process as often as was asked."""
        while self._process and self._handed_on < self._asked:
            self._handed_on += 1
            self._process.cancel()

    def _once(self) -> float | None:
        """One start to its end; for how long to wait before the next. None: there is none."""
        self.state, self.since = State.STARTING, time.monotonic()
        with start(self._request()) as process:
            self.course.starts += 1
            self.pid = process.pid
            with self._lock:
                self.state = State.STOPPING if self.is_stopping() else State.RUNNING
                self._process = process
                self._hand_on()
            self._told_start(process.pid, self.course.starts)
            try:
                outcome = process.wait()
            finally:
                with self._lock:
                    self._process = None
        self.pid = None
        return self._note(outcome)

    def _note(self, outcome: Outcome) -> float | None:
        restarts = not self.is_stopping() and self._terms.restart
        exit_ = Exit(
            pid=outcome.pid,
            exit_code=outcome.exit_code,
            signal=outcome.signal_name,
            duration=outcome.duration,
            # Where it is not started again, an exit with 0 is an end like another.
            expected=outcome.cancelled or (outcome.exit_code == 0 and not restarts),
            killed=any(sent.signal == signal.SIGKILL for sent in outcome.signals),
            leftovers=outcome.leftovers + outcome.survivors,
            pause=self._backoff.after(outcome.duration) if restarts else None,
        )
        course = self.course
        course.exits.append(exit_)
        course.unclean += not exit_.is_clean
        course.cpu_seconds += outcome.usage.cpu_seconds
        peaks = (course.peak_memory_bytes, outcome.usage.peak_memory_bytes)
        course.peak_memory_bytes = max(filter(None, peaks), default=None)
        self._told_end(exit_)
        return exit_.pause

    def _wait(self, pause: float) -> None:
        """Until it is time to start it again, or it is not to be."""
        with self._lock:
            if self.is_stopping():
                return
            self.state, self.since = State.WAITING, time.monotonic() + pause
        until = time.monotonic() + pause
        poller = Poller()
        poller.add(self._bell.fd, self._bell.silence)
        while not self.is_stopping() and (left := until - time.monotonic()) > 0:
            poller.wait(left)

    def _timer(self, seconds: float | None, reason: Reason) -> threading.Timer | None:
        if seconds is None:
            return None
        timer = threading.Timer(seconds, self.stop, (reason,))
        timer.daemon = True
        timer.start()
        return timer
