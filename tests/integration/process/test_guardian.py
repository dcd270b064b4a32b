"""When the process that hosts the engine is killed with -9, what it had started dies as well."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from attune_cli.process import proc
from tests.compilers import Compiler
from tests.integration.process.conftest import PROGRAMS, Host
from tests.integration.process.life import Letterbox, Watched

ESCAPER = PROGRAMS / "escapes.py"

#: Runs a command, with a marker in its environment when MARKER is not empty.
RUNS = """\
import sys
from attune_cli.process import Request, run
marker, *argv = sys.argv[1:]
env = {"PATH": "/usr/bin:/bin", **({"RUN_ID": marker} if marker else {})}
run(Request(argv=tuple(argv), env=env, marker="RUN_ID" if marker else None))
"""


def python(*arguments: object) -> tuple[str, ...]:
    return (sys.executable, "-I", "-S", *map(str, arguments))


#: How one gets away, with which marker, and whether the leader of the run stays: it is known by session and group, by
#: the pipes it holds, by its marker, and by its ancestors as long as they live.
ESCAPES = [
    ("", "deaf", True),
    ("", "deaf", False),
    ("", "double closed", False),
    ("", "setsid closed", True),
    ("", "setsid double bare deaf", True),
    ("", "setsid double bare deaf", False),
    ("run 7", "setsid double closed deaf", True),
    ("run 7", "setsid double closed deaf", False),
    ("x" * 200, "setsid double closed", False),
]


@pytest.mark.parametrize(("marker", "words", "stays"), ESCAPES)
def test_the_tree_dies_with_its_host(
    marker: str, words: str, stays: bool, host: Callable[..., Host], box: Letterbox
) -> None:
    command = python(ESCAPER, box.path, *words.split(), "stay")
    if not stays:
        # The leader is another one; who escapes has no living ancestor in the run.
        command = ("/bin/sh", "-c", '"$@"; exec sleep 60', "sh", *command[:-1])
    started = host(RUNS, marker, *command)
    descendant = box.pid()
    watched = Watched([descendant, *children_of(started.pid)])
    started.kill_hard()
    assert watched.end() < 1


def test_a_process_that_hops_away_dies_with_its_host(
    host: Callable[..., Host], box: Letterbox, compile_c: Compiler
) -> None:
    hopper = compile_c(PROGRAMS / "hopper.c", "hopper")
    marker = f"hops of {os.getpid()}"
    started = host(RUNS, marker, hopper, box.path, 3000, 1)
    box.line()
    assert any(is_hopping(marker) for _ in range(100))
    watched = Watched([guardian_of(started.pid)])
    started.kill_hard()
    watched.end()
    # One look may miss it.
    assert not any(is_hopping(marker) for _ in range(20))


def is_hopping(marker: str) -> bool:
    variable = f"RUN_ID={marker}".encode()
    hoppers = (entry for entry in proc.youngest_first() if entry.name == "hopper" and entry.is_alive)
    return any(proc.has_variable(entry.pid, variable) for entry in hoppers)


MANY = """\
import sys, threading
from attune_cli.process import Request, run
for _ in range(3):
    run(Request(argv=("/bin/sh", "-c", ":"), env={}))
requests = [Request(argv=("/bin/sh", "-c", "echo $$ >$1; exec sleep 60", "sh", sys.argv[1]), env={"PATH": "/bin"})] * 3
for request in requests:
    threading.Thread(target=run, args=(request,)).start()
