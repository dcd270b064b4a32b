"""Telling the guardian which trees are alive: see `attune_cli.process.guardian`."""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from attune_cli.process.guardian import LEADER, MARKER_LIMIT, SLOT, UNKNOWN
from attune_cli.process.tree import FAMILY

_ROOT = Path(__file__).resolve().parents[2]
_START = """\
import sys
sys.path.insert(0, sys.argv[2])
from attune_cli.process.guardian import main
main(int(sys.argv[1]))
"""


class Watch:
    """This process's guardian and the memory it shares with it. The guardian starts with the first run."""

    def __init__(self) -> None:
        self._memory = self._pipe = -1
        self.reset()

    def begin(self) -> None:
        """Have a guardian. Raises OSError where none can be started."""
        with self._lock:
            if self._guardian < 0:
                self._start()

    def end(self) -> None:
        """At the end of this process: nothing is left to watch over, so the guardian need not outlive it
        and become a zombie of an init that reaps none, as in many containers."""
        if self._guardian >= 0 and not any(self._slots):
            with contextlib.suppress(OSError):
                os.kill(self._guardian, signal.SIGKILL)
                os.waitpid(self._guardian, 0)
            self.reset()

    def reset(self) -> None:
        """As it is in a process that has started nothing. After a fork: the guardian is the parent's,
        and waits for the end of nobody else."""
        self._close()
        self._lock = threading.Lock()
        self._guardian = -1
        self._slots: list[bool] = []

    def enter(self, inodes: tuple[int, int], marker: bytes) -> int:
        """From now on the tree that is about to be started dies with this process: whoever holds its
        stdout and stderr pipes, of these inodes, and whoever has the marker. Returns its number here."""
        # A marker that is too long to be handed over would, cut off, be no proof of anything.
        marker = marker if len(marker) <= MARKER_LIMIT else b""
        with self._lock:
            at = self._slots.index(False) if False in self._slots else len(self._slots)
            self._slots[at : at + 1] = [True]
            os.pwrite(self._memory, SLOT.pack(UNKNOWN, *inodes, len(marker), marker), at * SLOT.size)
        return at

    def name(self, at: int, leader: int) -> None:
        """It was started, with this pid."""
        os.pwrite(self._memory, LEADER.pack(leader), at * SLOT.size)

    def leave(self, at: int) -> None:
        """It is gone, or was not started."""
        with self._lock:
            self._slots[at] = False
            os.pwrite(self._memory, LEADER.pack(0), at * SLOT.size)

    def _start(self) -> None:
        theirs, self._pipe = os.pipe()
        try:
            self._memory = _memory()
            process = subprocess.Popen(
                # -S and -I: no site-packages, no user's environment; only the standard library is needed.
                (sys.executable, "-I", "-S", "-c", _START, str(self._memory), str(_ROOT)),
                stdin=theirs,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env={},
                start_new_session=True,
                pass_fds=(self._memory,),
            )
        except BaseException:
            self._close()
            raise
        finally:
            os.close(theirs)
        # It is waited for at our end, and not by Popen.
        process.returncode = 0
        FAMILY.servants.add(process.pid)
        self._guardian = process.pid
        atexit.register(self.end)

    def _close(self) -> None:
        for fd in (self._memory, self._pipe):
            if fd >= 0:
                os.close(fd)
        self._memory = self._pipe = -1


def _memory() -> int:
    if sys.platform == "linux":
        return os.memfd_create("attune-runs")
    import tempfile

    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


WATCH = Watch()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=WATCH.reset)
