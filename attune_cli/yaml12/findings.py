"""Collecting the findings of one text, within a bound."""

from __future__ import annotations

from typing import Final, NamedTuple

from attune_cli.diagnostics import Diagnostic, Severity
from attune_cli.yaml12 import codes
from attune_cli.yaml12.nodes import unpack

MAX_FINDINGS: Final = 1_000
"""Findings listed for one file; somebody who has more wants to hear that, not to read them."""

_WARNINGS: Final = frozenset({codes.KEY_NOT_TEXT, codes.YAML_1_1, codes.MORE_FINDINGS})


class Span(NamedTuple):
    """A packed place, and the packed place behind what stands there."""

    start: int
    end: int


class Findings:
    """The findings of one file, whose path is as the user gave it."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._all: list[Diagnostic] = []

    def add(self, code: str, message: str, at: Span, help: str | None = None) -> None:
        """Records one, unless there are too many already."""
        if len(self._all) < MAX_FINDINGS:
            self.add_last(code, message, at, help)
        elif len(self._all) == MAX_FINDINGS:
            message = f"more than {MAX_FINDINGS:,} findings in this file; the rest is not listed"
            self.add_last(codes.MORE_FINDINGS, message, at)

    def add_last(self, code: str, message: str, at: Span, help: str | None = None) -> None:
        """Records one however many there are: the one that says why the reading ends."""
        severity = Severity.WARNING if code in _WARNINGS else Severity.ERROR
        self._all.append(Diagnostic(self._path, unpack(at.start), code, message, severity, unpack(at.end), help))

    def sorted(self) -> tuple[Diagnostic, ...]:
        """All of them, in the order of the text."""
        return tuple(sorted(self._all))
