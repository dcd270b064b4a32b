"""What may have been meant by a name that does not exist. No rule itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

#: Searches that one file gets: who has more wrong names than that has another problem than their spelling.
_SEARCHES: Final = 50
_LONGEST: Final = 100
_COMPARED: Final = 300
_LISTED: Final = 6


class Nearest:
    """Finds the name that is most like another one, and is asked only when there is something to say.

    known:  gives the names that there are; called at the first search, not before.
    cutoff: how alike they have to be, from 0 to 1.
    prefix: stands before all of them where they are shown, and is not compared.
    """

    def __init__(self, known: Callable[[], Iterable[str]], cutoff: float = 0.6, *, prefix: str = "") -> None:
        self._ask = known
        self._cutoff = cutoff
        self._prefix = prefix
        self._known: list[str] | None = None
        self._found: dict[str, str | None] = {}

    def __call__(self, name: str) -> str | None:
        """The nearest name, or None where none is near."""
        if name not in self._found:
            if len(self._found) >= _SEARCHES:
                return None
            self._found[name] = self._search(name)
        return self._found[name]

    def help(self, name: str, having: str) -> str | None:
        """`did you mean …?`, else what there is: `having` begins that sentence. None where there is nothing."""
        near = self(name)
        if near is not None:
            return f"did you mean `{self._prefix}{near}`?"
        known = self._names()
        listed = ", ".join(self._prefix + each for each in known[:_LISTED]) + (", …" if len(known) > _LISTED else "")
        return f"{having} {listed}" if known else None

    def _names(self) -> list[str]:
        if self._known is None:
            self._known = sorted(set(self._ask()))
        return self._known

    def _search(self, name: str) -> str | None:
        """Only among names of nearly that length that begin or end alike: the rest is not near, and may be a lot."""
        if not name or len(name) > _LONGEST:
            return None
        from difflib import get_close_matches

        span, first, last = max(2, len(name) // 3), name[0], name[-1]
        likely = [
            each
            for each in self._names()
            if each and abs(len(each) - len(name)) <= span and (each[0] == first or each[-1] == last)
        ]
        near = get_close_matches(name, likely[:_COMPARED], 1, self._cutoff)
        return near[0] if near else None
