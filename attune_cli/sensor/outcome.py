"""How a sensor's run in its local world went, as a value."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from attune_cli.errors import AttuneError, ExitCode
from attune_cli.execution.execution import SUCCEEDED
from attune_cli.sensor.journal import Journal
from attune_cli.sensor.logs import LogStream
from attune_cli.sensor.reactions import DROPPED, SKIPPED, Reaction
from attune_cli.sensor.rules import LocalRule
from attune_cli.sensor.supervisor import Course, Reason

PASSED = "passed"
FINDINGS = "findings"
UNCLEAN = "unclean"
TOO_FEW = "too_few"
TIMED_OUT = "timed_out"
CANCELLED = "cancelled"
FAILED = "failed"
NOT_STARTED = "not_started"

_EXIT_STATUS = {
    PASSED: ExitCode.OK,
    FINDINGS: ExitCode.FINDINGS,
    UNCLEAN: ExitCode.FINDINGS,
    TOO_FEW: ExitCode.FINDINGS,
    TIMED_OUT: ExitCode.TIMED_OUT,
    CANCELLED: ExitCode.INTERRUPTED,
}


#: Of so many reactions the document tells.
_REACTIONS = 200


class Reacted:
    """What has come of the reactions; for any thread. last: the last of them."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.last: deque[Reaction] = deque(maxlen=_REACTIONS)
        self._lock = threading.Lock()

    def note(self, reaction: Reaction) -> None:
        """Count one and remember it."""
        with self._lock:
            self.counts[reaction.status] = self.counts.get(reaction.status, 0) + 1
            self.last.append(reaction)

    @property
    def failed(self) -> int:
        """Actions that were started, or should have been, and did not succeed."""
        return sum(count for status, count in self.counts.items() if status not in {SUCCEEDED, SKIPPED, DROPPED})


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorRun:
    """Secrets are masked in every field.

    sensor:    the ref, or what was given where there is none.
    runtime:   the runtime's name; None when none was found.
    reason:    why it was stopped; None: it had ended by itself, or was never started.
    wanted:    how many events were waited for.
    started:   Unix time, seconds.  duration: seconds.
    notes:     what a person should know beforehand.
    artifacts: the folder in which it left files; None: it left none.
    failure:   what kept it from starting, or from going on.
    """

    sensor: str
    runtime: str | None = None
    reason: Reason | None = None
    wanted: int | None = None
    started: float = 0.0
    duration: float = 0.0
    rules: tuple[LocalRule, ...] = ()
    notes: tuple[str, ...] = ()
    course: Course = field(default_factory=Course)
    journal: Journal = field(default_factory=Journal)
    reacted: Reacted | None = None
    logs: tuple[LogStream, ...] = ()
    artifacts: Path | None = None
    failure: AttuneError | None = None

    @property
    def status(self) -> str:
        """One of the constants above; the first that holds of: it could not, it was too late, it was wrong."""
        if self.failure:
            return FAILED if self.course.starts else NOT_STARTED
        if self.reason is Reason.INTERRUPT and not self.course.starts:
            return CANCELLED
        if self.is_short:
            too_few = {Reason.TIMEOUT: TIMED_OUT, Reason.DURATION: TIMED_OUT, Reason.INTERRUPT: CANCELLED}
            return too_few.get(self.reason, TOO_FEW) if self.reason else TOO_FEW
        if self.journal.has_errors or (self.reacted and self.reacted.failed):
            return FINDINGS
        return UNCLEAN if self.course.unclean else PASSED

    @property
    def is_short(self) -> bool:
        """Whether fewer events came than were waited for."""
        return self.wanted is not None and self.course.starts > 0 and self.journal.total.accepted < self.wanted

    @property
    def exit_status(self) -> int:
        """What `attune run sensor` exits with."""
        return int(self.failure.run_exit_code if self.failure else _EXIT_STATUS[self.status])
