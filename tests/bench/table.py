"""What a bench found, and how it is printed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass

from tests.bench.harness import Series, paired_ratio, ratio


@dataclass(frozen=True, slots=True)
class Goal:
    """A bound of a ratio: at most, or with `at_least` no less than."""

    bound: float
    at_least: bool = False

    def is_met_by(self, value: float) -> bool:
        return value >= self.bound if self.at_least else value <= self.bound

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.bound:g}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line, ready to be printed. `met` is `yes`, `NO`, `unsure`, or empty where there is no goal."""

    name: str
    ours: str
    peer: str
    ratio: str
    goal: str
    met: str


def compared(name: str, ours: Series, peer: Series, goal: Goal | None = None) -> Row:
    """Times against each other; with a goal of `at_least` the ratio is of speeds, so more is better.

    The verdict is `unsure` when the ratio of the medians and that of the pairs do not agree.
    """
    swapped = goal is not None and goal.at_least
    first, second = (peer, ours) if swapped else (ours, peer)
    medians, pairs = ratio(first, second), paired_ratio(first, second)
    met = verdict(goal, (medians, pairs)) if goal else ""
    return Row(name, spread(ours), spread(peer), f"{medians:.2f} ({pairs:.2f})", str(goal or ""), met)


def verdict(goal: Goal, values: Iterable[float]) -> str:
    """Whether the goal is met by all of the values, by none, or by some."""
    met = {goal.is_met_by(value) for value in values}
    return "unsure" if len(met) > 1 else "yes" if met == {True} else "NO"


#: From how many seconds on, what the unit is called, how many of it a second has, digits.
_UNITS = ((0.5, "s", 1.0, 2), (1e-3, "ms", 1e3, 2), (0.0, "µs", 1e6, 0))


def spread(series: Series) -> str:
    """Median, then minimum and 90th percentile, in a unit that suits."""
    unit, scale, digits = next((unit, scale, digits) for least, unit, scale, digits in _UNITS if series.median >= least)
    median, low, high = (f"{value * scale:.{digits}f}" for value in (series.median, series.minimum, series.p90))
    return f"{median} {unit} [{low}, {high}]"


_HEAD = Row("name", "ours", "peer", "ratio (pairs)", "goal", "met?")


def printed(rows: Sequence[Row]) -> str:
    """All rows in one table."""
    lines = [astuple(row) for row in (_HEAD, *rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, tuple("─" * width for width in widths))
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)