"""


def test_one_guardian_watches_over_all_runs(host: Callable[..., Host], box: Letterbox) -> None:
    started = host(MANY, box.path)
    runs = [box.pid() for _ in range(3)]
    guardian = guardian_of(started.pid)
    watched = Watched([*runs, guardian])
    started.kill_hard()
    assert watched.end() < 1


def test_the_guardian_is_deaf_to_polite_signals(host: Callable[..., Host], box: Letterbox) -> None:
    started = host(MANY, box.path)
    runs = [box.pid() for _ in range(3)]
    guardian = guardian_of(started.pid)
    until = time.monotonic() + 10
    while not ignores(guardian, signal.SIGHUP) and time.monotonic() < until:
        time.sleep(0.005)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        os.kill(guardian, number)
    watched = Watched(runs)
    started.kill_hard()
    assert watched.end() < 1


GUARDED = """\
import os, sys
from attune_cli.process import Request, proc, run
from attune_cli.process.tree import FAMILY
run(Request(argv=("/bin/sh", "-c", ":"), env={}))
(guardian,) = FAMILY.servants
assert proc.children() == [guardian]
print(guardian, flush=True)
if sys.argv[1] == "raise":
    raise SystemExit(3)
if sys.argv[1] == "hard":
    open(sys.argv[2]).readline()
    os._exit(4)
"""


@pytest.mark.parametrize(("how", "status"), [("return", 0), ("raise", 3)])
def test_a_host_that_ends_takes_its_guardian_along(how: str, status: int, host: Callable[..., Host]) -> None:
    started = host(GUARDED, how)
    out, err = started.communicate(timeout=30)
    assert (started.returncode, err) == (status, "")
    # Reaped, and so no zombie of whoever adopts it.
    assert not Path(f"/proc/{int(out)}").exists()


def test_a_guardian_leaves_when_its_host_ends_without_farewell(host: Callable[..., Host], box: Letterbox) -> None:
    started = host(GUARDED, "hard", box.path)
    assert started.stdout is not None
    watched = Watched([int(started.stdout.readline())])
    box.post()
    assert watched.end() < 5


GENERATIONS = """\
import os, sys
from attune_cli.process import Request, proc, run
from attune_cli.process.tree import FAMILY
env = {"PATH": "/usr/bin:/bin"}
run(Request(argv=("/bin/sh", "-c", ":"), env=env))
first = set(FAMILY.servants)
pid = os.fork()
if pid == 0:
    escapes = (sys.executable, "-I", "-S", sys.argv[2], sys.argv[1], "setsid", "double", "closed")
    assert len(run(Request(argv=escapes, env=env)).leftovers) == 1
    assert FAMILY.servants and not FAMILY.servants & first, (FAMILY.servants, first)
    assert set(proc.children()) == FAMILY.servants, proc.children()
    open(sys.argv[1], "w").write(f"{os.getpid()}\\n")
    run(Request(argv=("/bin/sh", "-c", "echo $$ >$1; exec sleep 60", "sh", sys.argv[1]), env=env))
    os._exit(1)
run(Request(argv=("/bin/sh", "-c", "echo $$ >$1; exec sleep 60", "sh", sys.argv[3]), env=env))
"""


def test_a_fork_of_the_host_has_a_guardian_of_its_own(
    host: Callable[..., Host], letterbox: Callable[[], Letterbox]
) -> None:
    of_fork, of_host = letterbox(), letterbox()
    started = host(GENERATIONS, of_fork.path, ESCAPER, of_host.path)
    of_fork.pid()
    fork, second, first = of_fork.pid(), of_fork.pid(), of_host.pid()
    # The host's guardian acts at once, although the fork lives on ...
    watched_first, watched_second = Watched([first]), Watched([second])
    fork_lives = Watched([fork])
    started.kill_hard()
    assert watched_first.end() < 1
    assert Path(f"/proc/{second}").exists()
    # ... and the fork's own when it is killed too.
    os.kill(fork, signal.SIGKILL)
    fork_lives.end()
    assert watched_second.end() < 1


def children_of(pid: int) -> list[int]:
    return [entry.pid for entry in proc.table().values() if entry.parent == pid and entry.is_alive]


def guardian_of(pid: int) -> int:
    """The host's only guardian."""
    (found,) = [
        child for child in children_of(pid) if b"process.guardian" in Path(f"/proc/{child}/cmdline").read_bytes()
    ]
    return found


def ignores(pid: int, number: signal.Signals) -> bool:
    mask = Path(f"/proc/{pid}/status").read_text().partition("SigIgn:\t")[2].split("\n")[0]
    return bool(int(mask, 16) >> number - 1 & 1)
