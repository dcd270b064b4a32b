"""Showing a stream while it is captured, without ever waiting for whoever reads it."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable
from functools import partial

from attune_cli.process.poller import Poller

# POSIX: a pipe that polls as writable takes this many bytes without blocking.
_PIPE_CHUNK = 4096
_FILE_CHUNK = 64 * 1024


class LiveOutput:
    """An output of this process (a terminal, a pipe, a file) that a child's stream is copied to.

    What has not been written yet waits in memory; the capture's bound is its bound as well. The
    engine writes when a poll says that there is room, so a reader that has stopped reading never
    holds up a deadline.

    fd:        the file descriptor; it stays the caller's, and its flags are not touched.
    transform: applied to every piece before it is written.
    """

    def __init__(self, fd: int, transform: Callable[[bytes], bytes] | None = None) -> None:
        self._transform = transform
        self._pending = bytearray()
        self._own = -1
        mode = os.fstat(fd).st_mode
        self._chunk = _FILE_CHUNK if stat.S_ISREG(mode) else _PIPE_CHUNK
        if os.isatty(fd):
            self._own = _reopened(fd)
        self._fd = fd if self._own < 0 else self._own

    def __call__(self, data: bytes) -> None:
        """Take a piece to be written."""
        self._pending += self._transform(data) if self._transform else data

    def fileno(self) -> int:
        return self._fd

    @property
    def waiting(self) -> int:
        """How many bytes have not been written yet."""
        return len(self._pending)

    def on_writable(self) -> None:
        """Write what fits now. Raises OSError (BrokenPipeError: the reader is gone)."""
        try:
            count = os.write(self._fd, memoryview(self._pending)[: self._chunk])
        except BlockingIOError:
            return
        del self._pending[:count]

    def close(self) -> None:
        """Let go of the output; what still waits is dropped."""
        self._pending.clear()
        if self._own >= 0:
            os.close(self._own)
            self._own = -1


class Showing:
    """The outputs of one run: written while it runs, as there is room, and to the end behind it."""

    def __init__(self, poller: Poller, sinks: Iterable[object]) -> None:
        self._poller = poller
        #: By descriptor: both streams may be shown on one.
        self._outputs: dict[int, list[LiveOutput]] = {}
        for sink in sinks:
            if isinstance(sink, LiveOutput) and sink not in (outputs := self._outputs.setdefault(sink.fileno(), [])):
                outputs.append(sink)

    def go_on(self) -> None:
        """Have the poller write what has come to wait."""
        for fd, outputs in self._outputs.items():
            if any(output.waiting for output in outputs):
                self._poller.add(fd, partial(self._write, fd), write=True)

    def finish(self, patience: Callable[[], float | None]) -> None:
        """Write the rest.

        patience: asked for how many seconds a reader that does not read is waited for; None: for ever.
        """
        if not self._outputs:
            return
        self.go_on()
        while waiting := self._waiting():
            seconds = patience()
            self._poller.wait(seconds)
            if seconds is not None and self._waiting() == waiting:
                return

    def _waiting(self) -> int:
        return sum(output.waiting for outputs in self._outputs.values() for output in outputs)

    def _write(self, fd: int) -> None:
        waiting = [output for output in self._outputs[fd] if output.waiting]
        waiting[0].on_writable()
        if len(waiting) == 1 and not waiting[0].waiting:
            self._poller.remove(fd)


def _reopened(fd: int) -> int:
    """The terminal behind `fd`, opened anew so that it can be non-blocking for us alone; else -1.

    A terminal polls as writable with room for a single byte: a larger write would wait for a
    person who has pressed Ctrl-S.
    """
    try:
        return os.open(os.ttyname(fd), os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError:
        return -1
