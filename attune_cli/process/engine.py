"""The engine: start → wait → complete.

One loop in the caller's thread moves stdin, stdout and stderr and watches the process (through a
pidfd), the clock and the wake-up call together. No order of reading and writing can deadlock, and
no pipe can hold up a deadline.
"""

from __future__ import annotations

import math
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Self

from attune_cli.process import proc
from attune_cli.process.capture import StreamCapture
from attune_cli.process.deferral import deferred
from attune_cli.process.feed import StdinFeed
from attune_cli.process.ladder import Ladder
from attune_cli.process.live import Showing
from attune_cli.process.outcome import Holder, Member, Outcome, SentSignal
from attune_cli.process.poller import Bell, Poller
from attune_cli.process.request import AT_ONCE, Request
from attune_cli.process.spawn import Child, spawn
from attune_cli.process.spawn_error import SpawnError, SpawnFailure, explain
from attune_cli.process.tree import FAMILY, Tree, as_members
from attune_cli.process.usage import UsageMeter
from attune_cli.process.watch import WATCH

#: The live process is looked at (its memory, dead orphans) after 20 ms, then at growing intervals.
_FIRST_LOOK, _LONGEST_LOOK = 0.02, 1.0
#: Without a pidfd these looks are how its end is noticed.
_LONGEST_BLIND_LOOK = 0.05

#: How long the other ends of pipes that were closed take to end as well, in seconds.
_LAST_BREATH = 0.02

#: For how many seconds a reader of the live output is waited for that does not read, by the number
#: of cancellations.
_SHOW_PATIENCE = (None, 0.2, 0.0)


def run(request: Request) -> Outcome:
    """Run a process to its end. Raises SpawnError when it cannot be started.

    Whatever a sink raises is raised again once the process and its descendants are gone.
    """
    with start(request) as process:
        return process.wait()


def start(request: Request) -> Process:
    """Start a process that runs on. Raises SpawnError when it cannot be started.

    Its data moves, and its deadline is kept, while `wait` is called. Leaving the context of the
    returned `Process` kills what is left of its tree.
    """
    FAMILY.expect()
    try:
        _begin_watch()
        return _born(request)
    finally:
        FAMILY.settle()


def _born(request: Request) -> Process:
    process = None
    try:
        with deferred():
            process = _taken_charge_of(spawn(request), request)
    except BaseException:
        # Ctrl-C, put off until now.
        if process:
            process.close()
        raise
    return process


def _taken_charge_of(child: Child, request: Request) -> Process:
    try:
        return Process(request, child)
    except BaseException as error:
        child.abandon()
        if isinstance(error, OSError):
            raise explain(error, request) from error
        raise


def _begin_watch() -> None:
    try:
        WATCH.begin()
    except OSError as error:
        what = "the process that would watch over this run cannot be started"
        raise SpawnError(SpawnFailure.OTHER, what, where=None, why=error.strerror, help=None) from error


