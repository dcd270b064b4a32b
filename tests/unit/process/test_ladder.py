"""Which rung is taken when."""

from __future__ import annotations

import signal

from attune_cli.process.ladder import Ladder
from attune_cli.process.request import AT_ONCE, GRACEFULLY, Rung

TERM, KILL = GRACEFULLY
INT = Rung(signal.SIGINT, 2.0)


def test_nothing_is_due_before_it_begins() -> None:
    ladder = Ladder()
    assert not ladder.begun
    assert ladder.due is None
    assert ladder.take(1e9) is None
    ladder.hurry(0.0)
    assert ladder.take(1e9) is None


def test_each_rung_when_the_grace_of_the_one_before_is_over() -> None:
    ladder = Ladder()
    ladder.begin((INT, TERM, KILL), 10.0)
    assert ladder.take(10.0) is INT
    assert (ladder.take(11.9), ladder.due) == (None, 12.0)
    assert ladder.take(12.0) is TERM
    assert (ladder.take(16.9), ladder.due) == (None, 17.0)
    assert ladder.take(17.5) is KILL


def test_behind_the_last_rung_nothing_is_due_and_it_has_begun() -> None:
    ladder = Ladder()
    ladder.begin(AT_ONCE, 10.0)
    assert ladder.take(10.0) is KILL
    assert ladder.due is None
    assert ladder.begun
    assert ladder.take(1e9) is None


def test_in_a_hurry_the_last_rung_is_taken_at_once() -> None:
    ladder = Ladder()
    ladder.begin((INT, TERM, KILL), 10.0)
    ladder.take(10.0)
    ladder.hurry(10.1)
    assert ladder.take(10.1) is KILL
    ladder.hurry(10.2)
    assert ladder.take(10.2) is None


def test_a_hurry_before_the_first_rung_skips_it() -> None:
    ladder = Ladder()
    ladder.begin(GRACEFULLY, 10.0)
    ladder.hurry(10.0)
    assert ladder.take(10.0) is KILL
