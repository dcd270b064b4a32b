"""What it costs to run a program that does nothing, its output captured.

The peer is a C loop of posix_spawn, two pipes and poll: nothing that starts a process by itself can do
less. Ours does that and has a working directory, a pidfd, a deadline, a guardian and the child's usage.
Beside it stand the ways Python offers; "Popen + poll" has the same attributes and none of the care.
"""

from __future__ import annotations

import asyncio
import os
import selectors
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from statistics import median

from attune_cli.process import Request, run
from tests.bench.harness import Contender, Series, race
from tests.bench.table import Goal, Row, compared
from tests.bench.workshop import Workshop

_TRUE = shutil.which("true") or "/bin/true"
_ENV = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/"}
_CWD = "/tmp"
_TIMEOUT = 60.0
_BALLAST_MIB = 500


def rows(workshop: Workshop) -> Iterator[Row]:
    """With nothing else in memory, then with 500 MiB that a fork would have to map anew."""
    loop = workshop.compiled("spawn_loop")
    workshop.say("spawn")
    found = race(_contenders(loop, 0, each=30), workshop.rounds(30, 6))
    yield from _rows("spawn", found, Goal(1.25))
    workshop.say(f"spawn with {_BALLAST_MIB} MiB resident")
    # Written to, not only reserved: the pages have to be there.
    ballast = b"x" * (_BALLAST_MIB << 20)
    found = race(_contenders(loop, len(ballast) >> 20, each=10), workshop.rounds(20, 5))
    yield from _rows("spawn +500 MiB", found, Goal(1.4))


def _rows(title: str, found: dict[str, Series], goal: Goal) -> Iterator[Row]:
    peer = found.pop("C loop")
    yield compared(f"{title}: run /bin/true / C loop", found.pop("run"), peer, goal)
    for series in found.values():
        yield compared(f"  beside: {series.name} / C loop", series, peer)


def _contenders(loop: str, ballast: int, *, each: int) -> list[Contender]:
    """each: processes per round and contender, of which the median counts: one that was held up does not."""
    request = Request(argv=(_TRUE,), env=_ENV, cwd=_CWD, timeout=_TIMEOUT)

    def c_loop() -> float:
        command = (loop, _TRUE, str(each), str(ballast))
        return median(map(float, subprocess.run(command, env=_ENV, capture_output=True, check=True).stdout.split()))

    def repeated(call: Callable[[], object]) -> Callable[[], float]:
        return lambda: median(_seconds(call) for _ in range(each))

    return [
        Contender("C loop", c_loop),
        Contender("run", repeated(lambda: run(request))),
        Contender("Popen + poll", repeated(_popen)),
        Contender("subprocess.run(timeout)", repeated(_subprocess_run)),
        Contender("asyncio", lambda: asyncio.run(_asyncio(each))),
        Contender("Popen(preexec_fn)", repeated(_popen_preexec)),
    ]


def _seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def _popen() -> None:
    _finish(
        subprocess.Popen(
            (_TRUE,),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_ENV,
            cwd=_CWD,
            start_new_session=True,
        )
    )


def _popen_preexec() -> None:
    _finish(
        subprocess.Popen(
            (_TRUE,),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_ENV,
            cwd=_CWD,
            preexec_fn=os.setsid,  # noqa: PLW1509 - what it costs is the question
        )
    )


def _finish(process: subprocess.Popen[bytes]) -> None:
    """Read both streams to their ends and wait, with a pidfd and a deadline."""
    pidfd = os.pidfd_open(process.pid)
    deadline = time.monotonic() + _TIMEOUT
    assert process.stdout
    assert process.stderr
    with process, process.stdout, process.stderr, selectors.PollSelector() as selector:
        for source in (process.stdout, process.stderr, pidfd):
            selector.register(source, selectors.EVENT_READ)
        while selector.get_map():
            for key, _ in selector.select(deadline - time.monotonic()):
                if key.fd == pidfd or not os.read(key.fd, 65536):
                    selector.unregister(key.fileobj)
        _, status, _ = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    os.close(pidfd)


def _subprocess_run() -> None:
    subprocess.run(
        (_TRUE,),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=_ENV,
        cwd=_CWD,
        start_new_session=True,
        timeout=_TIMEOUT,
        check=True,
    )


async def _asyncio(count: int) -> float:
    """The median; the event loop is there before the clock starts."""
    seconds = []
    for _ in range(count):
        started = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            _TRUE,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_ENV,
            cwd=_CWD,
            start_new_session=True,
        )
        await asyncio.wait_for(process.communicate(), _TIMEOUT)
        seconds.append(time.perf_counter() - started)
    return median(seconds)
