"""Every way to end is told as what it was."""

from __future__ import annotations

import signal

import pytest

from attune_cli.process import run
from tests.integration.process.requests import sh

#: Signals whose default is to be ignored, or to stop a process.
HARMLESS = {
    signal.SIGCHLD,
    signal.SIGCONT,
    signal.SIGSTOP,
    signal.SIGTSTP,
    signal.SIGTTIN,
    signal.SIGTTOU,
    signal.SIGURG,
    signal.SIGWINCH,
}
FATAL = sorted(int(number) for number in signal.valid_signals() - HARMLESS)


def test_every_exit_code() -> None:
    outcomes = [run(sh(f"exit {code}")) for code in range(256)]
    assert [outcome.exit_code for outcome in outcomes] == list(range(256))
    assert {outcome.signal for outcome in outcomes} == {None}
    assert [bool(outcome) for outcome in outcomes] == [True] + [False] * 255


@pytest.mark.parametrize("number", FATAL)
def test_every_fatal_signal(number: int) -> None:
    outcome = run(sh("ulimit -c 0; kill -$1 $$; sleep 60", number))
    assert (outcome.exit_code, outcome.signal) == (None, number)
    assert not outcome
    assert not outcome.timed_out
    if number < signal.SIGRTMIN:
        assert outcome.signal_name == signal.Signals(number).name
    else:
        assert outcome.signal_name in {f"SIGRTMIN+{number - signal.SIGRTMIN}", "SIGRTMIN", "SIGRTMAX"}


def test_the_real_time_signals_are_among_them() -> None:
    assert {signal.SIGRTMIN, signal.SIGRTMIN + 1, signal.SIGRTMAX} <= set(FATAL)
