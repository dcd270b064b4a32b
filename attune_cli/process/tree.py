"""A process and all its descendants, wherever they went: found, signalled, killed, reaped.

This process is made a subreaper (prctl(2), PR_SET_CHILD_SUBREAPER), so whoever loses its parent
becomes our child instead of init's: nothing a run has started can leave our sight while we live.
Adopted children are told from others by session, group, ancestry, a marker in their environment,
or because nobody else can have brought them here (`Family`).
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable

from attune_cli.process import aim, proc
from attune_cli.process.outcome import Member

#: For how long `Tree.kill` goes on before it gives up on processes that do not die, in seconds.
KILL_PATIENCE = 5.0

#: For how long an orphan is waited for that may be about to start another program, in seconds.
_EXEC_PATIENCE = 0.05

_PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h


class Family:
    """What this process knows of its own children: which the engine started, and which runs are on."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """As it is in a process that has started nothing. After a fork: what runs is the parent's, and
        a subreaper's fork is none."""
        self.lock = threading.Lock()
        self.trees: set[Tree] = set()
        #: Children of the engine that belong to no run: the guardian.
        self.servants: set[int] = set()
        self._starting = 0
        #: The children there were when the first run started.
        self._before = b""
        self._is_subreaper = False

    def expect(self) -> None:
        """A child is about to be started that becomes a tree: until `settle`, nobody takes it for an orphan.

        The children that are there when the first run starts are the host program's own.
        """
        self._become_subreaper()
        with self.lock:
            if not self.trees and not self._starting:
                self._before = proc.child_list()
            self._starting += 1

    def settle(self) -> None:
        """It has become one, or was not started."""
        with self.lock:
            self._starting -= 1

    def unknown(self, asking: Tree) -> tuple[list[int], bool]:
        """The children that may be orphans of a run, and whether `asking` is to take them all.

        It is when nobody else will: the other runs, if there are any, are ending as well. Runs that
        end at the same moment thus take more than their own rather than leave it to one another.
        """
        now = proc.child_list()
        if now == b"%s%d " % (self._before, asking.leader):
            # The usual case: nobody has come but the leader itself.
            return [], False
        with self.lock:
            known = self.servants | set(map(int, self._before.split())) | {tree.leader for tree in self.trees}
            others = any(tree is not asking and not tree.is_ending for tree in self.trees)
            return [pid for pid in map(int, now.split()) if pid not in known], not others and not self._starting

    def _become_subreaper(self) -> None:
        """Take in orphans from now on."""
        if self._is_subreaper or sys.platform != "linux":
            return
        # Imported here: it is the only use of it, and not every command starts a process.
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        self._is_subreaper = True


FAMILY = Family()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=FAMILY.reset)


