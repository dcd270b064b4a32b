"""Reading one pipe: kept up to the bound, counted behind it, shown as far as it is kept."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from attune_cli.process import NO_SECRETS, Secrets
from attune_cli.process.capture import READ_SIZE, StreamCapture


class Writer:
    def __init__(self) -> None:
        self.reader, self.fd = os.pipe()

    def close(self) -> None:
        if self.fd >= 0:
            os.close(self.fd)
        self.fd = -1


@pytest.fixture
def writer() -> Iterator[Writer]:
    made = Writer()
    yield made
    made.close()


def drained(capture: StreamCapture) -> StreamCapture:
    while capture.is_open:
        capture.on_readable()
    return capture


def test_what_fits_is_kept(writer: Writer) -> None:
    capture = StreamCapture("stdout", writer.reader, 1000, NO_SECRETS, None)
    os.write(writer.fd, b"abc")
    writer.close()
    assert drained(capture).capture().raw == b"abc"
    assert capture.fd == -1


def test_what_does_not_fit_is_drained_and_counted(writer: Writer) -> None:
    capture = StreamCapture("stdout", writer.reader, 128 + 4, NO_SECRETS, None)
    for piece in (b"ab", b"cdef", b"g" * 5000):
        os.write(writer.fd, piece)
        capture.on_readable()
    writer.close()
    taken = drained(capture).capture()
    assert (taken.raw, taken.total_bytes, taken.bytes_cut) == (b"abcd", 5006, 5002)


def test_nothing_more_is_read_into_memory_behind_the_bound(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    capture = StreamCapture("stdout", writer.reader, 128, NO_SECRETS, None)
    os.write(writer.fd, b"x")
    capture.on_readable()
    monkeypatch.setattr(os, "read", None)
    os.write(writer.fd, b"y" * 30_000)
    capture.on_readable()
    assert capture.total_bytes == 30_001
    writer.close()
    capture.on_readable()
    assert not capture.is_open


def test_a_pipe_that_is_filled_is_enlarged(writer: Writer) -> None:
    import fcntl

    capture = StreamCapture("stdout", writer.reader, 1 << 20, NO_SECRETS, None)
    before = fcntl.fcntl(writer.fd, 1032)
    os.write(writer.fd, bytes(READ_SIZE))
    capture.on_readable()
    assert fcntl.fcntl(writer.fd, 1032) > before
    capture.close()


def test_the_sink_gets_what_is_kept_and_the_notice_once(writer: Writer) -> None:
    pieces: list[bytes] = []
    capture = StreamCapture("stderr", writer.reader, 128 + 4, NO_SECRETS, pieces.append)
    for piece in (b"ab", b"cdef", b"gh"):
        os.write(writer.fd, piece)
        capture.on_readable()
    writer.close()
    drained(capture)
    assert pieces == [b"ab", b"cd\n\n[OUTPUT TRUNCATED: stderr exceeded size limit]\n"]


@pytest.mark.parametrize("is_finished", [True, False])
def test_what_is_held_back_is_shown_at_the_end_and_not_on_giving_up(writer: Writer, *, is_finished: bool) -> None:
    pieces: list[bytes] = []
    capture = StreamCapture("stdout", writer.reader, 1000, Secrets({"word": "swordfish"}), pieces.append)
    os.write(writer.fd, b"a sword")
    capture.on_readable()
    assert pieces == [b"a "]
    if is_finished:
        capture.finish()
    else:
        capture.close()
    assert pieces == ([b"a ", b"sword"] if is_finished else [b"a "])
    capture.finish()
    assert len(pieces) == (2 if is_finished else 1)
