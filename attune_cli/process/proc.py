"""What Linux tells of processes under /proc: proc(5).

Everything here is a look at something that may be gone a moment later, so nothing raises when it is.
Elsewhere than on Linux there is no such folder, and nothing is found: a tree is then its process group.
"""

from __future__ import annotations

import os
import stat as modes
import time
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

#: A moment, in seconds.
_BLINK = 0.001


class Stat(NamedTuple):
    """The first fields of /proc/PID/stat. started: clock ticks after boot; with the pid it names
    a process for good, since a reused pid has another start."""

    pid: int
    name: str
    state: str
    parent: int
    group: int
    session: int
    started: int
    threads: int

    @property
    def is_alive(self) -> bool:
        """A process whose first thread has ended looks like a zombie while its other threads run on."""
        return self.state not in "ZXx" or self.threads > 1


def stat(pid: int) -> Stat | None:
    """None when there is no such process."""
    data = _read(f"/proc/{pid}/stat")
    # The name stands in brackets and may hold brackets and spaces itself.
    opening, closing = data.find(b"("), data.rfind(b")")
    fields = data[closing + 2 :].split()
    if opening < 0 or len(fields) < 20:
        return None
    name = data[opening + 1 : closing].decode("utf-8", "replace")
    state, parent, group, session = fields[:4]
    started, threads = int(fields[19]), int(fields[17])
    return Stat(pid, name, state.decode(), int(parent), int(group), int(session), started, threads)


def table() -> dict[int, Stat]:
    """All processes that can be seen, by pid."""
    return {entry.pid: entry for entry in youngest_first()}


def youngest_first() -> Iterator[Stat]:
    """All processes that can be seen, each as it is when it is asked for. Pids go up until they start again."""
    for name in reversed(_names("/proc")):
        if name.isdigit() and (entry := stat(int(name))):
            yield entry


def children() -> list[int]:
    """The pids of this process's children, adopted ones among them; zombies as well."""
    return [int(pid) for pid in child_list().split()]


def child_list() -> bytes:
    """The same as the kernel writes it, each with a space behind it; whoever comes stands at the end."""
    if not _lists_children():
        mine = os.getpid()
        return b"".join(b"%d " % entry.pid for entry in table().values() if entry.parent == mine)
    if os.stat("/proc/self/task").st_nlink > _ONE_THREAD:
        return b"".join(_read(f"/proc/self/task/{thread}/children") for thread in _names("/proc/self/task"))
    return _read_own("thread-self/children")


#: How many links a folder has that holds one other folder.
_ONE_THREAD = 3


@cache
def _lists_children() -> bool:
    """Some kernels are built without that file (CONFIG_PROC_CHILDREN)."""
    return os.access("/proc/thread-self/children", os.R_OK)


def own_status() -> bytes:
    """What the system tells of this process; empty where it tells nothing."""
    return _read_own("self/status")


def ignored_signals(status: bytes) -> int | None:
    """Which signals this process ignores, by its `own_status`: bit n-1 stands for signal n; None: not told.

    One read of 3 µs, where asking for each signal takes 30.
    """
    mask = status.partition(b"SigIgn:\t")[2].partition(b"\n")[0]
    return int(mask, 16) if mask else None


def own_peak_memory(status: bytes) -> int | None:
    """The largest resident size this program has had so far, by its `own_status`, in bytes; None: not told.

    getrusage(2) counts in what the process was before it became this program.
    """
    size = status.partition(b"VmHWM:")[2].split(None, 1)[:1]
    return int(size[0]) * 1024 if size else None


def has_variable(pid: int, entry: bytes) -> bool:
    """Whether a process was started with `NAME=value` in its environment."""
    return entry in _read(f"/proc/{pid}/environ").split(b"\0")


def proves(pid: int, entry: bytes, patience: float) -> bool:
    """`has_variable` of one that may be in the midst of an execve(2), where it has no environment for a moment.

    patience: for how many seconds it is waited for at most.
    """
    until = time.monotonic() + patience
    path = f"/proc/{pid}/environ"
    while not (found := _read(path)) and time.monotonic() < until and (seen := stat(pid)) and seen.is_alive:
        time.sleep(_BLINK)
    return entry in found.split(b"\0")


def holders(inodes: Mapping[int, str]) -> Iterator[tuple[int, str]]:
    """(pid, stream) for every process that has a pipe of `inodes` (inode → stream) open for writing."""
    wanted = {f"pipe:[{inode}]": stream for inode, stream in inodes.items()}
    for name in _names("/proc"):
        if name.isdigit() and int(name) != os.getpid():
            for stream in sorted({wanted[link] for link in _links(int(name)) if link in wanted}):
                yield int(name), stream


def _links(pid: int) -> Iterator[str]:
    """What a process has open for writing."""
    for fd in _names(f"/proc/{pid}/fd"):
        link = f"/proc/{pid}/fd/{fd}"
        try:
            # The link's own permissions tell how it was opened: a fork of ours has the reading ends.
            if os.lstat(link).st_mode & modes.S_IWUSR:
                yield os.readlink(link)
        except OSError:
            continue


def _names(folder: str) -> list[str]:
    """The folder's entries, or none when it is gone or another user's."""
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _read(path: str) -> bytes:
    """The file's content, or nothing when the process is gone or another user's."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return b""
    try:
        return _content(fd)
    except OSError:
        return b""
    finally:
        os.close(fd)


def _content(fd: int) -> bytes:
    content = b""
    while part := os.pread(fd, 65536, len(content)):
        content += part
    return content


#: Files about this very process stay open: every run reads them, and to open one takes longer than to read it.
_own: dict[str, int] = {}


def _read_own(name: str) -> bytes:
    """The content of /proc/`name`, or nothing."""
    try:
        if name not in _own:
            _own[name] = os.open(f"/proc/{name}", os.O_RDONLY | os.O_CLOEXEC)
        return _content(_own[name])
    except OSError:
        return b""


def _forget_own() -> None:
    """After a fork they tell of the parent."""
    for fd in _own.values():
        os.close(fd)
    _own.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_own)
