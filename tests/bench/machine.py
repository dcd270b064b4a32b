"""What the figures were measured on, and how much of it others had meanwhile."""

from __future__ import annotations

import os
import platform
import resource
import sys
import time
from pathlib import Path


def facts() -> str:
    """Processor, cores, memory, kernel, C library, Python."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    parts = (
        f"{_processor()} × {os.cpu_count()}",
        f"{memory:.0f} GiB",
        f"{platform.system()} {platform.release()}",
        " ".join(platform.libc_ver()),
        f"Python {platform.python_version()} ({sys.executable})",
    )
    return " · ".join(part for part in parts if part.strip())


def _processor() -> str:
    for line in _lines("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


class Others:
    """How busy other processes, and other guests of the same host, kept the processors since it was made."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._busy, self._own = _busy_seconds(), _own_seconds()

    def __str__(self) -> str:
        if self._busy is None or (busy := _busy_seconds()) is None:
            return "how busy others kept the processors cannot be told here"
        passed = (time.monotonic() - self._started) * (os.cpu_count() or 1)
        share = max(0.0, (busy - self._busy) - (_own_seconds() - self._own)) / passed
        verdict = "" if share < 0.1 else ": the figures are doubtful"
        return f"others had {share:.0%} of the processors meanwhile{verdict}"


def _own_seconds() -> float:
    """Of processor time, of this process and of its children that ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _busy_seconds() -> float | None:
    """Of all processors since boot, the time taken by other guests of the host included: proc(5), /proc/stat."""
    for line in _lines("/proc/stat"):
        if line.startswith("cpu "):
            user, nice, system, _idle, _waiting, interrupts, soft_interrupts, stolen = map(int, line.split()[1:9])
            return (user + nice + system + interrupts + soft_interrupts + stolen) / os.sysconf("SC_CLK_TCK")
    return None


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []
