"""How long to wait before a sensor that has ended by itself is started again."""

from __future__ import annotations

#: What the platform waits the first time, and at most, in seconds.
BASE, LONGEST = 5.0, 300.0

#: A run of this many bases shows that the sensor works: the next pause is the first again.
_SOUND = 60


class Backoff:
    """Pauses of `base`, twice that, and so on, up to five minutes: 5, 10, 20, … 300 s.

    After a run of at least 60 bases (five minutes, as the platform's longest pause is) it begins anew.
    """

    def __init__(self, base: float = BASE) -> None:
        self._base = base
        self._pause = base

    def after(self, ran: float) -> float:
        """The pause after a run of `ran` seconds, in seconds."""
        if ran >= self._base * _SOUND:
            self._pause = self._base
        pause = min(self._pause, LONGEST)
        self._pause = min(self._pause * 2, LONGEST)
        return pause
