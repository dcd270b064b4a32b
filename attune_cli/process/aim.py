"""Signalling exactly the process that was meant, never a stranger that was given its number since."""

from __future__ import annotations

import contextlib
import errno
import os
import select
import signal
import time
from collections.abc import Iterable, Iterator

from attune_cli.process import proc

#: Between two looks at what is being killed where no pidfd tells of its end, in seconds.
_BLIND_PAUSE = 0.005


def send(entry: proc.Stat, number: signal.Signals) -> None:
    """Signal it; nothing when it is gone or another user's."""
    with _held(entry) as fd:
        if fd is not None:
            _strike(entry, fd, number)


def kill(entries: Iterable[proc.Stat], patience: float) -> None:
    """SIGKILL each, then wait at most `patience` seconds until all have ended."""
    with _all_held(entries) as held:
        for entry, fd in held:
            _strike(entry, fd, signal.SIGKILL)
        _await_end(held, patience)


def await_end(entries: Iterable[proc.Stat], patience: float) -> None:
    """Wait at most `patience` seconds until all have ended."""
    with _all_held(entries) as held:
        _await_end(held, patience)


def _await_end(held: list[tuple[proc.Stat, int]], patience: float) -> None:
    fds = [fd for _, fd in held]
    if -1 in fds:
        time.sleep(min(patience, _BLIND_PAUSE))
        return
    waiting = select.poll()
    for fd in fds:
        waiting.register(fd, select.POLLIN)
    count = len(fds)
    until = time.monotonic() + patience
    while count and (left := until - time.monotonic()) > 0:
        for fd, _ in waiting.poll(left * 1000):
            waiting.unregister(fd)
            count -= 1


@contextlib.contextmanager
def _all_held(entries: Iterable[proc.Stat]) -> Iterator[list[tuple[proc.Stat, int]]]:
    """Those that are alive, each with what `_held` gives for it."""
    with contextlib.ExitStack() as stack:
        alive = [entry for entry in entries if entry.is_alive]
        held = [(entry, stack.enter_context(_held(entry))) for entry in alive]
        yield [(entry, fd) for entry, fd in held if fd is not None]


@contextlib.contextmanager
def _held(entry: proc.Stat) -> Iterator[int | None]:
    """A pidfd of exactly this process; None when it is gone, -1 when the system has no pidfd to give
    (an old kernel, a sandbox, no descriptor left)."""
    try:
        fd = os.pidfd_open(entry.pid)
    except OSError as error:
        yield None if error.errno == errno.ESRCH else -1
        return
    try:
        yield fd if _is_same(entry) else None
    finally:
        os.close(fd)


def _strike(entry: proc.Stat, fd: int, number: signal.Signals) -> None:
    with contextlib.suppress(OSError):
        if fd >= 0:
            signal.pidfd_send_signal(fd, number)
        elif _is_same(entry):
            os.kill(entry.pid, number)


def _is_same(entry: proc.Stat) -> bool:
    now = proc.stat(entry.pid)
    return now is not None and now.started == entry.started
