"""The engine in several threads of one process, as a sensor and the actions of its rules use it."""

from __future__ import annotations

import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from attune_cli.process import Outcome, Request, hearing_signals, run, start
from attune_cli.sensor.model import Event, SensorRule
from attune_cli.sensor.reactions import DROPPED, WAITING, Reaction, Reactions, Setting
from attune_cli.sensor.rules import LocalRule
from tests.integration.process.life import Letterbox, exists, open_descriptors
from tests.integration.sensor.conftest import knowing

#: Ends with its number, and leaves behind who has left the session and lost its parent.
ORPHAN = 'setsid sleep 60 >/dev/null 2>&1 & echo $!; exit "$NUMBER"'


def request(number: int, script: str, **more: object) -> Request:
    env = {"PATH": os.environ["PATH"], "NUMBER": str(number), "MARK": f"{os.getpid()}-{number}-{script[:5]}"}
    return Request(argv=("/bin/sh", "-c", script), env=env, marker="MARK", **more)  # type: ignore[arg-type]


def test_runs_beside_a_long_one_end_as_they_should_and_leave_nothing() -> None:
    long = start(request(0, "trap 'exit 9' TERM; while :; do sleep 0.05; done"))
    waiting = threading.Thread(target=long.wait)
    waiting.start()
    before = open_descriptors()

    def orphan(number: int) -> Outcome:
        return run(request(number, ORPHAN))

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(orphan, range(1, 65)))
    assert [outcome.exit_code for outcome in outcomes] == list(range(1, 65))
    left = [int(outcome.stdout.text) for outcome in outcomes]
    assert not [pid for pid in left if exists(pid)]
    # Nobody took the long one, or what it has started, for an orphan.
    assert exists(long.pid)
    long.cancel()
    waiting.join()
    end = long.wait()
    assert (end.exit_code, end.cancelled, end.leftovers) == (9, True, ())
    # But for files of the kernel about this process, which stay open once they have been read.
    assert open_descriptors() <= before + 3


def test_cancelled_from_other_threads_while_they_start() -> None:
    def ended(number: int) -> Outcome:
        with start(request(number, "sleep 60")) as process:
            threading.Thread(target=process.cancel).start()
            return process.wait()

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(ended, range(40)))
    assert all(outcome.cancelled and outcome.signal == signal.SIGTERM for outcome in outcomes)


def test_children_of_other_threads_ignore_no_signal() -> None:
    before = signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    try:
        with hearing_signals(), ThreadPoolExecutor(1) as pool:
            outcome = pool.submit(run, request(0, "grep SigIgn /proc/self/status")).result()
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert outcome.stdout.text == "SigIgn:\t0000000000000000\n"


def event(number: int, size: int = 10) -> Event:
    return Event(
        id=number,
        status=201,
        trigger_ref="rude.tick",
        rule_ref=None,
        payload={"count": number},
        config=None,
        source="rude.once",
        received=1.0,
        size=size,
    )


@pytest.fixture
def told() -> list[Reaction]:
    return []


@pytest.fixture
def reactions(rude: Path, box: Letterbox, told: list[Reaction]) -> Reactions:
    rule = SensorRule(id=1, ref="rude.r", trigger_ref="rude.tick", action_ref="rude.linger")
    env = (f"BOX={box.path}", "LINGER=60")
    setting = Setting((rude.parent,), env, clean_env=False, api=lambda: ("http://x", "token"), config=lambda _: {})
    return Reactions([LocalRule(rule=rule, origin="a test")], setting, 1, told.append)


def test_what_waits_is_bounded_and_what_is_dropped_is_told(
    reactions: Reactions, told: list[Reaction], box: Letterbox
) -> None:
    reactions.offer(event(0))
    action = box.pid()
    for number in range(1, WAITING + 11):
        reactions.offer(event(number))
    assert [(each.event_id, each.status) for each in told] == [
        (number, DROPPED) for number in range(WAITING + 1, WAITING + 11)
    ]
    reactions.cancel()
    reactions.finish()
    assert not exists(action)
    # Those that waited were not begun.
    assert {each.status for each in told} == {DROPPED, "cancelled"}
    assert len(told) == WAITING + 11


def test_what_waits_is_bounded_in_bytes(reactions: Reactions, told: list[Reaction], box: Letterbox) -> None:
    reactions.offer(event(0))
    box.pid()
    for number in range(1, 40):
        reactions.offer(event(number, size=1024 * 1024))
    assert [each.event_id for each in told] == list(range(33, 40))
    reactions.cancel()
    reactions.finish()


def test_an_action_that_is_being_started_is_cancelled_too(
    reactions: Reactions, told: list[Reaction], box: Letterbox
) -> None:
    reactions.offer(event(0))
    reactions.cancel()
    reactions.finish()
    assert [each.status for each in told] in (["cancelled"], [DROPPED])
    assert knowing(f"BOX={box.path}") == []