class Process:
    """A process that was started. `pid` is also its session and its process group."""

    def __init__(self, request: Request, child: Child) -> None:
        self.pid = child.pid
        self._request = request
        self._started = child.started
        self._pidfd = child.pidfd
        self._meter = UsageMeter(child.host_status)
        self._outcome: Outcome | None = None
        self._bell = Bell()
        # What is read and written.
        self._stdin = StdinFeed(child.stdin, request.stdin)
        self._stdout = StreamCapture("stdout", child.stdout, request.max_stdout, request.secrets, request.live_stdout)
        self._stderr = StreamCapture("stderr", child.stderr, request.max_stderr, request.secrets, request.live_stderr)
        self._stdout.is_endless = self._stderr.is_endless = request.endless
        self._streams = (self._stdout, self._stderr)
        self._inodes = child.inodes
        # Who belongs to it; the guardian knows it by its own number.
        self._tree = Tree(child.pid, request.mark)
        self._watch = child.watch
        # How and when it ends.
        self._cancels = 0
        self._ladder = Ladder()
        self._exited: float | None = None
        self._timed_out = self._cancelled = False
        self._signals: list[SentSignal] = []
        self._members: tuple[Member, ...] = ()
        self._leftovers: tuple[Member, ...] = ()
        self._survivors: tuple[Member, ...] = ()
        self._holders: tuple[Holder, ...] = ()
        #: pid → pidfd of descendants that outlived the leader and are being stopped.
        self._stopping: dict[int, int] = {}
        self._look_pause = _FIRST_LOOK
        self._next_look = child.started + _FIRST_LOOK
        self._poller = Poller()
        self._showing = Showing(self._poller, (request.live_stdout, request.live_stderr))
        self._watch_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def cancel(self, *, now: bool = False) -> None:
        """Stop it by the request's `on_cancel` ladder; now, or a second call: by its last rung at once.

        May be called from any thread and from a signal handler, also after the end.
        """
        self._cancels += 2 if now else 1
        self._bell.ring()

    def wait(self) -> Outcome:
        """Move the data until the process has ended, and with it all its descendants.

        After `close`: how it had ended by then.
        """
        if self._outcome is None:
            try:
                while not self._is_over():
                    self._poller.wait(self._patience())
                    self._keep_time()
                self._showing.finish(self._show_patience)
            except BaseException:
                self.close()
                raise
            self._outcome = self._complete()
        return self._outcome

    def close(self) -> None:
        """Kill what is left of the tree and let go of everything; nothing when it has ended."""
        if self._outcome is None:
            self._tree.is_ending = True
            self._kill()
            self._outcome = self._complete()

    # --- what is waited for -------------------------------------------------------------------

    def _watch_all(self) -> None:
        self._poller.add(self._bell.fd, self._bell.silence)
        if self._pidfd >= 0:
            self._poller.add(self._pidfd, self._on_exit)
        for stream in self._streams:
            self._poller.add(stream.fd, self._reader(stream))
        if self._stdin.fd >= 0:
            self._poller.add(self._stdin.fd, self._on_stdin_ready, write=True)

    def _on_exit(self) -> None:
        """The leader has exited; it stays unreaped until the end, so that its number stays its own."""
        self._exited = time.monotonic()
        self._poller.remove(self._pidfd)

    def _reader(self, stream: StreamCapture) -> Callable[[], None]:
        fd = stream.fd

        def read() -> None:
            stream.on_readable()
            if not stream.is_open:
                self._poller.remove(fd)
            self._showing.go_on()

        return read

    def _on_stdin_ready(self) -> None:
        fd = self._stdin.fd
        self._stdin.on_writable()
        if self._stdin.fd < 0:
            self._poller.remove(fd)

    # --- the clock ----------------------------------------------------------------------------

    def _patience(self) -> float:
        """Seconds until the clock has to be looked at again."""
        due = self._ladder.due
        if self._exited is not None:
            due = self._linger_end() if due is None else due
        else:
            due = min(self._next_look, self._deadline() if due is None else due)
        return max(0.0, due - time.monotonic())

    def _show_patience(self) -> float | None:
        """How long a reader of the live output is waited for: as long as nobody cancels."""
        return _SHOW_PATIENCE[min(self._cancels, 2)]

    def _deadline(self) -> float:
        """When the process is stopped; never, once it is being stopped."""
        timeout = self._request.timeout
        return math.inf if timeout is None or self._ladder.begun else self._started + timeout

    def _keep_time(self) -> None:
        """Do what is due: note a cancellation or the deadline, climb the ladder, look at the process."""
        now = time.monotonic()
        self._note_cancel(now)
        if self._exited is None:
            self._note_deadline(now)
            if now >= self._next_look:
                self._look(now)
        while rung := self._ladder.take(now):
            self._signals.append(SentSignal(rung.signal, now - self._started))
            self._members = self._members or as_members(self._tree.alive())
            if self._ladder.due is None:
                self._kill()
            else:
                self._tree.send(rung.signal)

    def _note_cancel(self, now: float) -> None:
        if not self._cancels:
            return
        if not self._ladder.begun:
            # What the process has left behind when it has ended by itself is not asked any longer.
            self._cancelled = self._exited is None
            self._ladder.begin(self._request.on_cancel if self._cancelled else AT_ONCE, now)
        if self._cancels > 1:
            self._ladder.hurry(now)

    def _note_deadline(self, now: float) -> None:
        if now >= self._deadline():
            self._timed_out = True
            self._ladder.begin(self._request.on_timeout, now)

    def _look(self, now: float) -> None:
        if self._pidfd < 0 and self._has_ended():
            self._exited = now
        self._meter.sample(self.pid)
        self._tree.reap(self._meter.add)
        self._look_pause = min(self._look_pause * 2, _LONGEST_LOOK if self._pidfd >= 0 else _LONGEST_BLIND_LOOK)
        self._next_look = now + self._look_pause

    def _has_ended(self) -> bool:
        """WNOWAIT leaves it to be reaped at the end."""
        try:
            return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
        except ChildProcessError:
            return True

    # --- the end ------------------------------------------------------------------------------

    def _is_over(self) -> bool:
        """Whether the process has exited, its pipes are closed and nobody of its tree is left."""
        if self._exited is None or self._holds_on() or self._rest_stops():
            return False
        self._let_go()
        return True

    def _holds_on(self) -> bool:
        """Whether pipes are open behind the exited process and are still to be read."""
        if not any(stream.is_open for stream in self._streams):
            return False
        return self._ladder.due is not None or time.monotonic() < self._linger_end()

    def _linger_end(self) -> float:
        """Until when pipes that others hold are read; what was killed has the same time to close them."""
        assert self._exited is not None
        last = self._signals[-1].after if self._signals else 0.0
        return max(self._exited, self._started + last) + self._request.linger

    def _rest_stops(self) -> bool:
        """During the grace of a stop: whether descendants of the exited leader are still stopping."""
        if self._ladder.due is None:
            return False
        alive = {entry.pid for entry in self._tree.orphans() if entry.is_alive}
        for pid in alive - self._stopping.keys():
            with suppress(OSError):
                fd = os.pidfd_open(pid)
                self._stopping[pid] = fd
                self._poller.add(fd, partial(self._on_rest_exit, pid))
        return bool(alive)

    def _on_rest_exit(self, pid: int) -> None:
        fd = self._stopping.pop(pid)
        self._poller.remove(fd)
        os.close(fd)

    def _let_go(self) -> None:
        """Close the pipes and kill whom the leader left behind."""
        if any(stream.is_open for stream in self._streams):
            self._holders = self._find_holders()
            self._close_streams()
        self._tree.is_ending = True
        orphans = self._tree.orphans()
        if not self._holders and not self._signals:
            # Who ends together with it closes its pipes a moment before it is gone, and is no leftover.
            orphans = self._tree.settled(orphans, _LAST_BREATH)
        # Where no process table tells of orphans, whoever is left in the group is killed unseen.
        if orphans or sys.platform != "linux":
            if not self._signals:
                self._leftovers = as_members(entry for entry in self._tree.alive() if entry.pid != self.pid)
            self._kill()

    def _find_holders(self) -> tuple[Holder, ...]:
        """Who has the pipes open that have not come to their end."""
        pairs = zip(self._inodes, self._streams, strict=True)
        held: dict[int, list[str]] = {}
        for pid, stream in proc.holders({inode: stream.stream for inode, stream in pairs if stream.is_open}):
            held.setdefault(pid, []).append(stream)
        entries = sorted(entry for pid in held if (entry := proc.stat(pid)))
        return tuple(Holder(entry.pid, entry.name, tuple(held[entry.pid])) for entry in entries)

    def _close_streams(self) -> None:
        for stream in self._streams:
            if stream.is_open:
                self._poller.remove(stream.fd)
                stream.finish()
        self._showing.go_on()

    def _kill(self) -> None:
        self._survivors = as_members(self._tree.kill(self._meter.add))
        if self._exited is None and self._is_stuck():
            # It cannot be killed, so it is not waited for.
            self._exited = time.monotonic()

    def _is_stuck(self) -> bool:
        return any(member.pid == self.pid for member in self._survivors)

    def _complete(self) -> Outcome:
        """Reap, close, and put the outcome together."""
        self._stdin.close()
        for stream in self._streams:
            stream.close()
        self._bell.close()
        for fd in (self._pidfd, *self._stopping.values()):
            if fd >= 0:
                os.close(fd)
        WATCH.leave(self._watch)
        code = self._reap_leader()
        self._tree.forget()
        return Outcome(
            pid=self.pid,
            exit_code=code if code is not None and code >= 0 else None,
            signal=-code if code is not None and code < 0 else None,
            timed_out=self._timed_out,
            cancelled=self._cancelled,
            stdout=self._stdout.capture(),
            stderr=self._stderr.capture(),
            duration=(self._exited or time.monotonic()) - self._started,
            usage=self._meter.usage(),
            tree=self._members,
            leftovers=self._leftovers,
            survivors=self._survivors,
            holders=self._holders,
            signals=tuple(self._signals),
            stdin_read=self._stdin.was_read,
        )

    def _reap_leader(self) -> int | None:
        """Its exit code, or minus the signal; None when it could not be killed and still runs, or when
        somebody else in this program has waited for it."""
        try:
            pid, status, spent = os.wait4(self.pid, os.WNOHANG if self._is_stuck() else 0)
        except ChildProcessError:
            return None
        if not pid:
            return None
        self._meter.add(spent)
        return os.waitstatus_to_exitcode(status)
