"""How far something is that takes a while, shown only when it does."""

from __future__ import annotations

import signal
from types import FrameType, TracebackType
from typing import Any, Self, TextIO

from attune_cli.report.progress import Progress
from attune_cli.report.style import is_terminal

#: What is over sooner is not shown, in seconds; then it is drawn anew that often.
PATIENCE, _REDRAWN = 1.0, 0.2
_WIDTH = 24


class Bar:
    """While it is entered, what it is told of is shown on a terminal, and nowhere else.

    Drawn by a timer, so that whoever works has only to say how far it is, and a first step that takes
    long is seen as well.
    """

    def __init__(self, what: str, stream: TextIO) -> None:
        self._what = what
        self._progress = Progress(stream) if is_terminal(stream) else None
        self._done, self._total = 0, 0
        self._before: tuple[Any, tuple[float, float]] = (signal.SIG_DFL, (0.0, 0.0))

    def __call__(self, done: int, total: int) -> None:
        """How far it is."""
        self._done, self._total = done, total

    def __enter__(self) -> Self:
        if self._progress is not None:
            handler = signal.signal(signal.SIGALRM, self._draw)
            self._before = (handler, signal.setitimer(signal.ITIMER_REAL, PATIENCE, _REDRAWN))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._progress is not None:
            handler, timer = self._before
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, handler)
            signal.setitimer(signal.ITIMER_REAL, *timer)
            self._progress.close()

    def _draw(self, _: int, __: FrameType | None) -> None:
        assert self._progress is not None
        self._progress(self._line())

    def _line(self) -> str:
        if not self._total:
            return self._what
        filled = "#" * (_WIDTH * self._done // self._total)
        return f"{self._what} [{filled.ljust(_WIDTH, '.')}] {self._done:,} of {self._total:,} files"
