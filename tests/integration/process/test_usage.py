"""CPU time and peak memory of what was run, and of nothing else; how long it took, whatever the wall clock says."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from attune_cli.process import run
from tests.compilers import Compiler
from tests.integration.process.conftest import PROGRAMS, Host
from tests.integration.process.requests import binary, sh

MIB = 1024 * 1024


@pytest.fixture
def spender(compile_c: Compiler) -> Path:
    return compile_c(PROGRAMS / "spender.c", "spender")


def test_the_cpu_time_of_a_process(spender: Path) -> None:
    usage = run(binary(spender, 200, 0)).usage
    assert 0.18 <= usage.cpu_seconds < 0.6
    assert run(sh("exec sleep 0.3")).usage.cpu_seconds < 0.1


def test_the_cpu_time_of_a_child_that_it_has_waited_for(spender: Path) -> None:
    assert 0.18 <= run(sh('"$1" 200 0; exit 0', spender)).usage.cpu_seconds < 0.6


def test_the_cpu_time_of_an_orphan(spender: Path) -> None:
    """Its parent is gone: it comes to us, and we reap it."""
    assert 0.18 <= run(binary(spender, 200, 0, "double")).usage.cpu_seconds < 0.6


@pytest.mark.parametrize("how", [(), ("double",)])
def test_peak_memory(how: tuple[str, ...], host: Callable[..., Host], spender: Path) -> None:
    peak = json.loads(host(PEAK, 0, spender, 10, 64, *how, launcher=WAS_FAT).answer())
    assert 64 * MIB <= peak < 80 * MIB


#: The host was another program before, with more memory than the child takes; the kernel counts that as its own.
WAS_FAT = (sys.executable, "-I", "-S", "-c", "import os, sys; b'x' * (200 << 20); os.execv(sys.argv[1], sys.argv[1:])")

PEAK = """\
import json, sys
from attune_cli.process import Request, run
own = bytearray(int(sys.argv[1]) << 20)
for at in range(0, len(own), 4096):
    own[at] = 1
print(json.dumps(run(Request(argv=tuple(sys.argv[2:]), env={}, timeout=20)).usage.peak_memory_bytes))
"""


def test_our_own_memory_is_not_taken_for_that_of_a_child(host: Callable[..., Host], spender: Path) -> None:
    peak = json.loads(host(PEAK, 200, spender, 0, 0).answer())
    assert peak is None or peak < 10 * MIB
    # Seen alive for long enough, also a small one is measured beside a large host.
    peak = json.loads(host(PEAK, 200, spender, 800, 64).answer())
    assert 64 * MIB <= peak < 80 * MIB


JUMPS = """\
import itertools, time
hours = itertools.count(0, 3600)
time.time = lambda: -1e6 * next(hours)
time.time_ns = lambda: int(time.time() * 1e9)
from attune_cli.process import GRACEFULLY, Request, Rung, run
import signal
ladder = (Rung(signal.SIGTERM, 0.2), Rung(signal.SIGKILL, 0.0))
script = "trap '' TERM; while :; do sleep 0.05; done"
outcome = run(Request(argv=("/bin/sh", "-c", script), env={"PATH": "/bin:/usr/bin"}, timeout=0.3, on_timeout=ladder))
assert outcome.timed_out
assert [sent.signal.name for sent in outcome.signals] == ["SIGTERM", "SIGKILL"]
assert 0.45 < outcome.duration < 10, outcome.duration
assert 0.3 <= outcome.signals[0].after < 5, outcome.signals
argv = ("/bin/sh", "-c", "sleep 60 & sleep 0.1")
outcome = run(Request(argv=argv, env={"PATH": "/bin:/usr/bin"}, timeout=30, linger=0.2))
assert not outcome.timed_out and 0.1 <= outcome.duration < 10, outcome
assert outcome.holders
"""


def test_a_clock_that_jumps_is_not_looked_at(host: Callable[..., Host]) -> None:
    host(JUMPS).answer()


def test_the_duration_is_the_process_own() -> None:
    """Not the time for which its pipes were read on afterwards."""
    outcome = run(sh("sleep 60 & sleep 0.2", linger=2))
    assert 0.2 <= outcome.duration < 2
