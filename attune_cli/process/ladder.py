"""Climbing a stop ladder: which signal is due when."""

from __future__ import annotations

from attune_cli.process.request import Rung


class Ladder:
    """Rungs that are taken one after the other, each when the grace of the one before is over.

    All times are readings of one monotonic clock, in seconds.
    """

    def __init__(self) -> None:
        self._rungs: tuple[Rung, ...] = ()
        #: When the next rung is due; None before `begin` and behind the last rung.
        self.due: float | None = None

    @property
    def begun(self) -> bool:
        return self.due is not None or bool(self._rungs)

    def begin(self, rungs: tuple[Rung, ...], now: float) -> None:
        """Start climbing; the first rung is due at once."""
        self._rungs, self.due = rungs, now

    def hurry(self, now: float) -> None:
        """Leave out what is left but for the last rung, and take that now."""
        if self.due is not None:
            self._rungs, self.due = self._rungs[-1:], now

    def take(self, now: float) -> Rung | None:
        """The rung that is due, taken; None when none is."""
        if self.due is None or now < self.due:
            return None
        rung, *rest = self._rungs
        if rest:
            self._rungs, self.due = tuple(rest), now + rung.grace
        else:
            self.due = None
        return rung
