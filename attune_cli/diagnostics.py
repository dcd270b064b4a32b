"""Findings as values: a code, a severity, a place, a message and what to write instead.

Drawing them is the business of `attune_cli.report`.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple


class Position(NamedTuple):
    """A place in a text file; line and column count characters (not bytes) from 1."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.line}:{self.column}"


#: The place of a finding that is about a file and not about a place in it.
WHOLE_FILE = Position(0, 0)


class Severity(IntEnum):
    """How bad a finding is; greater is worse.

    An error is what the platform refuses or breaks on, a warning what it ignores or what surprises.
    """

    INFO = 1
    WARNING = 2
    ERROR = 3

    def __str__(self) -> str:
        return self.name.lower()


class Diagnostic(NamedTuple):
    """One finding.

    Findings have a total order (path, place, code, message), so that a report is the same on every
    machine. `path` is as the user gave it; `end` is the first position behind the finding. `start` is
    WHOLE_FILE where there is no place to point at.
    """

    path: str
    start: Position
    code: str
    message: str
    severity: Severity = Severity.ERROR
    end: Position | None = None
    help: str | None = None

    def __lt__(self, other: tuple[object, ...]) -> bool:
        """By place, code and message alone: what follows need not be comparable."""
        return self[:4] < other[:4]

    @property
    def where(self) -> str:
        """`path:line:column`, as editors and terminals link it; the path alone for a file as a whole."""
        return self.path if self.start == WHOLE_FILE else f"{self.path}:{self.start}"


class Rule(NamedTuple):
    """What a code stands for; shown by `attune explain` and in the list of rules.

    code:      stable: `ATN031` means the same in every version.
    name:      a few words joined by hyphens: `ref-form`.
    title:     one line: what is wrong when it is found.
    why:       a paragraph: why it matters and what the platform does.
    good, bad: YAML, a component's file or the part of one that matters; empty where a file's text
               cannot show it.
    """

    code: str
    name: str
    severity: Severity
    title: str
    why: str
    good: str = ""
    bad: str = ""
