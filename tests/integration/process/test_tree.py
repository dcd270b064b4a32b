"""None of a run's descendants is left when it returns, wherever they went; and nobody else is touched."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from attune_cli.process import AT_ONCE, Outcome, Rung, aim, proc, run, start
from attune_cli.process.tree import FAMILY
from tests.children import children
from tests.compilers import Compiler
from tests.integration.process.conftest import PROGRAMS
from tests.integration.process.life import Letterbox, Watched, exists, is_alive, zombies
from tests.integration.process.requests import ENV, beside, binary, program, sh

WAYS = [
    ("closed",),
    ("setsid",),
    ("setsid", "closed", "deaf"),
    ("double", "closed"),
    ("setsid", "double", "deaf"),
    ("setsid", "double", "bare", "closed", "deaf"),
]


# --- what a process leaves behind -------------------------------------------------------------


def test_a_background_child_does_not_hold_up_the_run() -> None:
    begun = time.monotonic()
    outcome = run(sh("sleep 60 & echo hi"))
    assert time.monotonic() - begun < 2
    assert outcome
    assert outcome.stdout.text == "hi\n"
    assert [(holder.name, holder.streams) for holder in outcome.holders] == [("sleep", ("stderr", "stdout"))]
    assert outcome.leftovers == tuple((holder.pid, os.getpid(), "sleep") for holder in outcome.holders)
    assert not exists(outcome.holders[0].pid)


def test_a_holder_of_one_stream_is_told_with_that_stream() -> None:
    outcome = run(sh("sleep 60 2>/dev/null & echo hi", linger=0.1))
    assert [holder.streams for holder in outcome.holders] == [("stdout",)]


def test_what_is_said_soon_after_the_exit_is_heard(box: Letterbox) -> None:
    states: list[str] = []

    def show(data: bytes) -> None:
        leader = proc.stat(process.pid)
        states.append(f"{data.decode().strip()}: {leader.state if leader else 'reaped'}")
        if data == b"early\n":
            os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
            box.post()

    with start(sh("(read -r go <$1; echo late) & echo early", box.path, live_stdout=show)) as process:
        outcome = process.wait()
    assert outcome.stdout.text == "early\nlate\n"
    assert outcome.holders == ()
    assert outcome.leftovers == ()
    # The leader's number stays its own as long as signals may be sent to its group.
    assert states[1] == "late: Z"


def test_who_ends_together_with_the_process_is_no_leftover(box: Letterbox) -> None:
    """It closes its pipes as it ends, and is there for a moment longer."""

    def end_both(_: bytes) -> None:
        box.post()

    for _ in range(20):
        script = "(read -r go <$1; exit) & echo; exit"
        outcome = run(sh(script, box.path, live_stdout=end_both))
        assert outcome.leftovers == ()


@pytest.mark.parametrize("words", WAYS, ids=" ".join)
def test_a_descendant_that_outlives_the_process_is_killed(words: tuple[str, ...], box: Letterbox) -> None:
    outcome = run(program("escapes.py", box.path, *words, linger=0.1))
    pid = box.pid()
    assert outcome
    assert not exists(pid)
    assert [member.pid for member in outcome.leftovers] == [pid]
    assert outcome.survivors == ()


@pytest.mark.parametrize("words", WAYS, ids=" ".join)
def test_a_descendant_dies_with_the_process(words: tuple[str, ...], box: Letterbox) -> None:
    process = start(program("escapes.py", box.path, "stay", *words))
    with process:
        pid = box.pid()
        process.cancel(now=True)
        outcome = process.wait()
    assert not exists(pid)
    assert pid in {member.pid for member in outcome.tree}
    assert outcome.leftovers == ()


def test_a_descendant_of_a_process_that_takes_time_to_die(box: Letterbox) -> None:
    """Only when its ancestor is gone does it come to us."""
    with start(program("escapes.py", box.path, "stay", "fat", "setsid", "closed")):
        pid = box.pid()
        assert box.line() == "fat"
    assert not exists(pid)


def test_a_process_whose_first_thread_has_ended_is_no_zombie(box: Letterbox, compile_c: Compiler) -> None:
    daemon = compile_c(PROGRAMS / "headless.c", "headless", "-pthread")
    outcome = run(binary(daemon, box.path))
    pid = box.pid()
    assert outcome
    assert not exists(pid)
    assert [member.pid for member in outcome.leftovers] == [pid]


@pytest.mark.parametrize("pause", [0, 200, 2000])
@pytest.mark.parametrize("chains", [1, 4])
def test_processes_that_hop_away_while_they_are_killed(
    pause: int, chains: int, box: Letterbox, compile_c: Compiler
) -> None:
    before = children()
    hopper = compile_c(PROGRAMS / "hopper.c", "hopper")
    for _ in range(5):
        with start(binary(hopper, box.path, pause, chains)) as process:
            for _ in range(chains):
                box.line()
            process.cancel(now=True)
            outcome = process.wait()
        assert outcome.survivors == ()
        # Caught in an instant, and not at the end of its own time. One that still hopped would leave zombies.
        assert outcome.duration < 4
        assert children() <= before


def test_a_look_that_comes_too_late_is_repeated(
    box: Letterbox, compile_c: Compiler, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a busy machine, who is listed as alive has often hopped on by the time it is looked at."""
    before = children()
    hopper = compile_c(PROGRAMS / "hopper.c", "hopper")
    delays = random.Random(7)
    for name in ("child_list", "_names"):
        monkeypatch.setattr(proc, name, late(getattr(proc, name), delays))
    for _ in range(5):
        with start(binary(hopper, box.path, 1000, 1)) as process:
            box.line()
            process.cancel(now=True)
            process.wait()
        assert children() <= before


