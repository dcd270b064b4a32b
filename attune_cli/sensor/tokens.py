"""The bearer tokens of one run: made beforehand, compared in constant time, never shown."""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Callable
from typing import Final

GRACE: Final = 60.0
"""Seconds for which a token is still good after a new one was given out: calls that are on their way
have the old one."""

LIFETIME: Final = 24 * 60 * 60
"""Seconds after which a token says that it expires. The local API takes it as long as it runs."""

_IN_A_RING: Final = 8


class Tokens:
    """What opens the API.

    All the tokens a run will ever give out exist from its start on, so that every one of them can be
    masked in the output of the process that gets them. After the last comes the first again.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._ring = [secrets.token_urlsafe() for _ in range(_IN_A_RING)]
        self._at = 0
        self._clock = clock
        #: Until when each is good; the current one is for ever.
        self._good_until = [float("inf"), *[0.0] * (_IN_A_RING - 1)]

    def __repr__(self) -> str:
        return "Tokens(…)"

    @property
    def current(self) -> str:
        """The one that was given out last."""
        return self._ring[self._at]

    @property
    def all(self) -> tuple[str, ...]:
        """Every token there may ever be, to be masked."""
        return tuple(self._ring)

    def refresh(self) -> str:
        """A new token; the one before it is good for `GRACE` seconds more."""
        self._good_until[self._at] = self._clock() + GRACE
        self._at = (self._at + 1) % len(self._ring)
        self._good_until[self._at] = float("inf")
        return self.current

    def opens(self, token: bytes) -> bool:
        """Whether a token is good. Takes as long for one that nearly is."""
        now = self._clock()
        good = False
        for each, until in zip(self._ring, self._good_until, strict=True):
            good |= hmac.compare_digest(each.encode(), token) and now < until
        return good
