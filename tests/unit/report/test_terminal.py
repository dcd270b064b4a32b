"""The filter between a child's output and a terminal."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from attune_cli.report.terminal import TerminalFilter

_COLOUR = re.compile(r"\x1b\[[0-9;:]*m")

#: Pieces that sequences are made of, so that most examples hold some.
_PIECES = st.sampled_from(
    [
        b"\x1b",
        b"[",
        b"]",
        b"m",
        b"0;31",
        b"\x1b[1m",
        b"\x9b",
        b"\xc2\x9b",
        b"\xc2",
        b"\xe2\x82\xac",
        b"\x07",
        b"a\n",
        b"\r",
        b"8" * 70,
    ]
)
_OUTPUT = st.lists(_PIECES | st.binary(max_size=5), max_size=12).map(b"".join)


def shown(*pieces: bytes) -> str:
    made = TerminalFilter()
    return (b"".join(map(made.feed, pieces)) + made.close()).decode()


def split(data: bytes, cuts: list[int]) -> list[bytes]:
    at = sorted({min(cut, len(data)) for cut in cuts} | {0, len(data)})
    return [data[start:end] for start, end in itertools.pairwise(at)]


@given(_OUTPUT, st.lists(st.integers(0, 200), max_size=8))
@example(b"\x1b[" + b"8" * 64 + b"m", [30])
@example(b"\x1b[" + b"8" * 65 + b"m", [30, 67])
@example(b"\xe2\x82\xac\xf0\x9f", [1, 2, 4])
def test_any_split_shows_the_same(data: bytes, cuts: list[int]) -> None:
    assert shown(*split(data, cuts)) == shown(data)


@given(_OUTPUT)
def test_only_colours_line_ends_and_tabs_reach_the_terminal(data: bytes) -> None:
    left = _COLOUR.sub("", shown(data))
    assert [
        letter for letter in left if (ord(letter) < 0x20 and letter not in "\t\n\r") or 0x7F <= ord(letter) < 0xA0
    ] == []


@given(_OUTPUT)
def test_nothing_is_lost_but_what_cannot_be_shown(data: bytes) -> None:
    """Without control characters, text is what it was."""
    text = re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", "", data.decode(errors="replace"))
    assert shown(text.encode()) == text


@given(_OUTPUT)
def test_it_never_waits_for_more_than_a_colour(data: bytes) -> None:
    made = TerminalFilter()
    given_out = len(made.feed(data + b"\n").decode())
    assert made.close() in {b"", b"\x1b[0m"}
    assert given_out >= len((data + b"\n").decode(errors="replace"))


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\x1b]0;title\x07", "^[]0;title^G"),
        (b"\x1b[2J\x1b[6n", "^[[2J^[[6n"),
        (b"\x1b[31mred", "\x1b[31mred\x1b[0m"),
        (b"\x1b[38:2::255:0:0mx\x1b[0m", "\x1b[38:2::255:0:0mx\x1b[0m\x1b[0m"),
        (b"\x1b[?25l\x1b[>4;1m", "^[[?25l^[[>4;1m"),
        ("\u009b31m\u0085\u0090".encode(), "\\x9b31m\\x85\\x90"),
        (b"\x9b31m", "�31m"),
        (b"a\bb\x7fc\x00d\x0e", "a^Hb^?c^@d^N"),
        (b"50%\r100%\r\n\tend", "50%\r100%\r\n\tend"),
        (b"cut\x1b[3", "cut^[[3"),
        (b"caf\xc3", "caf�"),
    ],
)
def test_what_is_shown(data: bytes, text: str) -> None:
    assert shown(data) == text
    assert shown(*(data[at : at + 1] for at in range(len(data)))) == text


@pytest.mark.parametrize(
    ("data", "is_inside"),
    [
        (b"a", True),
        (b"a\n", False),
        (b"\x1b[31ma\n\x1b[0m", False),
        (b"a\nb\x1b[0m", True),
        (b"", False),
        (b"a\r", True),
    ],
)
def test_it_knows_whether_a_line_is_open(data: bytes, is_inside: bool) -> None:
    made = TerminalFilter()
    made.feed(data)
    made.close()
    assert made.inside_line is is_inside