def late(look: Callable[..., Any], delays: random.Random) -> Callable[..., Any]:
    def look_late(*arguments: object) -> object:
        seen = look(*arguments)
        time.sleep(delays.uniform(0, 0.01))
        return seen

    return look_late


def test_processes_that_multiply_when_they_are_asked_to_stop(box: Letterbox, compile_c: Compiler) -> None:
    before = children()
    respawner = compile_c(PROGRAMS / "respawner.c", "respawner")
    with start(binary(respawner, box.path, on_cancel=(Rung(signal.SIGTERM, 0.2), *AT_ONCE))) as process:
        box.line()
        process.cancel()
        process.wait()
    assert children() <= before


# --- zombies ----------------------------------------------------------------------------------


def test_two_hundred_orphans_later_there_is_no_zombie() -> None:
    assert run(sh("for i in $(seq 200); do (true &); done"))
    assert zombies() == 0


def test_orphans_are_reaped_while_the_process_runs_on(letterbox: Callable[[], Letterbox]) -> None:
    ready, go = letterbox(), letterbox()

    def wait_for_none() -> None:
        ready.line()
        until = time.monotonic() + 10
        while zombies() and time.monotonic() < until:
            time.sleep(0.02)
        left.append(zombies())
        go.post()

    left: list[int] = []
    with beside(wait_for_none):
        assert run(sh("for i in $(seq 200); do (true &); done; echo >$1; read -r go <$2", ready.path, go.path))
    assert left == [0]


# --- who does not belong to it ----------------------------------------------------------------


