"""Showing a stream while it is captured: to functions and to outputs, whether they are read or not."""

from __future__ import annotations

import errno
import fcntl
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from attune_cli.process import LiveOutput, Secrets, run, start
from tests.integration.process.life import Letterbox, Watched
from tests.integration.process.requests import beside, sh


class Pipe:
    def __init__(self) -> None:
        self.reader, self.writer = os.pipe()

    def read_all(self) -> bytes:
        """What is in it, when nobody writes any longer."""
        os.close(self.writer)
        self.writer = -1
        with open(self.reader, "rb", closefd=False) as file:
            return file.read()


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    made = Pipe()
    yield made
    for fd in (made.reader, made.writer):
        if fd >= 0:
            os.close(fd)


def test_the_stream_arrives_while_the_process_runs(box: Letterbox) -> None:
    seen: list[bytes] = []

    def show(data: bytes) -> None:
        seen.append(data)
        box.post()

    outcome = run(sh("echo one; read -r go <$1; echo two; read -r go <$1", box.path, live_stdout=show))
    assert seen == [b"one\n", b"two\n"]
    assert outcome


def test_both_streams_have_a_sink_of_their_own() -> None:
    out, err = bytearray(), bytearray()
    run(sh("echo out; echo err >&2", live_stdout=out.extend, live_stderr=err.extend))
    assert out == b"out\n"
    assert err == b"err\n"


def test_an_output_that_is_slow_gets_everything(pipe: Pipe) -> None:
    size = 3_000_000
    got = bytearray()

    def read() -> None:
        while len(got) < size:
            got.extend(os.read(pipe.reader, 1000))

    with beside(read):
        outcome = run(sh(f"head -c {size} /dev/zero", live_stdout=LiveOutput(pipe.writer)))
    assert got == bytes(size)
    assert outcome.stdout.total_bytes == size


def test_both_streams_on_one_output(pipe: Pipe) -> None:
    run(sh("echo out; echo err >&2", live_stdout=LiveOutput(pipe.writer), live_stderr=LiveOutput(pipe.writer)))
    assert sorted(pipe.read_all().split()) == [b"err", b"out"]


def test_both_streams_on_one_object(pipe: Pipe) -> None:
    output = LiveOutput(pipe.writer)
    run(sh("echo out; echo err >&2", live_stdout=output, live_stderr=output))
    assert sorted(pipe.read_all().split()) == [b"err", b"out"]


def test_every_piece_is_transformed(pipe: Pipe) -> None:
    run(sh("echo shout", live_stdout=LiveOutput(pipe.writer, transform=bytes.upper)))
    assert pipe.read_all() == b"SHOUT\n"


def test_a_file_is_written_to(tmp_path: Path) -> None:
    with (tmp_path / "log").open("wb") as file:
        outcome = run(sh("head -c 500000 /dev/zero; echo; echo end", live_stdout=LiveOutput(file.fileno())))
    assert (tmp_path / "log").read_bytes() == outcome.stdout.raw


def test_a_terminal_is_written_to() -> None:
    import pty

    leader, terminal = pty.openpty()
    try:
        flags = fcntl.fcntl(terminal, fcntl.F_GETFL)
        run(sh("echo shown", live_stdout=LiveOutput(terminal)))
        assert os.read(leader, 100) == b"shown\r\n"
        assert fcntl.fcntl(terminal, fcntl.F_GETFL) == flags
    finally:
        os.close(leader)
        os.close(terminal)


def test_the_flags_of_an_output_are_left_alone(pipe: Pipe) -> None:
    flags = fcntl.fcntl(pipe.writer, fcntl.F_GETFL)
    run(sh("echo shown", live_stdout=LiveOutput(pipe.writer)))
    assert fcntl.fcntl(pipe.writer, fcntl.F_GETFL) == flags
    assert os.write(pipe.writer, b"still open") == 10


# --- outputs that are not read, or cannot be written to -----------------------------------------


@pytest.mark.parametrize("terminal", [False, True])
def test_a_reader_that_does_not_read_does_not_hold_up_the_deadline(terminal: bool) -> None:
    """The process is stopped in time. Its output is waited for until somebody cancels."""
    import pty

    reader, writer = pty.openpty() if terminal else os.pipe()
    # On a terminal each line end becomes two bytes, so what fits in is seldom a whole piece.
    request = sh("exec yes", timeout=0.3, max_stdout=2_000_000, live_stdout=LiveOutput(writer))
    try:
        process = start(request)
        ended: list[float] = []

        def cancel() -> None:
            ended.append(Watched([process.pid]).end())
            process.cancel(now=True)

        with process, beside(cancel):
            outcome = process.wait()
    finally:
        os.close(reader)
        os.close(writer)
    assert ended[0] < 0.8
    assert outcome.timed_out
    assert outcome.stdout.truncated


def test_what_is_said_on_being_cancelled_is_shown(pipe: Pipe, box: Letterbox) -> None:
    """More than fits into the pipe at once, to a reader that takes its time."""
    size = 300_000
    script = f"trap 'head -c {size} /dev/zero; exit' TERM; echo >$1; while :; do sleep 0.01; done"
    process = start(sh(script, box.path, live_stdout=LiveOutput(pipe.writer)))
    got = bytearray()

    def read() -> None:
        while data := os.read(pipe.reader, 30_000):
            got.extend(data)
            time.sleep(0.02)

    def cancel() -> None:
        box.line()
        process.cancel()

    reader = threading.Thread(target=read)
    reader.start()
    with process, beside(cancel):
        outcome = process.wait()
    os.close(pipe.writer)
    pipe.writer = -1
    reader.join()
    assert outcome.stdout.raw == bytes(size)
    assert got == bytes(size)


def test_a_reader_that_has_gone_ends_the_run(pipe: Pipe) -> None:
    os.close(pipe.reader)
    pipe.reader = -1
    with pytest.raises(BrokenPipeError):
        run(sh("echo; exec sleep 60", live_stdout=LiveOutput(pipe.writer)))


def test_a_full_disk_ends_the_run() -> None:
    with Path("/dev/full").open("wb", buffering=0) as full:
        with pytest.raises(OSError, match="No space left") as caught:
            run(sh("echo; exec sleep 60", live_stdout=LiveOutput(full.fileno())))
        assert caught.value.errno == errno.ENOSPC


# --- secrets ----------------------------------------------------------------------------------


def test_a_secret_that_two_reads_split_is_masked(box: Letterbox) -> None:
    live = bytearray()
    seen: list[bytes] = []

    def show(data: bytes) -> None:
        seen.append(data)
        live.extend(data)
        box.post()

    secrets = Secrets({"word": "swordfish"})
    script = "printf 'a sword'; read -r go <$1; printf 'fish b'; exit 0"
    outcome = run(sh(script, box.path, live_stdout=show, secrets=secrets))
    assert seen[0] == b"a "
    assert live == b"a *** b"
    assert outcome.stdout.text == "a *** b"
    assert outcome.stdout.raw == b"a swordfish b"


def test_a_secret_that_the_bound_cuts_is_masked() -> None:
    live = bytearray()
    secrets = Secrets({"word": "swordfish"})
    outcome = run(sh("printf 'my swordfish'", live_stdout=live.extend, secrets=secrets, max_stdout=128 + 9))
    assert outcome.stdout.raw == b"my swordf"
    assert outcome.stdout.text == "my ***\n\n[OUTPUT TRUNCATED: stdout exceeded size limit]\n"
    assert live.decode() == outcome.stdout.text