class Tree:
    """The descendants of one child that leads its own session.

    leader: its pid; it must not have been reaped while this object is used.
    marker: `NAME=value` in the leader's environment that no other run has; empty: there is none.
    """

    def __init__(self, leader: int, marker: bytes) -> None:
        self.leader = leader
        self._marker = marker
        # Who was once seen as a descendant stays one, also as an orphan: (pid, start).
        self._known: set[tuple[int, int]] = set()
        #: Set when its leader has ended or is about to: what is left is killed now.
        self.is_ending = False
        with FAMILY.lock:
            FAMILY.trees.add(self)

    def forget(self) -> None:
        """The run is over: what is found from now on is not this tree's."""
        with FAMILY.lock:
            FAMILY.trees.discard(self)

    def orphans(self) -> list[proc.Stat]:
        """Descendants that this process has adopted, the dead ones among them.

        One short read in the usual case, where there is none: whatever a run leaves behind has,
        at its top, a process whose parent is gone, and that process is our child now.
        """
        candidates, alone = FAMILY.unknown(self)
        if not candidates:
            return []
        mine = os.getpid()
        # Somebody else in this program may have reaped it meanwhile, and its number be a stranger's.
        children = [entry for pid in candidates if (entry := proc.stat(pid)) and entry.parent == mine]
        found = [entry for entry in children if self._is_ours(entry, is_alone=alone)]
        self._known |= {(entry.pid, entry.started) for entry in found}
        return found

    def settled(self, orphans: list[proc.Stat], patience: float) -> list[proc.Stat]:
        """`orphans` anew, when those among them that are about to end have had `patience` seconds for it."""
        if not any(entry.is_alive for entry in orphans):
            return orphans
        aim.await_end(orphans, patience)
        return self.orphans()

    def alive(self) -> list[proc.Stat]:
        """Every process of the tree that has not ended, the leader among them."""
        table = proc.table()
        children: dict[int, list[proc.Stat]] = {}
        for entry in table.values():
            children.setdefault(entry.parent, []).append(entry)
        found = {entry.pid: entry for entry in table.values() if self._is_akin(entry)}
        found |= {entry.pid: entry for entry in self.orphans()}
        queue = list(found)
        while queue:
            for entry in children.get(queue.pop(), ()):
                if entry.pid not in found:
                    found[entry.pid] = entry
                    queue.append(entry.pid)
        self._known |= {(entry.pid, entry.started) for entry in found.values()}
        return [entry for entry in found.values() if entry.is_alive]

    def send(self, number: signal.Signals) -> None:
        """Signal the whole tree: the leader's group at one stroke, then who has left the group."""
        # One that is stopped acts on a SIGTERM only when it is continued.
        numbers = (number, signal.SIGCONT) if number == signal.SIGTERM else (number,)
        strays = [entry for entry in self.alive() if entry.group != self.leader]
        for each in numbers:
            self._send_group(each)
            for entry in strays:
                aim.send(entry, each)

    def kill(self, reaped: Callable[[resource.struct_rusage], None]) -> list[proc.Stat]:
        """Kill until nobody is left; children may be forked while we look, so look again.

        reaped: given what each orphan used that is reaped on the way.
        Returns who could not be killed within `KILL_PATIENCE` seconds.
        """
        until = time.monotonic() + KILL_PATIENCE
        while True:
            # The group dies at one stroke, and a fork in it fails while the signal is pending.
            self._send_group(signal.SIGKILL)
            # Whoever hops from parent to child is caught as our own child, before the long look.
            aim.kill(self.orphans(), 0.0)
            members = self.alive()
            aim.kill(members, 0.1)
            self.reap(reaped)
            # Who forks and exits faster than we look is never seen alive, but leaves a zombie that was
            # our child each time: nobody is left when there is not even one.
            if not (members or self.orphans()) or time.monotonic() >= until:
                return members

    def reap(self, reaped: Callable[[resource.struct_rusage], None]) -> None:
        """Reap the orphans that have ended."""
        for entry in self.orphans():
            if not entry.is_alive:
                with contextlib.suppress(ChildProcessError):
                    pid, _, spent = os.wait4(entry.pid, os.WNOHANG)
                    if pid:
                        reaped(spent)

    def _send_group(self, number: signal.Signals) -> None:
        # Its number cannot have been given to others: the leader has not been reaped.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.leader, number)

    def _is_akin(self, entry: proc.Stat) -> bool:
        leader = self.leader
        return leader in (entry.pid, entry.session, entry.group) or (entry.pid, entry.started) in self._known

    def _is_ours(self, entry: proc.Stat, *, is_alone: bool) -> bool:
        """Whether an unknown child of ours belongs to this run.

        Nothing a run starts can come into our session. So a stranger from outside it, which has
        become our child since the start, is this run's, unless other runs go on: then it takes proof,
        and what lacks it is left to the run that ends last.
        """
        if self._is_akin(entry):
            return True
        if entry.session == os.getsid(0):
            return False
        return is_alone or (bool(self._marker) and proc.proves(entry.pid, self._marker, _EXEC_PATIENCE))


def as_members(entries: Iterable[proc.Stat]) -> tuple[Member, ...]:
    """For an outcome: sorted by pid."""
    return tuple(Member(entry.pid, entry.parent, entry.name) for entry in sorted(entries))