@pytest.fixture
def bystanders() -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts children of this process that the engine did not start."""
    started: list[subprocess.Popen[bytes]] = []

    def start_one(*, session: bool) -> subprocess.Popen[bytes]:
        started.append(subprocess.Popen(["/bin/sleep", "60"], start_new_session=session))
        return started[-1]

    yield start_one
    for each in started:
        each.kill()
        each.wait()


def test_other_children_of_this_process_are_left_alone(bystanders: Callable[..., subprocess.Popen[bytes]]) -> None:
    before = [bystanders(session=False), bystanders(session=True)]
    with start(sh("sleep 60")) as process:
        before.append(bystanders(session=False))
        process.cancel(now=True)
        process.wait()
    run(sh("sleep 60 &", linger=0.1))
    assert [each.poll() for each in before] == [None, None, None]


def test_the_exit_status_of_other_children_is_left_to_their_owner() -> None:
    mine = subprocess.Popen(["/bin/sh", "-c", "exit 42"])
    os.waitid(os.P_PID, mine.pid, os.WEXITED | os.WNOWAIT)
    run(sh("(true &); sleep 0.1"))
    assert mine.wait() == 42


def test_runs_in_threads_do_not_end_one_another(letterbox: Callable[[], Letterbox]) -> None:
    """One run ends, leaving children behind, while the daemons of another, still on, are there."""
    ready, go, box = letterbox(), letterbox(), letterbox()
    long = sh(
        f"{sys.executable} -I -S $3 $4 setsid double; echo >$1; read -r go <$2; exit 9",
        *(ready.path, go.path, PROGRAMS / "escapes.py", box.path),
        env={**ENV, "RUN": "long"},
        marker="RUN",
        linger=0.1,
    )
    outcomes: list[Outcome] = []
    thread = threading.Thread(target=lambda: outcomes.append(run(long)))
    thread.start()
    ready.line()
    daemon = box.pid()
    for index in range(10):
        short = sh("(sleep 60 &); exit 3", env={**ENV, "RUN": f"short {index}"}, marker="RUN", linger=0.02)
        outcome = run(short)
        assert outcome.exit_code == 3
        assert [member.name for member in outcome.leftovers] == ["sleep"]
    assert is_alive(daemon)
    go.post()
    thread.join()
    assert outcomes[0].exit_code == 9
    assert [member.pid for member in outcomes[0].leftovers] == [daemon]
    assert not exists(daemon)


def test_many_runs_at_once() -> None:
    outcomes: dict[int, Outcome] = {}

    def several(first: int) -> None:
        for code in range(first, first + 10):
            outcomes[code] = run(sh("(sleep 60 &); cat; exit $1", code, stdin=bytes(100_000), linger=0.0))

    threads = [threading.Thread(target=several, args=(10 * index,)) for index in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {code: outcome.exit_code for code, outcome in outcomes.items()} == {code: code for code in range(60)}
    assert {outcome.stdout.total_bytes for outcome in outcomes.values()} == {100_000}
    assert zombies() == 0


def test_runs_that_end_at_the_same_moment_leave_nothing_to_one_another(letterbox: Callable[[], Letterbox]) -> None:
    """What has no mark of its run is left to the run that ends last; so one of them has to be that one."""
    go = letterbox()
    for _ in range(10):
        boxes = [letterbox(), letterbox()]
        script = f"{sys.executable} -I -S $1 $2 setsid double bare closed deaf; read -r go <$3"
        requests = [sh(script, PROGRAMS / "escapes.py", box.path, go.path) for box in boxes]
        threads = [threading.Thread(target=run, args=(request,)) for request in requests]
        for thread in threads:
            thread.start()
        daemons = [box.pid() for box in boxes]
        go.post("go\ngo")
        for thread in threads:
            thread.join()
        assert not [pid for pid in daemons if exists(pid)]


# --- numbers that are used again --------------------------------------------------------------


def test_a_stranger_with_the_number_of_one_that_is_gone_is_not_signalled() -> None:
    with subprocess.Popen(["/bin/sleep", "60"]) as stranger:
        entry = proc.stat(stranger.pid)
        assert entry is not None
        gone = entry._replace(started=entry.started - 1)
        aim.send(gone, signal.SIGKILL)
        aim.kill([gone], 0.0)
        with pytest.raises(subprocess.TimeoutExpired):
            stranger.wait(timeout=0.1)
        aim.send(entry, signal.SIGTERM)
        assert stranger.wait(timeout=10) == -signal.SIGTERM


def test_a_number_that_was_a_childs_and_is_a_strangers_now_is_left_alone(
    box: Letterbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another thread reaps a child between our reading its number and our looking at who has it."""
    stranger = subprocess.Popen([sys.executable, "-I", "-S", PROGRAMS / "escapes.py", box.path, "setsid", "stay"])
    pid = box.pid()
    real = proc.child_list
    monkeypatch.setattr(proc, "child_list", lambda: real() + (b"%d " % pid if FAMILY.trees else b""))
    with start(sh("sleep 60")) as process:
        process.cancel(now=True)
        outcome = process.wait()
    assert pid not in {member.pid for member in outcome.tree}
    assert is_alive(pid)
    monkeypatch.undo()
    stranger.kill()
    stranger.wait()
    # It has come to us now.
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def test_watching_works() -> None:
    """The tests' own eyes: a process that is alive is seen to be, and a zombie to be one."""
    with subprocess.Popen(["/bin/sleep", "60"]) as child:
        assert child.pid in children()
        watched = Watched([child.pid])
        child.kill()
        watched.end()
        assert zombies() == 1
    assert zombies() == 0
