"""Standard input, output and error as they are handed to us: closed, full, gone, or in another encoding."""

from __future__ import annotations

import io
import os
import sys
from typing import TextIO

#: How errors name our own streams.
STDOUT, STDERR = STREAMS = ("standard output", "standard error")


def open_streams() -> None:
    """See to it that the three are there and that text can be written to them.

    A closed one would give its number to the next file that is opened, which would then be taken
    for it. In its place comes a stream of its own: reading gives the end of file, writing to the
    output fails as it should, and messages are not missed by whoever has closed standard error.
    """
    for fd, mode in ((0, os.O_RDONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(fd)
        except OSError:
            # The lowest number that is free is given: this one, since those below are open.
            os.open(os.devnull, mode)
    sys.stdin = sys.stdin or _opened(0, "r")
    sys.stdout = sys.stdout or _opened(1, "w")
    sys.stderr = sys.stderr or _opened(2, "w")
    if isinstance(sys.stdout, io.TextIOWrapper):
        # What is for people is better written in escapes than not at all.
        sys.stdout.reconfigure(errors="backslashreplace")


def _opened(fd: int, mode: str) -> TextIO:
    stream = open(fd, mode, closefd=False)  # noqa: SIM115 - for as long as this process lives
    assert isinstance(stream, io.TextIOWrapper)
    return stream
