"""Ctrl-C and the other ways to ask attune to stop, handed on to what it runs."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Protocol

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Cancellable(Protocol):
    """Something that runs and can be asked to stop; asked again, it stops at once."""

    def cancel(self) -> None: ...


class Interrupts:
    """What has been asked so far, and who is to be told.

    The first Ctrl-C, SIGTERM or SIGHUP stops what runs gracefully, the second at once. While
    nothing runs, each ends attune as Ctrl-C ends a Python program.

    noted: called when what runs has been asked to stop; from a signal handler, so it must not print
    by way of a buffer.
    """

    def __init__(self, noted: Callable[[], None] | None = None) -> None:
        #: Whether what runs has been asked to stop.
        self.asked = False
        self._running: Cancellable | None = None
        #: How often was asked while something was being started; None: nothing is.
        self._held: int | None = None
        self._noted = noted

    def hold(self) -> None:
        """Something is being started: who asks to stop from now on means what will be handed on to."""
        self._held = 0

    def hand_on(self, running: Cancellable) -> None:
        """From now on `running` is asked to stop instead of attune."""
        self._running = running
        for _ in range(self._held or 0):
            running.cancel()
        self._held = None

    def take_back(self) -> None:
        """What ran has ended, or could not be started: from now on attune itself is stopped again."""
        self._running = self._held = None

    def _handle(self, _number: int, _frame: FrameType | None) -> None:
        if self._running:
            self._running.cancel()
        elif self._held is not None:
            self._held += 1
        else:
            raise KeyboardInterrupt
        if not self.asked and self._noted:
            self._noted()
        self.asked = True

    @contextmanager
    def caught(self) -> Iterator[None]:
        """Handle the signals meanwhile. One that is ignored (`nohup`) stays ignored."""
        before = {number: signal.getsignal(number) for number in _SIGNALS}
        for number, handler in before.items():
            if handler != signal.SIG_IGN:
                signal.signal(number, self._handle)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
