"""A source line with the place of a finding marked below it.

Columns count characters, and what a terminal shows of a character is none, one or two cells wide, a
tab or a control character even more: the mark is placed by cells.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from attune_cli.report.harmless import harmless

_TAB = "    "


class Snippet(NamedTuple):
    """
    text:   what to show of the line.
    before: cells in front of the mark.
    width:  cells of the mark, at least one.
    """

    text: str
    before: int
    width: int


def snippet(line: str, start: int, end: int, room: int, cut: str = "…") -> Snippet:
    """Marks the characters from column `start` up to, not including, `end` (from 1).

    room: cells that the text may take.  cut: what stands where something was left out.
    """
    first = min(start - 1, len(line))
    length = max(1, end - start)
    # More characters than these are never shown, however long the line is.
    lead = _cells(line[max(0, first - room) : first])
    rest = _cells(line[first : first + room + 1])
    is_whole = first <= room and first + len(rest) == len(line) and _width(lead) + _width(rest) <= room
    is_late = first > room or _width(lead) > room // 3
    if not is_whole and is_late and _width(lead) + _width(rest[:length]) > room - len(cut):
        lead = [cut, *_last(lead, max(room // 3, room - _width(rest) - len(cut)) - len(cut))]
    shown = rest if is_whole else _cut_off(rest, room - _width(lead), cut, more=first + len(rest) < len(line))
    return Snippet("".join(lead + shown).rstrip(), _width(lead), max(1, _width(shown[:length])))


def _cut_off(cells: list[str], room: int, cut: str, *, more: bool) -> list[str]:
    """more: they are not all that there is."""
    if not more and _width(cells) <= room:
        return cells
    return [*_first(cells, room - len(cut)), cut]


def _first(cells: Iterable[str], room: int) -> list[str]:
    """As many from the front as there is room for."""
    taken: list[str] = []
    for cell in cells:
        room -= _cell_width(cell)
        if room < 0:
            break
        taken.append(cell)
    return taken


def _last(cells: list[str], room: int) -> list[str]:
    """As many from the end."""
    return _first(reversed(cells), room)[::-1]


def _cells(text: str) -> list[str]:
    """What is shown of each character."""
    return [_TAB if letter == "\t" else harmless(letter) for letter in text]


def _width(cells: Iterable[str]) -> int:
    return sum(map(_cell_width, cells))


def _cell_width(cell: str) -> int:
    if len(cell) != 1:
        return len(cell)
    if cell.isascii():
        return 1
    if unicodedata.category(cell) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(cell) in "WF" else 1
