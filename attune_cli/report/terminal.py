"""A child's output made safe to show: it must not drive the terminal.

A terminal obeys more than colours: it can be made to move the cursor over what was written before,
to change its title, to answer with text as if it had been typed. Colours pass; every other control
character is shown instead of obeyed.
"""

from __future__ import annotations

import codecs
import re

from attune_cli.report.harmless import visible

#: The longest parameters that are taken for a colour's; real ones are far shorter.
_LONGEST = 64
_COLOUR = re.compile(rf"\x1b\[[0-9;:]{{0,{_LONGEST}}}m")
# What may still become a colour when more of it arrives.
_UNFINISHED = re.compile(rf"\x1b(\[[0-9;:]{{0,{_LONGEST}}})?\Z")
# All of C0 but tab, line feed and carriage return, DEL, and C1 (ECMA-48).
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_RESET = b"\x1b[0m"


class TerminalFilter:
    """Makes a stream of UTF-8 safe for a terminal, whatever the pieces it arrives in.

    Invalid bytes are shown as U+FFFD.
    """

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._held = ""
        self._coloured = False
        #: Whether what was shown so far ends in the middle of a line.
        self.inside_line = False

    def feed(self, data: bytes) -> bytes:
        """The safe bytes that can be shown by now."""
        text = self._held + self._decoder.decode(data)
        unfinished = _UNFINISHED.search(text)
        cut = unfinished.start() if unfinished else len(text)
        self._held = text[cut:]
        return self._shown(text[:cut])

    def close(self) -> bytes:
        """The rest, and the colours put back."""
        text = self._held + self._decoder.decode(b"", final=True)
        self._held = ""
        return self._shown(text) + (_RESET if self._coloured else b"")

    def _shown(self, text: str) -> bytes:
        parts = []
        at = 0
        for colour in _COLOUR.finditer(text):
            parts += [_without_controls(text[at : colour.start()]), colour.group()]
            at = colour.end()
        parts.append(_without_controls(text[at:]))
        self._coloured = self._coloured or len(parts) > 1
        if last := next((words for words in reversed(parts[::2]) if words), ""):
            self.inside_line = not last.endswith("\n")
        return "".join(parts).encode()


def _without_controls(text: str) -> str:
    return _CONTROL.sub(lambda match: visible(match.group()), text)
