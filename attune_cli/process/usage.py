"""CPU time and peak memory of what was run."""

from __future__ import annotations

import resource
import sys

from attune_cli.process import proc
from attune_cli.process.outcome import Usage

#: getrusage(2): kilobytes on Linux, bytes on macOS.
_MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024


class UsageMeter:
    """Adds up what `wait4` says of each process that was reaped.

    A child that is started by vfork or fork begins with its parent's resident size as its own peak
    (the kernel's exec keeps the old address space's high-water mark), so a figure at or below that
    floor says nothing. Samples of the live process fill in.

    host_status: this process's own status (`proc.own_status`) when the first of them was started.
    """

    def __init__(self, host_status: bytes) -> None:
        # This process's own peak now is the floor of every child started after.
        told = proc.own_peak_memory(host_status)
        self._floor = told or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _MAXRSS_UNIT
        self._cpu = 0.0
        self._peak = 0

    def sample(self, pid: int) -> None:
        """Note the peak so far of a process that is alive; one that is gone is passed over."""
        try:
            with open(f"/proc/{pid}/status", "rb") as status:
                for line in status:
                    if line.startswith(b"VmHWM:"):
                        self._peak = max(self._peak, int(line.split()[1]) * 1024)
                        return
        except (OSError, ValueError):
            return

    def add(self, spent: resource.struct_rusage) -> None:
        """Count a process that was reaped."""
        self._cpu += spent.ru_utime + spent.ru_stime
        peak = spent.ru_maxrss * _MAXRSS_UNIT
        if peak > self._floor:
            self._peak = max(self._peak, peak)

    def usage(self) -> Usage:
        return Usage(cpu_seconds=self._cpu, peak_memory_bytes=self._peak or None)
