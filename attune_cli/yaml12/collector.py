"""Python's cyclic garbage collector, and when it is in the way."""

from __future__ import annotations

import gc
from typing import Self


class CollectorPaused:
    """Holds the cyclic garbage collector still within a `with`.

    A tree under construction is all alive, and looking through it again and again makes a large file take
    six times as long.
    """

    __slots__ = ("_was_on",)

    def __enter__(self) -> Self:
        self._was_on = gc.isenabled()
        gc.disable()
        return self

    def __exit__(self, *_: object) -> None:
        if self._was_on:
            gc.enable()
