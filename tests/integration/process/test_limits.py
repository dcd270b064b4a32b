"""Where the system gives less: processes that cannot be killed, no pidfd, no process table, no Linux."""

from __future__ import annotations

import os
import signal
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from attune_cli.process import aim, run, tree
from tests.compilers import Compiler
from tests.integration.process.conftest import PROGRAMS, Host
from tests.integration.process.life import Letterbox, Watched, is_alive
from tests.integration.process.requests import beside, sh

# --- who cannot be killed ---------------------------------------------------------------------


def test_a_process_that_cannot_be_killed_does_not_hold_up_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if it hung in the kernel: every signal is lost."""
    monkeypatch.setattr(tree, "KILL_PATIENCE", 0.2)
    monkeypatch.setattr(tree.Tree, "_send_group", lambda *_: None)
    monkeypatch.setattr(aim, "_strike", lambda *_: None)
    begun = time.monotonic()
    outcome = run(sh("echo up; exec sleep 60", timeout=0.1, linger=0.2))
    try:
        assert time.monotonic() - begun < 10
        assert [member.pid for member in outcome.survivors] == [outcome.pid]
        assert (outcome.exit_code, outcome.signal, outcome.signal_name) == (None, None, None)
        assert outcome.timed_out
        assert not outcome
        assert outcome.stdout.text == "up\n"
        assert [holder.pid for holder in outcome.holders] == [outcome.pid]
        assert is_alive(outcome.pid)
    finally:
        os.kill(outcome.pid, signal.SIGKILL)
        os.waitpid(outcome.pid, 0)


FOREIGN = """\
import os, resource, sys
from attune_cli.process import Request, run, tree
run(Request(argv=("/bin/sh", "-c", ":"), env={}))
tree.KILL_PATIENCE = 0.5
os.setgroups([])
os.setresgid(65534, 65534, 65534)
os.setresuid(65534, 65534, 65534)
before = resource.getrusage(resource.RUSAGE_SELF)
outcome = run(Request(argv=(sys.argv[1],), env={}, timeout=0.1, linger=0.1))
after = resource.getrusage(resource.RUSAGE_SELF)
assert outcome.stdout.text == "up\\n", outcome
assert [member.pid for member in outcome.survivors] == [outcome.pid], outcome
assert (outcome.exit_code, outcome.signal, outcome.timed_out) == (None, None, True), outcome
assert outcome.duration < 10, outcome
# It waits for what does not die and does not spin.
assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.35
os.write(1, str(outcome.pid).encode())
"""

#: It takes root to make such a program, and a place that is not mounted `nosuid`.
IS_POSSIBLE = os.geteuid() == 0 and not os.statvfs(tempfile.gettempdir()).f_flag & os.ST_NOSUID


if IS_POSSIBLE:

    def test_a_process_of_another_user_does_not_hold_up_the_run(
        open_folder: Path, host: Callable[..., Host], compile_c: Compiler
    ) -> None:
        program = open_folder / "rooted"
        program.write_bytes(compile_c(PROGRAMS / "rooted.c", "rooted").read_bytes())
        program.chmod(0o4755)
        pid = int(host(FOREIGN, program).answer())
        survivor = Watched([pid])
        os.kill(pid, signal.SIGKILL)
        survivor.end()


# --- less than Linux has ----------------------------------------------------------------------

#: What is taken away before the engine is imported.
LACKS = {
    "no pidfd": """\
import errno, os
def pidfd_open(*_):
    raise OSError(errno.ENOSYS, "no such call")
os.pidfd_open = pidfd_open
""",
    "no list of children": """\
import os
access, open_ = os.access, os.open
os.access = lambda path, *mode: "children" not in str(path) and access(path, *mode)
os.open = lambda path, *rest, **more: open_("/none" if "children" in str(path) else path, *rest, **more)
""",
    "another system": """\
import asyncio, ctypes, os, resource, select, signal, socket, subprocess, sys, tempfile, threading
sys.platform = "bsd"
for name in ("pidfd_open", "memfd_create", "eventfd", "splice"):
    delattr(os, name)
del signal.pidfd_send_signal
from attune_cli.process import proc
proc._names = lambda folder: []
proc._read = lambda path: b""
if hasattr(proc, "_read_own"):
    proc._read_own = lambda name: b""
