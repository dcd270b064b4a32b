"""The process that outlives this one: when attune is killed with -9, it kills what attune had started.

One guardian serves a whole attune process. It sleeps in a read on a pipe whose other end only attune
holds; the end of that pipe means that attune is gone. Which trees are alive it then reads from
shared memory that attune keeps up to date, so that a run costs it no wake-up.

Orphans of a dead attune belong to init, which tells nothing about where they came from. They are
known by session and group, by ancestry, by the pipes they hold, and by the marker in their
environment.
"""

from __future__ import annotations

import contextlib
import os
import signal
import struct
import time

from attune_cli.process import aim, proc

#: One slot of the shared memory: leader's pid (0: free), inodes of its stdout and stderr pipes,
#: length of the marker, marker.
SLOT = struct.Struct("<qQQH230s")
LEADER = struct.Struct("<q")
MARKER_LIMIT = 230
#: The leader of a tree that is being started.
UNKNOWN = -1

#: For how long the guardian goes on killing before it leaves, in seconds.
_PATIENCE = 5.0
#: After how many looks in a row that found nobody it leaves: one that goes on forking can be missed by one.
_CALM = 5


class Watched:
    """A tree that was alive when attune ended."""

    def __init__(self, slot: bytes) -> None:
        leader, out, err, length, marker = SLOT.unpack(slot)
        self.leader: int = leader
        self.inodes = {inode: "" for inode in (out, err) if inode}
        self.marker = bytes(marker[:length])

    def alive(self) -> list[proc.Stat]:
        """Its processes that have not ended."""
        table = proc.table()
        mine = os.getpid()
        holders = {pid for pid, _ in proc.holders(self.inodes)} if self.inodes else set()
        found = {entry.pid for entry in table.values() if entry.pid in holders or self.is_akin(entry)}
        grown = True
        while grown:
            more = {entry.pid for entry in table.values() if entry.parent in found} - found
            found |= more
            grown = bool(more)
        return [table[pid] for pid in found if pid != mine and table[pid].is_alive]

    def is_akin(self, entry: proc.Stat) -> bool:
        """Whether the process itself shows where it belongs."""
        if self.leader in (entry.pid, entry.session, entry.group):
            return True
        return bool(self.marker) and proc.has_variable(entry.pid, self.marker)


#: What `ps` and `top` show it as; the kernel keeps 15 bytes.
NAME = "attune-guardian"


def main(memory: int) -> None:
    """Wait for attune's end, then kill what is left. memory: descriptor of the shared memory."""
    with contextlib.suppress(OSError), open("/proc/self/comm", "w") as name:
        name.write(NAME)
    # Ctrl-C and a polite end are attune's business; this process has to be the last to go.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    while os.read(0, 1):
        pass
    content = os.pread(memory, os.fstat(memory).st_size, 0)
    slots = (content[at : at + SLOT.size] for at in range(0, len(content), SLOT.size))
    watched = [tree for slot in slots if len(slot) == SLOT.size and (tree := Watched(slot)).leader]
    # Who descends from whom is known only as long as the ancestors live: hence a look before any kill.
    alive = _alive(watched)
    for tree in watched:
        # At one stroke, and all there is where no process table tells more.
        if tree.leader != UNKNOWN:
            with contextlib.suppress(OSError):
                os.killpg(tree.leader, signal.SIGKILL)
    calm, until = 0, time.monotonic() + _PATIENCE
    while watched and calm < _CALM and time.monotonic() < until:
        aim.kill(alive, 0.1)
        calm = 0 if _strike(watched) or alive else calm + 1
        alive = _alive(watched)


def _strike(watched: list[Watched]) -> bool:
    """Kill whom is met, at sight: one that hops from process to process is alive for an instant only."""
    met = False
    for entry in proc.youngest_first():
        if entry.is_alive and any(tree.is_akin(entry) for tree in watched):
            aim.send(entry, signal.SIGKILL)
            met = True
    return met


def _alive(watched: list[Watched]) -> list[proc.Stat]:
    return [entry for tree in watched for entry in tree.alive()]
