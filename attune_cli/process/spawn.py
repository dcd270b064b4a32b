"""Starting a child: pipes, a session of its own, no inherited signals, nothing else open.

`subprocess.Popen` starts it by vfork as long as nothing has to run in the child before exec; hence
no `preexec_fn` and no `user=`.
"""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass

from attune_cli.process import proc
from attune_cli.process.request import Request
from attune_cli.process.spawn_error import explain
from attune_cli.process.watch import WATCH

#: For how long a program that is open for writing is tried again, in seconds. A compiler, or a
#: fork of another thread that holds its descriptor for a moment, is done long before.
_BUSY_PATIENCE = 2.0


@dataclass(slots=True)
class Child:
    """A process that was started, with this process's ends of its pipes (-1: none, or closed)."""

    pid: int
    pidfd: int
    stdin: int
    stdout: int
    stderr: int
    started: float
    #: Of the pipes of stdout and stderr.
    inodes: tuple[int, int]
    #: Its number with the guardian.
    watch: int
    #: What the system told of this process just before.
    host_status: bytes

    def abandon(self) -> None:
        """Kill it and let go of it: there will be nobody to run it."""
        WATCH.leave(self.watch)
        with suppress(OSError):
            os.killpg(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        for fd in (self.pidfd, self.stdin, self.stdout, self.stderr):
            if fd >= 0:
                os.close(fd)


def spawn(request: Request) -> Child:
    """Start it. Raises SpawnError; nothing is left open then."""
    ours: list[int] = []
    theirs: list[int] = []
    watch = -1
    try:
        read_out, write_out = os.pipe()
        ours.append(read_out)
        theirs.append(write_out)
        read_err, write_err = os.pipe()
        ours.append(read_err)
        theirs.append(write_err)
        feed = -1
        if request.stdin:
            stdin, feed = os.pipe()
            ours.append(feed)
            os.set_blocking(feed, False)
        else:
            stdin = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)
        theirs.append(stdin)
        # It must not be without a guardian for one moment, so it is announced before its pid is known.
        inodes = (os.fstat(read_out).st_ino, os.fstat(read_err).st_ino)
        watch = WATCH.enter(inodes, request.mark)
        started = time.monotonic()
        status = proc.own_status()
        has_blocked, ignored = _inheritable(status)
        with _default_signals(ignored) if has_blocked or ignored else nullcontext():
            process = _popen(request, stdin, write_out, write_err)
    except BaseException as error:
        for fd in ours:
            os.close(fd)
        if watch >= 0:
            WATCH.leave(watch)
        if isinstance(error, OSError | ValueError):
            raise explain(error, request) from error
        raise
    finally:
        for fd in theirs:
            os.close(fd)
    # From here on the pid is waited for by the engine alone; Popen is told that it is done.
    process.returncode = 0
    WATCH.name(watch, process.pid)
    return Child(process.pid, _pidfd(process.pid), feed, read_out, read_err, started, inodes, watch, status)


def _popen(request: Request, stdin: int, stdout: int, stderr: int) -> subprocess.Popen[bytes]:
    """Popen, tried again while the program is open for writing (ETXTBSY).

    That happens right after a build, and whenever another thread forks between our closing the
    file and its child's exec: https://github.com/golang/go/issues/22315
    """
    program = request.argv[0]
    pause = 0.001
    until = time.monotonic() + _BUSY_PATIENCE
    while True:
        try:
            return subprocess.Popen(
                request.argv,
                # A name without a slash is a file in the working directory, and not looked for in PATH.
                executable=program if "/" in program else f"./{program}",
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
                env=request.env,
                cwd=request.cwd,
                start_new_session=True,
            )
        except OSError as error:
            if error.errno != errno.ETXTBSY or time.monotonic() >= until:
                raise
        time.sleep(pause)
        pause = min(pause * 2, 0.05)


@contextmanager
def _default_signals(ignored: list[int]) -> Iterator[None]:
    """While a child is started, have no signal blocked or ignored that it would inherit.

    `nohup`, a background job of a script, or a careless parent leaves signals ignored or blocked,
    and exec passes both on: the child could then not be stopped by SIGTERM, say. A Python handler
    is as good as SIG_IGN to us and is reset to the default by exec. Handlers can be set in the main
    thread only: for children of other threads there is `hearing_signals`.

    SIGCHLD stays at the default afterwards: whoever ignores it is not told how a child has ended.
    """
    for number in ignored:
        signal.signal(number, _nothing)
    blocked = signal.pthread_sigmask(signal.SIG_SETMASK, ())
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        for number in ignored:
            signal.signal(number, signal.SIG_DFL if number == signal.SIGCHLD else signal.SIG_IGN)


@contextmanager
def hearing_signals() -> Iterator[None]:
    """For a program that starts children from several threads, around all of it and in the main thread:
    no child inherits a signal that is ignored or blocked, whichever thread starts it."""
    has_blocked, ignored = _inheritable(proc.own_status())
    with _default_signals(ignored) if has_blocked or ignored else nullcontext():
        yield


#: Those that Popen restores in the child by itself, since Python ignores them from its own start on.
#: Bit n-1 stands for signal n.
_RESTORED = (1 << signal.SIGPIPE - 1) | (1 << signal.SIGXFSZ - 1)
#: Without those, and without those that the C library keeps for itself.
_CHANGEABLE = [int(number) for number in signal.valid_signals() if not _RESTORED >> number - 1 & 1]


def _inheritable(status: bytes) -> tuple[bool, list[int]]:
    """Whether any signal is blocked, and which are ignored that this thread may change."""
    blocked = bool(signal.pthread_sigmask(signal.SIG_BLOCK, ()))
    mask = proc.ignored_signals(status)
    if mask is None:
        ignored = [number for number in _CHANGEABLE if signal.getsignal(number) == signal.SIG_IGN]
    elif mask & ~_RESTORED:
        ignored = [number for number in _CHANGEABLE if mask >> number - 1 & 1]
    else:
        return blocked, []
    return blocked, ignored if threading.current_thread() is threading.main_thread() else []


def _nothing(_number: int, _frame: object) -> None:
    """Ignore a signal."""


def _pidfd(pid: int) -> int:
    """-1 where there are none (another system, an old kernel, a sandbox): the engine looks at the
    process at intervals instead."""
    if sys.platform == "linux":
        with suppress(OSError):
            return os.pidfd_open(pid)
    return -1
