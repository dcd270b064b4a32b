"""What is being set up before a run, told while it lasts."""

from __future__ import annotations

from typing import TextIO

from attune_cli.report.harmless import harmless
from attune_cli.report.style import Style, is_terminal, width

_ERASE_LINE = "\r\x1b[K"


class Progress:
    """Takes lines about what is going on.

    On a terminal there is one line, the latest, which is gone when the set-up is over; elsewhere
    each is a line of its own.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._style = Style.of(stream)
        self._is_live = is_terminal(stream) and bool(self._style("x", "dim") != "x")
        self._is_shown = False

    def __call__(self, line: str) -> None:
        text = harmless(line).replace("\n", " ")
        if not self._is_live:
            print(self._style(text, "dim"), file=self._stream, flush=True)
            return
        room = (width(self._stream) or 80) - 1
        self._stream.write(f"{_ERASE_LINE}{self._style(text[:room], 'dim')}")
        self._stream.flush()
        self._is_shown = True

    def close(self) -> None:
        """Take the line away, if there is one."""
        if self._is_shown:
            self._stream.write(_ERASE_LINE)
            self._stream.flush()
            self._is_shown = False
