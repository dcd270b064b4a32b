"""Work shared among forks: all of it done, whatever becomes of them."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from attune_cli.pack import crew
from attune_cli.pack.crew import PAYS_FROM, share_out, work, workers_for


def square(number: int) -> tuple[int, int]:
    return number * number, os.getpid()


def test_everything_is_done_once_by_as_many_as_were_asked() -> None:
    items = list(range(20))
    found = dict(work(square, items, share_out([1] * 20, 3)))
    assert {index: each[0] for index, each in found.items()} == {number: number * number for number in items}
    assert len({each[1] for each in found.values()}) == 3


def test_alone_nothing_is_forked() -> None:
    found = dict(work(square, [1, 2], share_out([1, 1], 1)))
    assert {each[1] for each in found.values()} == {os.getpid()}


def test_nothing_to_do() -> None:
    assert list(work(square, [], share_out([], 1))) == []


def test_large_results_come_back() -> None:
    found = dict(work(lambda size: b"x" * size, [3_000_000] * 4, share_out([1] * 4, 2)))
    assert [len(found[index]) for index in range(4)] == [3_000_000] * 4


def test_what_a_fork_does_not_bring_to_an_end_is_done_here() -> None:
    here = os.getpid()

    def dies(number: int) -> int:
        if os.getpid() != here and number == 5:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    assert dict(work(dies, list(range(8)), share_out([1] * 8, 2))) == {number: number for number in range(8)}


def test_an_error_is_told_by_this_process() -> None:
    def fails(number: int) -> int:
        if number == 3:
            raise ZeroDivisionError(number)
        return number

    with pytest.raises(ZeroDivisionError):
        list(work(fails, list(range(4)), [[0, 1], [2, 3]]))


def test_no_fork_outlives_the_work(tmp_path: Path) -> None:
    """Its parent stops early: the fork is ended, not waited for."""
    here = os.getpid()

    def waits(number: int) -> int:
        if os.getpid() != here:
            (tmp_path / "young").write_text(str(os.getpid()))
            (tmp_path / "young").rename(tmp_path / "started")
            signal.pause()
        return number

    started = time.monotonic()
    found = work(waits, [0, 1], [[0], [1]])
    assert next(found) == (0, 0)
    while not (tmp_path / "started").exists():
        os.sched_yield()
    found.close()  # type: ignore[attr-defined]
    assert time.monotonic() - started < 10
    with pytest.raises(ChildProcessError):
        os.waitpid(int((tmp_path / "started").read_text()), os.WNOHANG)


def test_where_no_process_can_be_started_all_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", refuse)
    found = dict(work(square, [1, 2, 3], share_out([1] * 3, 3)))
    assert {each[1] for each in found.values()} == {os.getpid()}
    assert sorted(found) == [0, 1, 2]


def test_shares_are_even() -> None:
    shares = share_out([9, 1, 1, 1, 5, 5], 2)
    assert sorted(index for share in shares for index in share) == list(range(6))
    assert [sum([9, 1, 1, 1, 5, 5][index] for index in share) for share in shares] == [11, 11]


def test_how_many_pay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2, 3, 4, 5})
    assert workers_for([PAYS_FROM - 2, 1]) == 1
    assert workers_for([PAYS_FROM, 1]) == 2
    assert workers_for([PAYS_FROM]) == 1
    assert workers_for([PAYS_FROM] * 9) == crew.MAX_WORKERS
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0})
    assert workers_for([PAYS_FROM] * 9) == 1
