"""Who gets colours, and who gets signs."""

from __future__ import annotations

import io
import os
import pty
from collections.abc import Iterator

import pytest

from attune_cli.report.style import Style, is_terminal, wants_colour, width


@pytest.fixture
def terminal() -> Iterator[io.TextIOWrapper]:
    ours, theirs = pty.openpty()
    with open(theirs, "w", encoding="utf-8") as stream:
        yield stream
    os.close(ours)


@pytest.mark.parametrize(
    ("environ", "on_terminal", "in_pipe"),
    [
        ({}, True, False),
        ({"TERM": "xterm"}, True, False),
        ({"TERM": "dumb"}, False, False),
        ({"NO_COLOR": "1"}, False, False),
        ({"NO_COLOR": ""}, True, False),
        ({"FORCE_COLOR": "1"}, True, True),
        ({"FORCE_COLOR": "1", "TERM": "dumb"}, True, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False),
    ],
)
def test_colour(terminal: io.TextIOWrapper, environ: dict[str, str], on_terminal: bool, in_pipe: bool) -> None:
    assert wants_colour(terminal, environ) is on_terminal
    assert wants_colour(io.StringIO(), environ) is in_pipe


def test_a_closed_stream_is_no_terminal() -> None:
    stream = io.StringIO()
    stream.close()
    assert not is_terminal(stream)
    assert width(stream) is None


def test_width(terminal: io.TextIOWrapper) -> None:
    assert width(terminal) is None
    import fcntl
    import struct
    import termios

    fcntl.ioctl(terminal.fileno(), termios.TIOCSWINSZ, struct.pack("HHHH", 24, 61, 0, 0))
    assert width(terminal) == 61
    assert width(io.StringIO()) is None


def test_paint() -> None:
    assert Style(colour=True)("x", "red", "bold") == "\x1b[31;1mx\x1b[0m"
    assert Style(colour=True)("", "red") == ""
    assert Style(colour=False)("x", "red", "bold") == "x"


@pytest.mark.parametrize(("encoding", "signs"), [("utf-8", "✓✗…·"), ("ascii", "+x...-"), ("latin-1", "+x...-")])
def test_signs(encoding: str, signs: str) -> None:
    style = Style.of(io.TextIOWrapper(io.BytesIO(), encoding=encoding))
    assert "".join(map(style.sign, "✓✗…·")) == signs
