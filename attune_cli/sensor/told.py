"""Who is told of a run while it goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from attune_cli.sensor.model import Event, RefusedCall
from attune_cli.sensor.reactions import Reaction
from attune_cli.sensor.supervisor import Exit

if TYPE_CHECKING:
    from attune_cli.sensor.world import LocalWorld


class Told(Protocol):
    """Told from whichever thread, with everything masked; `log` must not block."""

    def progress(self, line: str) -> None:
        """What is set up before the start."""

    def ready(self, world: LocalWorld) -> None:
        """All is set up; the sensor is about to be started."""

    def started(self, pid: int, number: int) -> None:
        """For the `number`th time."""

    def ended(self, exit_: Exit) -> None: ...

    def event(self, event: Event) -> None: ...

    def reaction(self, reaction: Reaction) -> None: ...

    def refused(self, call: RefusedCall) -> None:
        """A request came to no call of the local API."""

    def log(self, stream: str, lines: list[str]) -> None:
        """Lines that the sensor has printed."""
