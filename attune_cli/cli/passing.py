"""The action's own output on its way to ours, while it runs."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TextIO

from attune_cli.cli.streams import STDERR, STDOUT
from attune_cli.process import LiveOutput
from attune_cli.report.style import is_terminal


class Screen:
    """The terminal that both streams are shown on, if they are."""

    #: Whether what was shown last ends in the middle of a line.
    inside_line = False


class Passing(LiveOutput):
    """A stream of the child's that is passed on to one of ours: made harmless on a terminal, byte for
    byte elsewhere."""

    def __init__(self, stream: TextIO, screen: Screen) -> None:
        self._ours = stream.fileno()
        self._name = STDERR if self._ours == 2 else STDOUT
        self._screen = screen
        self._filter = None
        if is_terminal(stream):
            # Imported here: a pipe does not need it.
            from attune_cli.report.terminal import TerminalFilter

            self._filter = TerminalFilter()
        super().__init__(self._ours)

    def __call__(self, data: bytes) -> None:
        """Take a piece to be written."""
        super().__call__(self._shown(self._filter.feed(data)) if self._filter else data)

    def on_writable(self) -> None:
        """As the engine wants it; an error says which stream cannot be written to."""
        try:
            super().on_writable()
        except OSError as error:
            raise type(error)(error.errno, error.strerror, self._name) from error

    def finish(self) -> None:
        """Put colours back, and end a line that the child has not ended, so that ours begins a new one."""
        self.close()
        if self._filter:
            rest = self._shown(self._filter.close()) + (b"\n" if self._screen.inside_line else b"")
            with suppress(OSError):
                os.write(self._ours, rest)
            self._screen.inside_line = False

    def _shown(self, text: bytes) -> bytes:
        if text and self._filter:
            self._screen.inside_line = self._filter.inside_line
        return text


def note_at_once(text: str) -> None:
    """Write a line to the terminal from a signal handler: not by way of a buffer that may be in use, and
    only if the terminal takes it now, since whoever has stopped it with Ctrl-S may wait for ever."""
    with suppress(OSError):
        fd = os.open(os.ttyname(2), os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        try:
            os.write(fd, f"\n{text}\n".encode())
        finally:
            os.close(fd)