from pathlib import Path
import io
open_ = io.open
def no_proc(file, *rest, **more):
    if str(file).startswith("/proc"):
        raise FileNotFoundError(file)
    return open_(file, *rest, **more)
import builtins
builtins.open = no_proc
""",
}

WORKS = """
import json, os, signal, sys, threading
from attune_cli.process import Request, Rung, run, start
box = sys.argv[1]

def sh(script, *arguments, **terms):
    env = {"PATH": "/usr/bin:/bin"}
    return Request(argv=("/bin/sh", "-c", script, "sh", *arguments), env=env, **{"timeout": 20.0, **terms})

# It ends.
outcome = run(sh("cat; echo err >&2; exit 3", stdin=bytes(3_000_000), max_stdout=1_000_000))
assert (outcome.exit_code, outcome.stdout.total_bytes, outcome.stderr.text) == (3, 3_000_000, "err\\n"), outcome
assert outcome.duration < 10, outcome
assert run(sh("kill -SEGV $$")).signal == signal.SIGSEGV
assert min(run(sh("exec sleep 0.35")).duration for _ in range(3)) < 0.5
# It is stopped, with its group.
outcome = run(sh("sleep 60 & echo $! >$1; sleep 60", box, timeout=0.2))
assert outcome.timed_out and outcome.signal == 9 and outcome.duration < 10, outcome
ladder = (Rung(signal.SIGTERM, 0.2), Rung(signal.SIGKILL, 0.0))
outcome = run(sh("trap '' TERM; while :; do sleep 0.05; done", timeout=0.2, on_timeout=ladder))
assert [sent.signal.name for sent in outcome.signals] == ["SIGTERM", "SIGKILL"] and outcome.duration < 10, outcome
with start(sh("exec sleep 60")) as process:
    threading.Timer(0.1, process.cancel).start()
    outcome = process.wait()
assert outcome.cancelled and outcome.signal == signal.SIGTERM and outcome.duration < 10, outcome
with start(sh("exec sleep 60")) as process:
    for _ in range(20_000):
        process.cancel()
    assert process.wait().cancelled
# What it leaves in its group is killed as well.
outcome = run(sh("sleep 60 & echo $! >$1; exec 2>&1; echo hi", box, linger=0.1))
assert outcome and outcome.stdout.text == "hi\\n", outcome
"""


@pytest.mark.parametrize("lack", LACKS)
def test_a_run_on_a_poorer_system(lack: str, host: Callable[..., Host], letterbox: Callable[[], Letterbox]) -> None:
    box = letterbox()
    started = host(LACKS[lack] + WORKS, box.path)
    left: list[int] = []
    with beside(lambda: left.extend(box.pid() for _ in range(2))):
        started.answer()
    for pid in left:
        assert not is_alive(pid)


@pytest.mark.parametrize("lack", ["no pidfd", "no list of children"])
def test_descendants_that_escape_on_a_poorer_linux(lack: str, host: Callable[..., Host], box: Letterbox) -> None:
    code = (
        LACKS[lack]
        + """
import sys
from attune_cli.process import Request, proc, run
from attune_cli.process.tree import FAMILY
words = ("setsid", "double", "bare", "closed", "deaf")
argv = (sys.executable, "-I", "-S", sys.argv[2], sys.argv[1], *words)
assert len(run(Request(argv=argv, env={})).leftovers) == 1
assert set(proc.children()) == FAMILY.servants
outcome = run(Request(argv=(*argv, "stay"), env={}, timeout=0.3))
assert len(outcome.tree) == 2, outcome
assert set(proc.children()) == FAMILY.servants
"""
    )
    host(code, box.path, PROGRAMS / "escapes.py").answer()


@pytest.mark.parametrize("lack", ["no pidfd", "no list of children", "another system"])
def test_a_host_that_is_killed_on_a_poorer_system(lack: str, host: Callable[..., Host], box: Letterbox) -> None:
    code = (
        LACKS[lack]
        + """
import sys
from attune_cli.process import Request, run
script = "sleep 60 & echo $! >$1; echo $$ >$1; wait"
run(Request(argv=("/bin/sh", "-c", script, "sh", sys.argv[1]), env={"PATH": "/usr/bin:/bin"}))
"""
    )
    started = host(code, box.path)
    watched = Watched([box.pid(), box.pid()])
    started.kill_hard()
    assert watched.end() < 1
