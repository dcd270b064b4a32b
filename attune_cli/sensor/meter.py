"""How much a running sensor uses, looked at from outside: proc(5). Elsewhere than on Linux nothing is known."""

from __future__ import annotations

import os
import time
from typing import NamedTuple

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


class Load(NamedTuple):
    """cpu: of one core, 1.0 being all of it.  memory: resident, bytes.  None: not known."""

    cpu: float | None
    memory: int | None


class Meter:
    """Looks at one process after another."""

    def __init__(self) -> None:
        self._before: tuple[int, float, float] | None = None

    def look(self, pid: int | None) -> Load:
        """What the process uses since the last look."""
        spent = _cpu_seconds(pid) if pid else None
        if pid is None or spent is None:
            self._before = None
            return Load(None, None)
        now = time.monotonic()
        before, self._before = self._before, (pid, spent, now)
        cpu = None
        if before and before[0] == pid and now > before[2]:
            cpu = max(0.0, spent - before[1]) / (now - before[2])
        return Load(cpu, _memory(pid))


def _cpu_seconds(pid: int) -> float | None:
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            fields = file.read().rpartition(b")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS
    except (OSError, ValueError, IndexError):
        return None


def _memory(pid: int) -> int | None:
    try:
        with open(f"/proc/{pid}/statm", "rb") as file:
            return int(file.read().split()[1]) * _PAGE
    except (OSError, ValueError, IndexError):
        return None
