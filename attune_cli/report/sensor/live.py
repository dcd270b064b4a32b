"""How a sensor does, drawn anew below the events while it runs. The only user of Rich for it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, TextIO

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from attune_cli.quantities import format_duration, format_size
from attune_cli.report.harmless import harmless
from attune_cli.report.sensor.sight import Sight
from attune_cli.report.style import wants_colour
from attune_cli.sensor.supervisor import State

if TYPE_CHECKING:
    from attune_cli.sensor.journal import Count

_COLOURS = {
    State.STARTING: "cyan",
    State.RUNNING: "green",
    State.WAITING: "yellow",
    State.STOPPING: "yellow",
    State.STOPPED: "dim",
}
#: Over so many seconds the rate of events is taken.
_WINDOW = 10.0
#: Of each stream so many lines are shown.
_LOG_LINES = 3
#: So many columns stay free: where the view fills its last line, the `^C` that a terminal shows goes to the next,
#: and the view is drawn beside itself.
_FREE = 4


class Rates:
    """Events a second, by trigger, over the last seconds."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, dict[str, int]]] = deque()

    def note(self, counts: Mapping[str, Count], now: float) -> dict[str, float]:
        """The rates, now that so many have come."""
        totals = {ref: count.events for ref, count in counts.items()}
        self._seen.append((now, totals))
        while now - self._seen[0][0] > _WINDOW:
            self._seen.popleft()
        then, before = self._seen[0]
        return {
            ref: (total - before.get(ref, 0)) / (now - then) if now > then else 0.0 for ref, total in totals.items()
        }


class LiveView:
    """The view, and lines above it. To be used from one thread."""

    def __init__(self, stream: TextIO) -> None:
        colour = wants_colour(stream)
        self._console = Console(
            file=stream, highlight=False, markup=False, emoji=False, no_color=not colour, force_terminal=True
        )
        self._rates = Rates()
        self._live = Live(console=self._console, auto_refresh=False, redirect_stdout=False, redirect_stderr=False)

    def start(self) -> None:
        """From now on it is there."""
        self._live.start()

    def stop(self) -> None:
        """The view is gone; what stood above it stays."""
        self._live.transient = True
        self._live.stop()

    def above(self, lines: Iterable[str]) -> None:
        """Print lines, which may be coloured, above the view."""
        for line in lines:
            self._console.print(Text.from_ansi(line), no_wrap=True, overflow="ellipsis", crop=True)

    def draw(self, sight: Sight) -> None:
        """Show how things are now."""
        now = time.monotonic()
        rates = self._rates.note(sight.counts, now)
        self._live.update(Group(*self._lines(sight, rates, now)), refresh=True)

    def _lines(self, sight: Sight, rates: Mapping[str, float], now: float) -> Iterator[Text]:
        columns = self._console.width - _FREE
        ruler = Text("─" * columns, style="dim")
        for line in (ruler, *_head(sight, now, columns), *_counts(sight, rates), *_logs(sight)):
            line.truncate(columns, overflow="ellipsis")
            line.no_wrap = True
            yield line


def _counts(sight: Sight, rates: Mapping[str, float]) -> Iterator[Text]:
    room = max(map(len, sight.counts), default=0)
    for ref, count in sight.counts.items():
        wrong = Text(f"  {count.wrong} wrong", style="red") if count.wrong else Text("")
        events = f"{count.events:>6} event{' ' if count.events == 1 else 's'}"
        yield Text(f"  {harmless(ref):{room}}  {events}  {rates[ref]:.1f}/s") + wrong


def _logs(sight: Sight) -> Iterator[Text]:
    for stream, lines in sight.logs.items():
        for written in list(lines)[-_LOG_LINES:]:
            yield Text(f"  {stream} | ", style="dim") + Text(_one_line(written))


def _head(sight: Sight, now: float, columns: int) -> Iterator[Text]:
    """What it is doing, and its process: on a line of its own where both are too long for one."""
    for_how_long = sight.since - now if sight.state is State.WAITING else now - sight.since
    time_ = format_duration(max(0.0, round(for_how_long, 1)))
    state = f"starts again in {time_}" if sight.state is State.WAITING else f"{sight.state} {time_}"
    head = Text(harmless(sight.sensor), style="bold") + Text(f" {state}", style=_COLOURS[sight.state])
    facts = ["Ctrl-C again kills it at once"] if sight.state is State.STOPPING else []
    facts += [f"pid {sight.pid}"] if sight.pid else []
    facts += [f"cpu {sight.load.cpu:.1%}"] if sight.load.cpu is not None else []
    facts += [f"memory {format_size(sight.load.memory)}"] if sight.load.memory else []
    facts += [f"{sight.starts} starts"] if sight.starts > 1 else []
    told = " · ".join(facts)
    if told and head.cell_len + len(told) + 3 <= columns:
        yield head + Text(f" · {told}", style="dim")
    else:
        yield head
        yield from [Text(f"  {told}", style="dim")] if told else []


def _one_line(text: str) -> str:
    return harmless(text).replace("\n", " ").replace("\t", " ")
