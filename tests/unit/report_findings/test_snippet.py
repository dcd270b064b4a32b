"""A mark stands under what it is about, whatever the line is made of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attune_cli.report.findings.snippet import Snippet, _cell_width, _cells, snippet

LONG = "0123456789" * 30


@pytest.mark.parametrize(
    ("line", "start", "end", "shown"),
    [
        ("ref: Demo", 6, 10, ("ref: Demo", 5, 4)),
        ("ref:", 5, 5, ("ref:", 4, 1)),
        ("ref:", 9, 12, ("ref:", 4, 1)),
        ("", 1, 1, ("", 0, 1)),
        ("\ta\tb", 4, 5, ("    a    b", 9, 1)),
        ("\ta", 1, 2, ("    a", 0, 4)),
        ("日本: x", 5, 6, ("日本: x", 6, 1)),
        ("日本: x", 1, 3, ("日本: x", 0, 4)),
        ("e\u0301: x", 5, 6, ("e\u0301: x", 3, 1)),
        ("a\x1b[2J: x", 2, 3, ("a^[[2J: x", 1, 2)),
        ("a\u202e: x", 5, 6, ("a\\u202e: x", 9, 1)),
    ],
)
def test_whole_lines(line: str, start: int, end: int, shown: tuple[str, int, int]) -> None:
    assert snippet(line, start, end, 40) == Snippet(*shown)


@pytest.mark.parametrize(
    ("start", "end", "marked", "cut"),
    [
        (1, 5, "0123", (False, True)),
        (5, 300, "456789012345678", (False, True)),
        (12, 17, "12345", (False, True)),
        (150, 153, "901", (True, True)),
        (299, 301, "89", (True, False)),
        (301, 301, "", (True, False)),
    ],
)
def test_long_lines(start: int, end: int, marked: str, cut: tuple[bool, bool]) -> None:
    shown = snippet(LONG, start, end, 20)
    assert len(shown.text) <= 20
    assert shown.text[shown.before : shown.before + shown.width].rstrip("…") == marked
    assert (shown.text.startswith("…"), shown.text.endswith("…")) == cut


def test_a_sign_of_three_letters() -> None:
    shown = snippet(LONG, 150, 153, 20, "...")
    assert (len(shown.text), shown.text[:3], shown.text[-3:]) == (20, "...", "...")


@given(
    line=st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=80),
    start=st.integers(1, 90),
    length=st.integers(0, 90),
    room=st.integers(20, 100),
)
def test_it_fits_and_stands_right(line: str, start: int, length: int, room: int) -> None:
    shown = snippet(line, start, start + length, room)
    assert sum(map(_cell_width, shown.text)) <= room
    assert 0 <= shown.before <= room
    assert 1 <= shown.width <= room
    first = line[start - 1 : start]
    if first and not first.isspace() and length:
        # What stands in the first cell of the mark is what the finding begins with.
        cell, at = _cells(first)[0], 0
        for letter in shown.text:
            if at == shown.before and _cell_width(letter):
                assert letter == cell[0] or not _cell_width(cell)
                return
            at += _cell_width(letter)
