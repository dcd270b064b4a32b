"""Sensors that do not behave: each is dealt with as the platform does, and nothing of it is left running."""

from __future__ import annotations

import itertools

import pytest

from tests.integration.cli.conftest import Attune
from tests.integration.process.life import Letterbox, Watched, exists
from tests.integration.sensor.conftest import LONG, Run, command, sensor_run


def test_one_that_ignores_sigterm_is_killed_after_the_grace(run: Run, box: Letterbox) -> None:
    document = run("deaf", "--events", "1", "--timeout", LONG, "--grace", "300ms")
    assert document["exit"] == 1
    assert document["status"] == "unclean"
    (end,) = document["exits"]
    assert end["killed"]
    assert end["signal"] == "SIGKILL"
    assert not exists(box.pid())


def test_children_that_outlive_it_are_killed_with_it(run: Run, box: Letterbox) -> None:
    document = run("forker", "--events", "1", "--timeout", LONG, "--grace", "300ms")
    assert document["exit"] == 1
    assert document["exits"][0]["killed"]
    children = box.pid(), box.pid()
    assert not any(map(exists, children))


def test_a_child_that_it_leaves_behind_is_found_and_killed(run: Run, box: Letterbox) -> None:
    document = run("leaver", "--no-restart")
    child = box.pid()
    assert document["exit"] == 1
    assert document["status"] == "unclean"
    (end,) = document["exits"]
    assert end["exit_code"] == 0
    assert [left["pid"] for left in end["leftovers"]] == [child]
    assert not exists(child)


def test_a_child_that_does_not_end_with_it_is_killed_after_the_grace(run: Run, box: Letterbox) -> None:
    document = run("hoarder", "--events", "1", "--timeout", LONG, "--grace", "300ms")
    (end,) = document["exits"]
    assert (end["exit_code"], end["killed"], document["exit"]) == (0, True, 1)
    assert not exists(box.pid())


def test_one_that_crashes_is_started_again_after_longer_and_longer_pauses(attune: Attune, box: Letterbox) -> None:
    process = attune.start(*command("crasher", box), "-j", "--backoff-base", "100ms")
    moments = [float(box.line()) for _ in range(5)]
    process.terminate()
    document = sensor_run(process.communicate(timeout=20)[0])
    pauses = [later - earlier for earlier, later in itertools.pairwise(moments)]
    # At least as long as they were meant to be; how much longer is the machine's business.
    assert all(pause >= meant for pause, meant in zip(pauses, (0.1, 0.2, 0.4, 0.8), strict=True))
    assert [end["restart_after_ms"] for end in document["exits"]][:4] == [100, 200, 400, 800]
    # The fifth may have been stopped before it crashed.
    assert {(end["exit_code"], end["expected"]) for end in document["exits"][:4]} == {(3, False)}
    assert document["logs"]["stderr"]["tail"][0] == "no such device"
    assert (process.returncode, document["reason"]) == (1, "interrupt")


def test_the_pause_before_a_restart_ends_when_it_is_to_stop(attune: Attune, box: Letterbox) -> None:
    process = attune.start(*command("crasher", box), "--backoff-base", "5m")
    assert process.stderr is not None
    while b"starting again in 5m" not in process.stderr.readline():
        pass
    process.terminate()
    # Not after five minutes.
    told = process.communicate(timeout=20)[1]
    assert b"ended by itself 1 time" in told
    assert process.returncode == 1


def test_no_restart(run: Run) -> None:
    document = run("crasher", "--no-restart")
    assert (document["starts"], document["exit"], document["reason"]) == (1, 1, None)
    assert document["exits"][0]["restart_after_ms"] is None


@pytest.mark.parametrize("end", [0, 5])
def test_without_a_restart_an_end_with_0_is_one_like_another(run: Run, end: int) -> None:
    document = run("once", "--no-restart", "--env", f"END={end}")
    assert document["exit"] == (1 if end else 0)
    assert document["status"] == ("unclean" if end else "passed")


def test_an_end_with_0_is_unexpected_where_it_is_started_again(run: Run) -> None:
    document = run("once", "--events", "2", "--timeout", LONG, "--backoff-base", "50ms")
    assert document["starts"] == 2
    assert document["exits"][0]["restart_after_ms"] == 50
    assert (document["exit"], document["status"]) == (1, "unclean")


def test_a_flood_is_read_in_bounded_memory(attune: Attune, box: Letterbox) -> None:
    """A line of 50 MiB, then 55 MiB of lines."""
    folder = attune.folder / "logs"
    process = attune.start(*command("flooder", box), "-j", "--events", "1", "--timeout", LONG, "--log-dir", folder)
    assert box.line(patience=60) == "flooded"
    peak = _peak(process.pid)
    document = sensor_run(process.communicate(timeout=60)[0])
    assert process.returncode == 0
    assert 0 < peak < 150 * 1024 * 1024
    stderr = document["logs"]["stderr"]
    assert stderr["bytes"] > 100 * 1024 * 1024
    assert stderr["tail"][-1] == "the last line"
    assert sum(map(len, stderr["tail"])) < 200 * 2100
    files = sorted(folder.iterdir())
    assert [file.name for file in files if "stderr" in file.name] == [
        "rude.flooder.stderr.log",
        *(f"rude.flooder.stderr.log.{number}" for number in range(1, 5)),
    ]
    assert all(file.stat().st_size <= 10 * 1024 * 1024 for file in files)
    assert (folder / "rude.flooder.stderr.log").read_bytes().endswith(b"the last line\n")


def _peak(pid: int) -> int:
    """The largest resident size that a process has had, in bytes."""
    with open(f"/proc/{pid}/status", "rb") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith(b"VmHWM:"))


def test_garbage_is_refused_and_told(run: Run) -> None:
    document = run("garbage", "--events", "2", "--timeout", LONG)
    assert document["logs"]["stdout"]["tail"] == ["[400, 400, 400, 404, 403, 404, 201]"]
    assert document["exit"] == 1
    assert document["status"] == "findings"
    events = document["events"]
    assert (events["total"], events["accepted"], events["wrong"]) == (7, 2, 6)
    assert document["triggers"] == {"rude.tick": {"total": 2, "accepted": 2, "wrong": 1}}
    assert document["findings"]["errors"] >= 6
    assert [call["method"] for call in document["refused_calls"]] == ["GET"]


def test_nothing_of_what_it_posts_drives_a_terminal(attune: Attune, box: Letterbox) -> None:
    done = attune(*command("garbage", box), "--events", "2", "--timeout", LONG)
    assert b"\x1b]0;" not in done.stdout + done.stderr
    assert b"\\u202e" in done.stdout
    assert "\u202e".encode() not in done.stdout
    assert b"which the local API does not have" in done.stderr


def test_killed_with_9_attune_takes_the_sensor_along(attune: Attune, box: Letterbox) -> None:
    process = attune.start(*command("deaf", box), "-j")
    watched = Watched([box.pid()])
    process.kill()
    process.wait()
    assert watched.end() < 20


def test_a_second_signal_does_not_wait_for_the_grace(attune: Attune, box: Letterbox) -> None:
    process = attune.start(*command("deaf", box), "-j", "--grace", "10m")
    watched = Watched([box.pid()])
    process.terminate()
    # Two signals that come at the same moment are one.
    assert box.line() == "not listening"
    process.terminate()
    watched.end()
    document = sensor_run(process.communicate(timeout=20)[0])
    assert (process.returncode, document["exits"][0]["killed"]) == (1, True)
