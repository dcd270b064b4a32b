"""Measuring side by side: contenders in interleaved rounds, medians, ratios.

A machine's speed changes from second to second, so a figure says little and a ratio within one
round says much. Each round runs every contender once, in an order that turns by one each time.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Contender:
    """One way to do the work. `measure` does one round of it and returns the figure, in seconds."""

    name: str
    measure: Callable[[], float]


@dataclass(frozen=True, slots=True)
class Series:
    """A contender's figures, one a round, in the rounds' order."""

    name: str
    values: tuple[float, ...]

    @property
    def minimum(self) -> float:
        return min(self.values)

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def p90(self) -> float:
        """Nine of ten rounds were no slower."""
        return sorted(self.values)[max(0, -(-9 * len(self.values) // 10) - 1)]


def race(contenders: Sequence[Contender], rounds: int, warm_up: int = 1) -> dict[str, Series]:
    """Run the rounds; those of the warm-up are thrown away. Returns the series by contender."""
    values: dict[str, list[float]] = {each.name: [] for each in contenders}
    for number in range(-warm_up, rounds):
        turn = number % len(contenders)
        for contender in (*contenders[turn:], *contenders[:turn]):
            figure = contender.measure()
            if number >= 0:
                values[contender.name].append(figure)
    return {name: Series(name, tuple(found)) for name, found in values.items()}


def ratio(ours: Series, peer: Series) -> float:
    """Of the medians."""
    return ours.median / peer.median


def paired_ratio(ours: Series, peer: Series) -> float:
    """The median of the rounds' own ratios, which a drift of the machine does not touch."""
    return statistics.median(mine / other for mine, other in zip(ours.values, peer.values, strict=True))
