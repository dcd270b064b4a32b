"""Whether a stream gets colour, and the few colours and signs there are.

The order is the one of https://no-color.org and https://force-color.org: NO_COLOR wins, then
FORCE_COLOR, then whether the stream is a terminal that can.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final, TextIO

_CODES: Final = {
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "cyan": "36",
}
#: What stands for a sign where the encoding has it not.
_ASCII: Final = {"✓": "+", "✗": "x", "…": "...", "·": "-"}


def wants_colour(stream: TextIO, environ: Mapping[str, str] = os.environ) -> bool:
    """Whether what is written to `stream` may hold colour."""
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR"):
        return True
    return is_terminal(stream) and environ.get("TERM") != "dumb"


def is_terminal(stream: TextIO) -> bool:
    """Whether a person looks at `stream`; a closed one is no terminal."""
    try:
        return stream.isatty()
    except ValueError:
        return False


def width(stream: TextIO) -> int | None:
    """How many columns the terminal has that `stream` goes to; None: it is none, and lines are not broken."""
    if not is_terminal(stream):
        return None
    try:
        return os.get_terminal_size(stream.fileno()).columns or None
    except OSError:
        return None


class Style:
    """Paints text, or leaves it as it is. `signs`: whether more than ASCII can be written."""

    def __init__(self, *, colour: bool, signs: bool = True) -> None:
        self._colour = colour
        self._signs = signs

    @classmethod
    def of(cls, stream: TextIO) -> Style:
        """The style for what goes to `stream`."""
        return cls(colour=wants_colour(stream), signs=_takes_signs(stream))

    def __call__(self, text: str, *names: str) -> str:
        """`text` in the named colours: bold, dim, red, green, yellow, cyan."""
        if not self._colour or not text:
            return text
        return f"\x1b[{';'.join(_CODES[name] for name in names)}m{text}\x1b[0m"

    def sign(self, sign: str) -> str:
        """One of ✓ ✗ … ·, or what stands for it in ASCII."""
        return sign if self._signs else _ASCII[sign]


def _takes_signs(stream: TextIO) -> bool:
    try:
        "✓✗…·".encode(stream.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True
