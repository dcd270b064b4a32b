"""Waiting for what other processes do: through pipes and pidfds, never by time."""

from __future__ import annotations

import os
import select
import time
from collections.abc import Iterable
from pathlib import Path

#: Longer than anything here takes; a test that waits this long has failed.
PATIENCE = 20.0


class Letterbox:
    """A FIFO that other processes write lines to, and this one waits at: `echo $$ > box.path`."""

    def __init__(self, path: Path) -> None:
        os.mkfifo(path)
        self.path = path
        # Opened both ways, so that no writer waits for a reader and no end of file comes between two letters.
        self._fd = os.open(path, os.O_RDWR | os.O_NONBLOCK)
        self._rest = b""

    def line(self, patience: float = PATIENCE) -> str:
        """The next line. Raises TimeoutError."""
        until = time.monotonic() + patience
        while b"\n" not in self._rest:
            if not select.select([self._fd], [], [], max(0.0, until - time.monotonic()))[0]:
                raise TimeoutError(f"nothing came at {self.path.name}, only {self._rest!r}")
            self._rest += os.read(self._fd, 65536)
        line, self._rest = self._rest.split(b"\n", 1)
        return line.decode()

    def pid(self) -> int:
        return int(self.line())

    def post(self, text: str = "go") -> None:
        """Write a line, for a child that reads from the FIFO (and when nobody reads here)."""
        os.write(self._fd, f"{text}\n".encode())

    def close(self) -> None:
        os.close(self._fd)


class Watched:
    """Processes whose end can be waited for, whoever their parent is. They must be alive now."""

    def __init__(self, pids: Iterable[int]) -> None:
        self._fds = {os.pidfd_open(pid): pid for pid in pids}

    def end(self, patience: float = PATIENCE) -> float:
        """Waits until all have ended; for how long that took, in seconds. Raises TimeoutError."""
        begun = time.monotonic()
        poll = select.poll()
        for fd in self._fds:
            poll.register(fd, select.POLLIN)
        alive = dict(self._fds)
        try:
            while alive and (left := begun + patience - time.monotonic()) > 0:
                for fd, _ in poll.poll(left * 1000):
                    poll.unregister(fd)
                    del alive[fd]
            if alive:
                raise TimeoutError(f"still alive after {patience} s: {sorted(alive.values())}")
        finally:
            for fd in self._fds:
                os.close(fd)
        return time.monotonic() - begun


def exists(pid: int) -> bool:
    """Whether there is such a process, be it a zombie."""
    return Path(f"/proc/{pid}").exists()


def is_alive(pid: int) -> bool:
    """Whether it is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def zombies() -> int:
    """How many of this process's children have ended and were not reaped."""
    pids = (int(pid) for path in Path("/proc/self/task").glob("*/children") for pid in path.read_text().split())
    return sum(exists(pid) and not is_alive(pid) for pid in pids)


def open_descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))
