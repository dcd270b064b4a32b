"""Which processes does this one have as children? Linux tells; elsewhere none are seen."""

from __future__ import annotations

import contextlib
import os
import select
import signal
from pathlib import Path

from attune_cli.process.guardian import NAME

#: Children that serve this process for as long as it lives.
SERVANTS = (b"attune_cli.process.guardian", b"multiprocessing.resource_tracker")


def children() -> set[int]:
    """The pids of all children, zombies included, servants not.

    A test that kills attune with SIGKILL orphans its guardian, which comes to us, since the engine has
    made this process a subreaper, and ends by itself: it is reaped here.
    """
    found: set[int] = set()
    for path in Path("/proc/self/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found.update(map(int, path.read_text().split()))
    return {pid for pid in found if not _serves(pid)}


def _serves(pid: int) -> bool:
    if any(servant in _command(pid) for servant in SERVANTS):
        return True
    with contextlib.suppress(OSError):
        if Path(f"/proc/{pid}/comm").read_text().strip() == NAME:
            os.waitpid(pid, os.WNOHANG)
            return True
    return False


def has_ended(pid: int, patience: float = 2.0) -> bool:
    """Whether a child ends within `patience` seconds; it is reaped then.

    What a test has killed by killing its parent may come to this process while it is still dying, or as
    a zombie, since the engine makes whoever uses it a subreaper.
    """
    with contextlib.suppress(OSError):
        pidfd = os.pidfd_open(pid)
        try:
            select.select([pidfd], [], [], patience)
            return os.waitpid(pid, os.WNOHANG)[0] == pid
        finally:
            os.close(pidfd)
    return True


def end(pid: int) -> str:
    """Kills and reaps a child; gives what it was, for people to read."""
    command = _command(pid).replace(b"\0", b" ").decode(errors="replace").strip()
    with contextlib.suppress(OSError):
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    return f"{pid} {command or '(a zombie)'}"


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
