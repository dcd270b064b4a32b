"""Data in and out: no deadlock, no loss below the bound, nothing but a count above it."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable

import pytest

from attune_cli.process import Capture, run
from tests.integration.process.conftest import Host
from tests.integration.process.life import Letterbox
from tests.integration.process.requests import sh

NOTICE = "\n\n[OUTPUT TRUNCATED: {} exceeded size limit]\n"
MIB = 1024 * 1024


def test_eight_mebibytes_both_ways() -> None:
    data = os.urandom(8 * MIB)
    begun = time.monotonic()
    outcome = run(sh("cat", stdin=data))
    assert time.monotonic() - begun < 5
    assert outcome
    assert outcome.stdin_read
    assert outcome.stdout.raw == data
    assert not outcome.stdout.truncated


def test_a_child_that_talks_on_all_three_at_once() -> None:
    data = bytes(MIB)
    outcome = run(sh("head -c 1048576 /dev/zero >&2; cat; head -c 1048576 /dev/zero >&2", stdin=data))
    assert (outcome.stdout.total_bytes, outcome.stderr.total_bytes) == (MIB, 2 * MIB)


def test_input_that_is_never_read_is_no_error() -> None:
    outcome = run(sh("exec true", stdin=bytes(MIB)))
    assert outcome
    assert not outcome.stdin_read


def test_input_that_is_read_in_part_is_no_error() -> None:
    outcome = run(sh("head -c 3", stdin=b"abc" + bytes(MIB)))
    assert outcome
    assert outcome.stdout.raw == b"abc"


def test_input_without_parameters_is_at_its_end() -> None:
    assert run(sh("cat; test ! -t 0")).stdout.raw == b""


#: Its own standard input has something in it and does not end.
WAITS = """
import os
from attune_cli.process import Request, run
reading, writing = os.pipe()
os.write(writing, b"typed by somebody\\n")
os.dup2(reading, 0)
outcome = run(Request(argv=("/bin/cat",), env={}, timeout=20))
assert (outcome.exit_code, outcome.stdout.text) == (0, ""), outcome
"""


def test_a_child_does_not_get_the_input_of_its_host(host: Callable[..., Host]) -> None:
    host(WAITS).answer()


def test_input_ends_behind_the_last_byte() -> None:
    outcome = run(sh('read -r line; echo "<$line>"; cat; echo end', stdin=b"one\ntwo\n"))
    assert outcome.stdout.text == "<one>\ntwo\nend\n"


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
@pytest.mark.parametrize(
    ("bound", "written", "kept"),
    [
        (1000, 0, 0),
        (1000, 871, 871),
        (1000, 872, 872),
        (1000, 873, 872),
        (1000, 1000, 872),
        (1000, 300_000, 872),
        (129, 5, 1),
        (128, 1, 0),
        (127, 1, 0),
        (0, 70_000, 0),
        (0, 0, 0),
        (65_536 + 128, 65_536, 65_536),
        (65_536 + 128, 65_537, 65_536),
    ],
)
def test_the_bound_to_the_byte(stream: str, bound: int, written: int, kept: int) -> None:
    redirection = "" if stream == "stdout" else ">&2"
    live = bytearray()
    terms = {f"max_{stream}": bound, f"live_{stream}": live.extend}
    capture: Capture = getattr(run(sh(f"head -c {written} /dev/zero | tr '\\0' x {redirection}", **terms)), stream)
    assert capture.raw == b"x" * kept
    assert capture.total_bytes == written
    assert capture.bytes_cut == written - kept
    assert capture.truncated == (written > kept)
    assert capture.text == "x" * kept + (NOTICE.format(stream) if written > kept else "")
    assert live.decode() == capture.text


def test_a_character_that_the_bound_cuts() -> None:
    outcome = run(sh("printf 'ééé'", max_stdout=128 + 5))
    assert outcome.stdout.text == "éé\ufffd" + NOTICE.format("stdout")
    assert outcome.stdout.bytes_cut == 1


def test_a_character_that_two_reads_split(box: Letterbox) -> None:
    pieces: list[bytes] = []

    def show(data: bytes) -> None:
        if not pieces:
            box.post()
        pieces.append(data)

    script = r"printf '\303'; read -r go <$1; printf '\251'"
    outcome = run(sh(script, box.path, live_stdout=show))
    assert pieces == [b"\xc3", b"\xa9"]
    assert outcome.stdout.text == "é"


def test_bytes_that_are_no_text() -> None:
    outcome = run(sh(r"printf 'a\000b\377c\033[2Jd\r\n'"))
    assert outcome.stdout.raw == b"a\0b\xffc\x1b[2Jd\r\n"
    assert outcome.stdout.text == "a\0b\ufffdc\x1b[2Jd\r\n"
    assert json.loads(json.dumps(outcome.stdout.text)) == outcome.stdout.text


def test_one_line_of_fifty_mebibytes() -> None:
    capture = run(sh("head -c 52428800 /dev/zero | tr '\\0' x; echo")).stdout
    assert capture.total_bytes == 50 * MIB + 1
    assert len(capture.raw) == 10 * MIB - 128
    assert capture.text.endswith("x" + NOTICE.format("stdout"))


ENDLESS = """\
import json, re, sys
from pathlib import Path
from attune_cli.process import Request, run
request = Request(argv=("/bin/sh", "-c", sys.argv[1]), env={"PATH": "/usr/bin:/bin"}, timeout=0.6)
outcome = run(request)
assert outcome.stdout.text and outcome.stderr.text
# Not ru_maxrss, which begins with the size of the process that has started this one.
peak = int(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024
print(json.dumps([outcome.timed_out, peak, len(outcome.stdout.raw), outcome.stdout.bytes_cut, outcome.duration]))
"""


@pytest.mark.parametrize("command", ["yes", "cat /dev/zero"])
def test_endless_output_takes_no_memory(command: str, host: Callable[..., Host]) -> None:
    script = f"{command} & exec {command} >&2"
    timed_out, peak, kept, cut, duration = json.loads(host(ENDLESS, script).answer())
    assert timed_out
    assert peak < 150
    assert kept == 10 * MIB - 128
    # Drained at the speed of the pipe, not held up: far more than was kept.
    assert cut > 20 * MIB
    assert duration < 10


def test_a_child_that_writes_much_before_it_reads_on() -> None:
    """A pipe that has room for a little must not be waited on until it has room for more."""
    script = "dd bs=4096 count=1 of=/dev/null 2>&1; head -c 1000000 /dev/zero; cat >/dev/null"
    outcome = run(sh(script, stdin=bytes(1 << 20), timeout=60))
    assert (outcome.exit_code, outcome.stdout.total_bytes > 1_000_000, outcome.stdin_read) == (0, True, True)
