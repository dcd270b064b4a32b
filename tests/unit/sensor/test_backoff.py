"""The pauses before a restart."""

from __future__ import annotations

from attune_cli.sensor.backoff import Backoff


def test_they_double_up_to_five_minutes() -> None:
    backoff = Backoff()
    assert [backoff.after(1) for _ in range(9)] == [5, 10, 20, 40, 80, 160, 300, 300, 300]


def test_after_a_sound_run_they_begin_anew() -> None:
    backoff = Backoff()
    assert [backoff.after(ran) for ran in (1, 1, 299, 300, 1)] == [5, 10, 20, 5, 10]


def test_another_base() -> None:
    backoff = Backoff(0.1)
    assert [round(backoff.after(ran), 3) for ran in (1, 1, 7, 0)] == [0.1, 0.2, 0.1, 0.2]
