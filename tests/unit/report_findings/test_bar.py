"""Progress is shown on a terminal, when something takes long, and is gone at the end."""

from __future__ import annotations

import io
import os
import select
import signal

import pytest

from attune_cli.report import bar
from attune_cli.report.bar import Bar


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bar, "PATIENCE", 0.01)
    monkeypatch.setattr(bar, "_REDRAWN", 0.01)
    monkeypatch.setenv("TERM", "xterm")


def read_until(terminal: int, wanted: str) -> str:
    shown = ""
    while wanted not in shown:
        assert select.select([terminal], [], [], 20)[0], f"only {shown!r} came"
        shown += os.read(terminal, 1024).decode()
    return shown


def test_on_a_terminal() -> None:
    ours, theirs = os.openpty()
    with open(theirs, "w", encoding="utf-8") as stream:
        with Bar("validating", stream) as shown:
            assert "validating\x1b" in read_until(ours, "validating\x1b")
            shown(250, 1000)
            read_until(ours, "validating [######..................] 250 of 1,000 files")
        assert signal.getitimer(signal.ITIMER_REAL)[1] == 0
        os.set_blocking(ours, False)
        assert os.read(ours, 1 << 16).endswith(b"\r\x1b[K")
    os.close(ours)


def test_what_was_to_ring_before_rings_still() -> None:
    handler, timer = signal.getsignal(signal.SIGALRM), signal.getitimer(signal.ITIMER_REAL)
    assert timer[0] > 50, "the limit that every test has is such an alarm"
    ours, theirs = os.openpty()
    with open(theirs, "w", encoding="utf-8") as stream:
        with Bar("validating", stream):
            read_until(ours, "validating")
        assert signal.getsignal(signal.SIGALRM) is handler
        assert timer[0] >= signal.getitimer(signal.ITIMER_REAL)[0] > timer[0] - 30
    os.close(ours)


def test_elsewhere_nothing_is_shown() -> None:
    stream = io.StringIO()
    with Bar("validating", stream) as shown:
        shown(1, 2)
        assert signal.getitimer(signal.ITIMER_REAL)[1] == 0
    assert stream.getvalue() == ""
