"""Who is told of a signal."""

from __future__ import annotations

import signal

import pytest

from attune_cli.cli.interrupts import Interrupts


class Running:
    """Counts how often it is asked to stop."""

    count = 0

    def cancel(self) -> None:
        self.count += 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_what_runs_is_asked_and_attune_goes_on(number: signal.Signals) -> None:
    running, notes = Running(), []
    interrupts = Interrupts(lambda: notes.append("noted"))
    with interrupts.caught():
        interrupts.hand_on(running)
        assert not interrupts.asked
        signal.raise_signal(number)
        signal.raise_signal(number)
    assert (running.count, notes, interrupts.asked) == (2, ["noted"], True)


def test_before_and_behind_it_attune_itself_ends() -> None:
    running = Running()
    interrupts = Interrupts()
    with interrupts.caught():
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGTERM)
        interrupts.hand_on(running)
        interrupts.take_back()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGHUP)
    assert running.count == 0


def test_what_is_ignored_stays_ignored_and_all_is_put_back() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    handlers = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    try:
        with Interrupts().caught():
            assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
            assert signal.getsignal(signal.SIGTERM) != handlers[1]
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
        assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == handlers
    finally:
        signal.signal(signal.SIGHUP, before)
