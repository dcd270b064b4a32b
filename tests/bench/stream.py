"""How fast a stream far beyond its bound is taken, and what that does to our memory.

The child writes blocks of 64 KiB and is never slowed down by the bound. Peers: a shell's `child | cat`, and a
C program that only splices from a pipe of 1 MiB to /dev/null. Writer and reader each have a processor of their
own, where there are two: left to the scheduler, they share one now and then, and all figures have two values.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

from attune_cli.process import DEFAULT_BOUND, Request, run
from tests.bench.harness import Contender, race
from tests.bench.table import Goal, Row, compared
from tests.bench.workshop import Workshop

_ENV = {"PATH": "/usr/bin:/bin"}


def rows(workshop: Workshop) -> Iterator[Row]:
    size = (512 << 20) if workshop.quick else (4 << 30)
    writer = workshop.compiled("writer")
    command = (writer, str(size), "1")
    workshop.say(f"stream of {size >> 20} MiB")
    contenders = [
        Contender("run", _timed(lambda: _run(command, size))),
        Contender("cat", _timed(lambda: _checked("sh", "-c", f"{shlex.join(command)} | cat >/dev/null"))),
        Contender("splice", _timed(lambda: _checked(workshop.compiled("splice_loop"), *command))),
        Contender("read", _timed(lambda: _read(command, size))),
    ]
    with _away_from_the_writer():
        found = race(contenders, workshop.rounds(7, 5))
    title = f"stream: speed of {size >> 20} MiB"
    yield compared(f"{title} / child | cat", found["run"], found["cat"], Goal(3, at_least=True))
    yield compared(f"{title} / C splice loop", found["run"], found["splice"], Goal(0.9, at_least=True))
    yield compared("  beside: time of os.read, 64 KiB each / C splice loop", found["read"], found["splice"])
    workshop.say("memory")
    yield _memory(writer, size >> 2)


@contextlib.contextmanager
def _away_from_the_writer() -> Iterator[None]:
    """Keep this process, and every reader it starts, off the last processor."""
    before = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
    others = before - {(os.cpu_count() or 1) - 1}
    if others:
        os.sched_setaffinity(0, others)
    try:
        yield
    finally:
        if others:
            os.sched_setaffinity(0, before)


def _timed(call: Callable[[], None]) -> Callable[[], float]:
    def measure() -> float:
        started = time.perf_counter()
        call()
        return time.perf_counter() - started

    return measure


def _run(command: tuple[str, ...], size: int) -> None:
    outcome = run(Request(argv=command, env=_ENV))
    if not outcome or outcome.stdout.total_bytes != size:
        raise RuntimeError(f"the writer's bytes have not all come: {outcome}")


def _checked(*command: str) -> None:
    subprocess.run(command, env=_ENV, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)


def _read(command: tuple[str, ...], size: int) -> None:
    with subprocess.Popen(command, env=_ENV, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
        assert process.stdout
        total = 0
        while data := os.read(process.stdout.fileno(), 65536):
            total += len(data)
    if total != size:
        raise RuntimeError("the writer's bytes have not all come")


def _memory(writer: str, size: int) -> Row:
    """Both streams full, in a fresh process."""
    probe = (sys.executable, "-m", "tests.bench.memory", writer, str(size))
    found = subprocess.run(probe, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True).stdout
    idle, full = (int(number) / 1024 for number in found.split())
    allowed = 2 * DEFAULT_BOUND / 2**20 + 4
    grown = full - idle
    met = "yes" if grown <= allowed else "NO"
    name = "stream: peak memory, both streams full / idle engine"
    return Row(name, f"{full:.1f} MiB", f"{idle:.1f} MiB", f"+{grown:.1f} MiB", f"≤ +{allowed:g} MiB", met)
