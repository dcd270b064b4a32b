"""Work shared among forked copies of this process.

A fork has everything already imported and read, and gives its results back through a pipe. One that fails,
for whatever reason, gives back nothing: its share is then done here, where errors are told.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from signal import SIGKILL
from typing import Final, NamedTuple, TypeVar

PAYS_FROM: Final = 300
"""Files: what takes a tenth of a second. A fork costs about as much as judging a dozen of them."""
MAX_WORKERS: Final = 4

Item = TypeVar("Item")
Found = TypeVar("Found")


class _Worker(NamedTuple):
    pid: int
    pipe: int


def workers_for(sizes: Sequence[int]) -> int:
    """How many processes pay for items of these sizes (in files): 1 where only this one does."""
    if sum(sizes) < PAYS_FROM or not hasattr(os, "fork"):
        return 1
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(processors, len(sizes), MAX_WORKERS)


def share_out(sizes: Sequence[int], workers: int) -> list[list[int]]:
    """The indexes of items of these sizes, for each worker: the largest first, to whoever has least."""
    shares: list[list[int]] = [[] for _ in range(workers)]
    loads = [0] * workers
    for index in sorted(range(len(sizes)), key=lambda each: (-sizes[each], each)):
        least = loads.index(min(loads))
        shares[least].append(index)
        loads[least] += sizes[index]
    return shares


def work(
    function: Callable[[Item], Found], items: Sequence[Item], shares: Sequence[Sequence[int]]
) -> Iterator[tuple[int, Found]]:
    """(index, result) of every item, in any order; the first share is done by this process."""
    with _forked(function, items, shares[1:]) as workers:
        done = set()
        for index in shares[0]:
            done.add(index)
            yield index, function(items[index])
        for worker in workers:
            collected: list[tuple[int, Found]] = _collected(worker)
            done.update(index for index, _ in collected)
            yield from collected
    for index in range(len(items)):
        if index not in done:
            yield index, function(items[index])


@contextmanager
def _forked(
    function: Callable[[Item], Found], items: Sequence[Item], shares: Sequence[Sequence[int]]
) -> Iterator[list[_Worker]]:
    """Workers for the shares; none of them, and no pipe, outlives the block."""
    workers: list[_Worker] = []
    try:
        # Where no more processes may be started, their shares are left to this one.
        with suppress(OSError):
            workers.extend(_fork(function, items, share) for share in shares)
        yield workers
    finally:
        for worker in workers:
            os.close(worker.pipe)
            os.kill(worker.pid, SIGKILL)
            os.waitpid(worker.pid, 0)


def _fork(function: Callable[[Item], Found], items: Sequence[Item], share: Sequence[int]) -> _Worker:
    reading, writing = os.pipe()
    try:
        pid = os.fork()
    except OSError:
        os.close(reading)
        os.close(writing)
        raise
    if pid:
        os.close(writing)
        return _Worker(pid, reading)
    # From here on in the fork, which must neither return nor run what its parent would at its end.
    try:
        import pickle
        import signal

        # Ctrl-C is the parent's: it ends its workers.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.close(reading)
        results = pickle.dumps([(index, function(items[index])) for index in share], pickle.HIGHEST_PROTOCOL)
        with open(writing, "wb") as pipe:
            pipe.write(results)
    finally:
        os._exit(0)


def _collected(worker: _Worker) -> list[tuple[int, Found]]:
    """What the worker has found; nothing when it could not bring it to an end."""
    import pickle

    with open(worker.pipe, "rb", closefd=False) as pipe:
        results = pipe.read()
    try:
        found: list[tuple[int, Found]] = pickle.loads(results)
    except (pickle.UnpicklingError, EOFError):
        return []
    return found
