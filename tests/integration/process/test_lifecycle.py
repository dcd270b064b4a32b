"""start, wait, close: in any order, any number of times, also when something goes wrong; nothing is left open."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from attune_cli.process import Secrets, run, spawn, start
from attune_cli.process.tree import FAMILY
from tests.children import children
from tests.integration.process.conftest import Host
from tests.integration.process.life import Letterbox, exists, open_descriptors
from tests.integration.process.requests import program, sh


def test_waiting_again_gives_the_same_outcome() -> None:
    with start(sh("echo hi")) as process:
        assert process.wait() is process.wait()
    assert process.wait().stdout.text == "hi\n"


def test_a_process_that_nobody_waited_for_is_killed_with_its_tree(box: Letterbox) -> None:
    with start(program("escapes.py", box.path, "setsid", "double", "deaf", "stay")) as process:
        descendant = box.pid()
    assert not exists(process.pid)
    assert not exists(descendant)


def test_waiting_behind_the_end_tells_how_it_ended() -> None:
    with start(sh("sleep 60")) as process:
        pass
    outcome = process.wait()
    assert outcome.signal == signal.SIGKILL
    assert not outcome.cancelled
    assert not outcome


def test_closing_twice() -> None:
    process = start(sh("sleep 60"))
    process.close()
    process.close()
    process.cancel()
    assert process.wait() is process.wait()


def test_closing_behind_the_end_keeps_the_outcome() -> None:
    process = start(sh("exit 3"))
    outcome = process.wait()
    process.close()
    assert process.wait() is outcome
    assert outcome.exit_code == 3


def test_an_exception_in_the_context_kills_the_tree() -> None:
    with pytest.raises(RuntimeError), start(sh("sleep 60")) as process:
        raise RuntimeError
    assert not exists(process.pid)


def test_two_hundred_runs_leave_no_descriptor_and_no_thread() -> None:
    before = children()
    run(sh(":"))
    descriptors, threads = open_descriptors(), len(os.listdir("/proc/self/task"))
    for index in range(200):
        outcome = run(sh("cat; echo 2 >&2", stdin=b"x" * index, max_stdout=150))
        assert outcome.stdout.total_bytes == index
        assert len(os.listdir("/proc/self/task")) == threads
    assert open_descriptors() == descriptors
    assert children() <= before
    assert FAMILY.trees == set()


def test_no_thread_is_started_for_a_run() -> None:
    before = threading.active_count(), len(os.listdir("/proc/self/task"))
    during: list[tuple[int, int]] = []
    request = sh(
        "echo out; echo err >&2; cat >/dev/null", stdin=bytes(1 << 20), live_stdout=lambda _: during.append(count())
    )

    def count() -> tuple[int, int]:
        return threading.active_count(), len(os.listdir("/proc/self/task"))

    assert run(request)
    assert set(during) == {before}


# --- sinks that fail --------------------------------------------------------------------------


def test_a_sink_that_fails_ends_the_run_and_its_tree(box: Letterbox) -> None:
    def fail(_: bytes) -> None:
        raise BrokenPipeError("the reader is gone")

    descriptors = open_descriptors() if run(sh(":")) else 0
    script = f"{sys.executable} -I -S $1 $2 setsid double deaf; echo; exec sleep 60"
    request = sh(script, Path(__file__).parents[2] / "programs" / "escapes.py", box.path, live_stdout=fail)
    with pytest.raises(BrokenPipeError, match="the reader is gone"):
        run(request)
    assert not exists(box.pid())
    assert open_descriptors() == descriptors
    assert FAMILY.trees == set()


def test_a_sink_that_fails_again_while_the_run_is_given_up() -> None:
    """What is held back of a secret is not given to a sink that has failed before."""
    calls: list[bytes] = []

    def fail(data: bytes) -> None:
        calls.append(data)
        raise BrokenPipeError

    descriptors = open_descriptors() if run(sh(":")) else 0
    request = sh("printf 'hello secr'; exec sleep 60", live_stdout=fail, secrets=Secrets({"word": "secret!"}))
    with pytest.raises(BrokenPipeError):
        run(request)
    assert calls == [b"hello "]
    assert open_descriptors() == descriptors
    assert FAMILY.trees == set()


def test_a_process_may_be_waited_for_behind_a_sink_that_failed() -> None:
    def fail(_: bytes) -> None:
        raise ValueError

    with start(sh("echo; exec sleep 60", live_stdout=fail)) as process:
        with pytest.raises(ValueError):  # noqa: PT011  # it is the test's own
            process.wait()
        assert process.wait().signal == signal.SIGKILL


# --- signals while it starts ------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupt_between_the_start_and_the_first_note_of_it(
    number: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What Ctrl-C's handler raises is raised when the child is known, and the child is killed."""
    started: list[int] = []

    def interrupted(pid: int) -> int:
        started.append(pid)
        signal.raise_signal(number)
        return -1

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(spawn, "_pidfd", interrupted)
    before = signal.signal(number, interrupt)
    try:
        with pytest.raises(KeyboardInterrupt):
            start(sh("exec sleep 60"))
        assert signal.getsignal(number) is interrupt
    finally:
        signal.signal(number, before)
    assert not exists(started[0])
    assert FAMILY.trees == set()


# --- what others in the program do ------------------------------------------------------------


def test_a_process_that_somebody_else_has_reaped() -> None:
    """Nothing can be told of how it ended; but it has ended, and that is all."""

    def steal(_: bytes) -> None:
        assert os.waitpid(process.pid, 0)[1] == 5 << 8

    with start(sh("echo; exit 5", live_stdout=steal)) as process:
        outcome = process.wait()
    assert (outcome.exit_code, outcome.signal) == (None, None)
    assert outcome.stdout.text == "\n"
    assert not outcome


NO_FORK = """\
import os
from attune_cli.process import Request, run
prepared = []
os.register_at_fork(before=lambda: prepared.append(1))
for _ in range(3):
    run(Request(argv=("/bin/sh", "-c", ":"), env={}, stdin=b"x", cwd="/", timeout=10))
assert prepared == [], prepared
"""


def test_nothing_of_ours_runs_in_the_child(host: Callable[..., Host]) -> None:
    """With a preexec_fn, CPython gives up vfork and runs the fork hooks: none is run."""
    host(NO_FORK).answer()


def test_that_check_sees_a_preexec_fn(host: Callable[..., Host]) -> None:
    code = NO_FORK.replace("import os\n", "import os, subprocess\n").replace(
        "assert prepared == []", "subprocess.run(['/bin/sh', '-c', ':'], preexec_fn=os.getpid)\nassert prepared == [1]"
    )
    host(code).answer()


def test_this_process_can_use_subprocess_beside_the_engine(box: Letterbox) -> None:
    with start(sh("read -r go <$1; echo done", box.path)) as process:
        assert subprocess.run(["/bin/sh", "-c", "exit 5"], check=False).returncode == 5
        box.post()
        assert process.wait().stdout.text == "done\n"
