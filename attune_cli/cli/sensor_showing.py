"""A sensor's run as it is shown while it goes on: from a thread of its own, so that whoever does not read holds
up neither the sensor nor the API."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from queue import Queue
from typing import TextIO

from attune_cli.cli.interrupts import Interrupts
from attune_cli.diagnostics import Diagnostic
from attune_cli.report.progress import Progress
from attune_cli.report.sensor.lines import (
    event_lines,
    exit_line,
    log_line,
    note_line,
    reaction_lines,
    refused_call_line,
    start_line,
)
from attune_cli.report.style import Style, is_terminal, width
from attune_cli.sensor.model import Event, RefusedCall
from attune_cli.sensor.reactions import Reaction
from attune_cli.sensor.supervisor import Exit, Reason
from attune_cli.sensor.world import LocalWorld

#: So many things wait to be shown at most.
_WAITING = 1000
#: How long an event waits at a time for whoever does not read, in seconds.
_SHORT_PAUSE = 0.02
#: So many findings of rules are remembered to be told once.
_TOLD = 1000


def showing(interrupts: Interrupts, *, document: bool, full: bool, quiet: bool) -> Showing:
    """Live on a terminal, lines elsewhere, nothing where a document follows."""
    if document:
        return Showing(interrupts, quiet=quiet)
    if is_terminal(sys.stdout) and is_terminal(sys.stderr) and _can_move() and not quiet:
        # Imported here: nobody else needs Rich.
        from attune_cli.cli.sensor_live import Live

        return Live(interrupts, full=full)
    return Lines(interrupts, full=full, quiet=quiet)


def _can_move() -> bool:
    """Whether the terminal is more than a typewriter."""
    import os

    return os.environ.get("TERM", "dumb") not in {"dumb", "unknown"}


class Showing:
    """Shows nothing; what the others share. failure: why nothing can be shown any longer."""

    #: Whether what the sensor is doing can be seen all the time.
    shows_state = False

    def __init__(self, interrupts: Interrupts, *, quiet: bool) -> None:
        self.failure: Exception | None = None
        self._interrupts = interrupts
        self._quiet = quiet
        self._progress = Progress(sys.stderr)
        self._world: LocalWorld | None = None

    def progress(self, line: str) -> None:
        """What is set up before the start."""
        if not self._quiet:
            self._progress(line)

    def ready(self, world: LocalWorld) -> None:
        """From now on the world is asked to stop instead of attune."""
        self._progress.close()
        self._world = world
        self._interrupts.hand_on(world)

    def started(self, pid: int, number: int) -> None: ...

    def ended(self, exit_: Exit) -> None: ...

    def event(self, event: Event) -> None: ...

    def reaction(self, reaction: Reaction) -> None: ...

    def refused(self, call: RefusedCall) -> None: ...

    def log(self, stream: str, lines: list[str]) -> None: ...

    def close(self) -> None:
        """All has been told; returns when it has been shown."""
        self._progress.close()


class Lines(Showing):
    """Events on standard output, everything else on standard error."""

    def __init__(self, interrupts: Interrupts, *, full: bool, quiet: bool = False) -> None:
        super().__init__(interrupts, quiet=quiet)
        self._full = full
        self._out, self._err = Style.of(sys.stdout), Style.of(sys.stderr)
        self._stdout, self._stderr = own(sys.stdout), own(sys.stderr)
        # A pipe gets every event, however slowly it is read; a person who has stopped the terminal, not.
        self._drops = is_terminal(sys.stdout)
        self._queue: Queue[Callable[[], None] | None] = Queue()
        self._dropped = 0
        self._told: set[Diagnostic] = set()
        #: Codes and messages.
        self._helped: set[tuple[str, str]] = set()
        self._thread = threading.Thread(target=self._work, name="showing", daemon=True)

    def ready(self, world: LocalWorld) -> None:
        super().ready(world)
        self._thread.start()
        for note in world.prepared.notes:
            self._put(partial(self._say, *note_line(note, self._err, width(sys.stderr))))

    def started(self, pid: int, number: int) -> None:
        self._put(partial(self._say, start_line(self._sensor, pid, number, self._err)))

    def ended(self, exit_: Exit) -> None:
        self._put(partial(self._say, exit_line(self._sensor, exit_, self._err)))

    def event(self, event: Event) -> None:
        self._put(partial(self._show_event, event), must=True)

    def reaction(self, reaction: Reaction) -> None:
        self._put(partial(self._show_reaction, reaction), must=True)

    def refused(self, call: RefusedCall) -> None:
        self._put(partial(self._say, *refused_call_line(call, self._err, width(sys.stderr))))

    def log(self, stream: str, lines: list[str]) -> None:
        if not self._quiet:
            self._put(partial(self._say, *(log_line(stream, line, self._err) for line in lines)))

    def close(self) -> None:
        super().close()
        if self._thread.is_alive():
            self._queue.put(None)
            self._thread.join()

    @property
    def _sensor(self) -> str:
        return self._world.prepared.sensor.ref if self._world else ""

    def _put(self, show: Callable[[], None], *, must: bool = False) -> None:
        """must: where somebody reads, wait for room; but not once the sensor is being stopped."""
        if self._queue.qsize() >= _WAITING:
            if not must or self._drops:
                self._dropped += 1
                return
            while self._queue.qsize() >= _WAITING and not (self._world and self._world.supervisor.is_stopping()):
                time.sleep(_SHORT_PAUSE)
        self._queue.put(show)

    def _work(self) -> None:
        while show := self._queue.get():
            self._try(show)
            self._tell_dropped()
            if self._queue.empty():
                self._try(self._flush)
        self._try(self._flush)

    def _tell_dropped(self) -> None:
        if self._dropped and self._queue.qsize() < _WAITING // 2:
            count, self._dropped = self._dropped, 0
            self._try(partial(self._say, f"... {count} lines not shown: they came too fast"))

    def _try(self, show: Callable[[], None]) -> None:
        if self.failure is None:
            try:
                show()
            except Exception as error:  # noqa: BLE001 - whatever it is, it is told by the thread that ends the run
                self.failure = error
                if self._world:
                    self._world.supervisor.stop(Reason.FAILURE)

    def _show_event(self, event: Event) -> None:
        numbered = self._world is not None and self._world.reacted is not None
        shown = self._helped_once(event)
        for line in event_lines(shown, self._out, width(sys.stdout), full=self._full, numbered=numbered):
            self._answer(line)

    def _helped_once(self, event: Event) -> Event:
        """What helps against a finding is told with the first event that has it."""
        if not any(each.help for each in event.findings):
            return event
        findings = [
            each._replace(help=None) if (each.code, each.message) in self._helped else each for each in event.findings
        ]
        new = [(each.code, each.message) for each in findings if each.help]
        self._helped.update(new[: _TOLD - len(self._helped)])
        return replace(event, findings=tuple(findings))

    def _show_reaction(self, reaction: Reaction) -> None:
        """What a rule's file is guilty of is told once, and not with every event."""
        new = tuple(each for each in reaction.findings if each not in self._told)
        self._told.update(new[: _TOLD - len(self._told)])
        for line in reaction_lines(reaction._replace(findings=new), self._out, width(sys.stdout)):
            self._answer(line)

    def _answer(self, line: str) -> None:
        print(line, file=self._stdout)

    def _say(self, *lines: str) -> None:
        if not self._quiet:
            for line in lines:
                print(line, file=self._stderr)

    def _flush(self) -> None:
        self._stdout.flush()
        self._stderr.flush()


def own(stream: TextIO) -> TextIO:
    """Another stream to the same place. A thread that waits for whoever does not read holds a lock of the
    stream that it writes to; of ours, attune's end would wait for that lock."""
    return open(stream.fileno(), "w", encoding=stream.encoding, errors="backslashreplace", closefd=False)
