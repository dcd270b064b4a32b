"""Which processes does this one have as children? Linux tells; elsewhere none are seen."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path

#: Children that serve this process for as long as it lives.
SERVANTS = (b"attune_cli.process.guardian", b"multiprocessing.resource_tracker")


def children() -> set[int]:
    """The pids of all children, zombies included, servants not."""
    found: set[int] = set()
    for path in Path("/proc/self/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found.update(map(int, path.read_text().split()))
    return {pid for pid in found if not any(servant in _command(pid) for servant in SERVANTS)}


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
