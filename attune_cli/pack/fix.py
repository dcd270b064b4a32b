"""What `attune pack validate --fix` puts right: only what is sure, and nothing beside it.

From findings to changes of files, which can be shown before they are made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Final, NamedTuple

from attune_cli.diagnostics import Diagnostic
from attune_cli.pack.fixes.change import Change
from attune_cli.pack.fixes.keys import respell
from attune_cli.pack.fixes.names import rename
from attune_cli.pack.fixes.scripts import entry_point, make_executable, with_unix_lines
from attune_cli.pack.rules import native, ref_file_name
from attune_cli.pack.schema_rules import UNKNOWN_KEY, UNKNOWN_KEYWORD

#: Repairs of the file in which the finding stands; in this order, renaming last.
_IN_PLACE: Final = (
    (frozenset((UNKNOWN_KEY.code, UNKNOWN_KEYWORD.code)), respell),
    (frozenset((ref_file_name.RULE.code,)), rename),
)
#: Repairs of the file that the one with the finding starts.
_OF_ENTRY_POINTS: Final[dict[str, Callable[[Change], Change]]] = {
    native.NOT_EXECUTABLE.code: make_executable,
    native.CARRIAGE_RETURN.code: with_unix_lines,
}

#: The codes of findings of which some can be put right.
FIXABLE: Final = frozenset(_OF_ENTRY_POINTS).union(*(codes for codes, _ in _IN_PLACE))


class Fixes(NamedTuple):
    """changes: by path.  fixed: the findings that are gone when they are made."""

    changes: tuple[Change, ...]
    fixed: tuple[Diagnostic, ...]

    def apply(self) -> None:
        """Make the changes. Raises AttuneError at the first that cannot be made."""
        for change in self.changes:
            change.apply()


def plan_fixes(findings: Iterable[Diagnostic]) -> Fixes:
    """What can be put right of these findings. Files are read, and nothing is written."""
    changes: dict[str, Change] = {}
    fixed: list[Diagnostic] = []
    by_path: dict[str, list[Diagnostic]] = {}
    for finding in findings:
        if finding.code in FIXABLE:
            by_path.setdefault(finding.path, []).append(finding)
    for path, found in by_path.items():
        # A file that has gone, or may not be read, is not put right.
        with suppress(OSError):
            fixed += _of_entry_point(changes, found)
            fixed += _in_place(changes, path, found)
    made = sorted((change for change in changes.values() if change), key=lambda change: change.shown)
    return Fixes(tuple(made), tuple(sorted(fixed)))


def _in_place(changes: dict[str, Change], path: str, findings: Sequence[Diagnostic]) -> list[Diagnostic]:
    fixed: list[Diagnostic] = []
    for codes, repair in _IN_PLACE:
        if mine := [finding for finding in findings if finding.code in codes]:
            changes[path], gone = repair(changes.get(path) or Change.of(path), mine)
            fixed += gone
    return fixed


def _of_entry_point(changes: dict[str, Change], findings: Sequence[Diagnostic]) -> list[Diagnostic]:
    fixed: list[Diagnostic] = []
    for finding in findings:
        repair = _OF_ENTRY_POINTS.get(finding.code)
        target = entry_point(finding) if repair else None
        if repair and target:
            before = changes.get(target) or Change.of(target)
            changes[target] = repair(before)
            # Several declarations may share an entry point, which only the first has to put right.
            fixed += [finding] if changes[target] else []
    return fixed
