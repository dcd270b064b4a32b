"""What has come of a run so far: events, findings, calls that nobody answers. Bounded, however long it runs."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from attune_cli.diagnostics import Diagnostic, Severity
from attune_cli.sensor.model import Event, RefusedCall

#: What is remembered as it was: so many of the last events, of so many bytes together.
LAST_EVENTS, LAST_BYTES = 1000, 4 * 1024 * 1024
#: Of findings the first are kept: those that follow are mostly the same.
FIRST_FINDINGS = 500


@dataclass(slots=True)
class Count:
    """Of the events of one trigger. wrong: those with an error among their findings, refused ones too."""

    events: int = 0
    accepted: int = 0
    wrong: int = 0


class Journal:
    """Takes notes; for any thread.

    declared: the sensor's triggers, which are counted from the start.
    """

    def __init__(self, declared: Iterable[str] = ()) -> None:
        self.total = Count()
        self.triggers = {ref: Count() for ref in declared}
        self.last: deque[Event] = deque(maxlen=LAST_EVENTS)
        self.findings: list[Diagnostic] = []
        self.severities = dict.fromkeys(Severity, 0)
        #: Each once.
        self.refused_calls: list[RefusedCall] = []
        self._bytes = 0
        self._lock = threading.Lock()

    def note(self, event: Event) -> None:
        """Count an event and remember it."""
        wrong = any(finding.severity >= Severity.ERROR for finding in event.findings)
        with self._lock:
            for count in (self.total, self.triggers.get(event.trigger_ref)):
                if count:
                    count.events += 1
                    count.accepted += event.accepted
                    count.wrong += wrong
            self._remember(event)
            self._find(event.findings)

    def find(self, findings: Iterable[Diagnostic]) -> None:
        """Note findings that are about no event alone."""
        with self._lock:
            self._find(findings)

    @property
    def has_errors(self) -> bool:
        """Whether anything was found that has to be put right."""
        return self.severities[Severity.ERROR] > 0

    def snapshot(self) -> tuple[tuple[Event, ...], tuple[Diagnostic, ...]]:
        """The last events, and the first findings."""
        with self._lock:
            return tuple(self.last), tuple(self.findings)

    def _remember(self, event: Event) -> None:
        if len(self.last) == LAST_EVENTS:
            self._bytes -= self.last[0].size
        self.last.append(event)
        self._bytes += event.size
        while self._bytes > LAST_BYTES and len(self.last) > 1:
            self._bytes -= self.last.popleft().size

    def _find(self, findings: Iterable[Diagnostic]) -> None:
        for finding in findings:
            self.severities[finding.severity] += 1
            if len(self.findings) < FIRST_FINDINGS:
                self.findings.append(finding)
