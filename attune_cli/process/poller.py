"""One poll for everything a run waits for: pipes, the process itself, the outputs, a wake-up call."""

from __future__ import annotations

import os
import select
import sys
import threading
from collections.abc import Callable
from contextlib import suppress

#: How long is waited at a stretch, in seconds. A signal that comes in the instant before the system call begins, or
#: to another thread, does not end that call: its Python handler runs when the call is over.
_LONGEST_WAIT = 1.0


class Poller:
    """Calls a handler for each descriptor that is ready."""

    def __init__(self) -> None:
        self._poll = select.poll()
        self._handlers: dict[int, Callable[[], None]] = {}

    def add(self, fd: int, handler: Callable[[], None], *, write: bool = False) -> None:
        self._poll.register(fd, select.POLLOUT if write else select.POLLIN)
        self._handlers[fd] = handler

    def remove(self, fd: int) -> None:
        """Stop waiting for it; nothing happens when nobody did."""
        if self._handlers.pop(fd, None):
            self._poll.unregister(fd)

    def wait(self, seconds: float | None) -> None:
        """Handle what is ready, waiting for it at most so long; None: as long as one waits at a stretch (a second).

        It may return early with nothing done: whoever waits for something asks again.
        """
        longest = _LONGEST_WAIT if seconds is None else min(seconds, _LONGEST_WAIT)
        # Rounded up: a poll that returns just before a deadline would be repeated for nothing.
        for fd, _ in self._poll.poll(max(0, int(longest * 1000) + 1)):
            # Gone when the handler of another one has just closed it.
            if handler := self._handlers.get(fd):
                handler()


class Bell:
    """Wakes a poll from another thread or from a signal handler."""

    def __init__(self) -> None:
        # A handler may ring while its own thread holds the lock; another thread must not ring while
        # the descriptor is closed and perhaps given to somebody's file.
        self._lock = threading.RLock()
        if sys.platform == "linux":
            self.fd = self._ring = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        else:
            self.fd, self._ring = os.pipe()
            os.set_blocking(self.fd, False)
            os.set_blocking(self._ring, False)

    def ring(self) -> None:
        # A pipe that is full of calls has been rung often enough.
        with self._lock, suppress(BlockingIOError):
            if self._ring >= 0:
                os.write(self._ring, (1).to_bytes(8, sys.byteorder))

    def silence(self) -> None:
        os.read(self.fd, 8)

    def close(self) -> None:
        with self._lock:
            fds = {self.fd, self._ring} - {-1}
            self.fd = self._ring = -1
            for fd in fds:
                os.close(fd)
