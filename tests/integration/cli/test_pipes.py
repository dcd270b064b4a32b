"""Output that goes to a pipe or a file: the action's own bytes there, everything else on standard error."""

from __future__ import annotations

import json
import os
import random
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.cli.conftest import Attune

Script = Callable[..., Path]


def test_stdout_arrives_byte_for_byte(attune: Attune, tmp_path: Path, script: Script) -> None:
    data = bytes(range(256)) * 8 + random.Random(1).randbytes(300_000) + "\x1b[2J\x9b31mé€😀".encode() + b"\xc3"
    (tmp_path / "data").write_bytes(data)
    done = attune("run", "action", script("cat data; echo other >&2"), "--cwd", tmp_path)
    assert done.stdout == data
    assert done.stderr.startswith(b"other\n")
    assert b" succeeded  exit 0 " in done.stderr


def test_quiet_leaves_the_action_s_own_output_alone(attune: Attune, script: Script) -> None:
    done = attune("run", "action", script("echo out; echo err >&2; exit 3"), "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (3, b"out\n", b"err\n")


def test_quiet_still_tells_why_nothing_was_started(attune: Attune) -> None:
    assert attune("run", "action", "core.nothing", "-q").stderr.startswith(b"error: there is no action `core.nothing`")


def test_the_summary_has_the_result_and_what_is_worth_knowing(attune: Attune, script: Script) -> None:
    done = attune("run", "action", script("""echo '{"a": [1, 2]}'; sleep 60 & exit 0"""))
    head, result, *warnings = done.stderr.decode().splitlines()
    assert head.startswith("✓ /")
    assert result == '  result: {"a": [1, 2]}'
    assert [line.split()[0] for line in warnings] == ["PAR001:", "PAR003:"]


def test_a_cut_stream_is_noted(attune: Attune, script: Script) -> None:
    done = attune("run", "action", script("head -c 5000 /dev/zero"), "--max-stdout", "1KiB")
    assert done.stdout == bytes(1024 - 128) + b"\n\n[OUTPUT TRUNCATED: stdout exceeded size limit]\n"
    assert b"note:   stdout was longer than was kept: 4 KiB more; --max-stdout" in done.stderr


def test_head_stops_the_action_without_a_word(attune: Attune, script: Script) -> None:
    done = attune.shell(f"attune run action {script('while :; do echo yes; done')} | head -1")
    assert (done.returncode, done.stdout, done.stderr) == (141, b"yes\n", b"")


def test_a_reader_that_goes_away_ends_help_and_documents_too(attune: Attune) -> None:
    text = "x" * 200_000
    done = attune.shell(
        f'attune run action core.echo --params-json \'{{"message": "{text[:90_000]}"}}\' -j | head -c 9'
    )
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.parametrize("arguments", ["-p message=x", "-p message=x -j", "--dry-run", "--help"])
@pytest.mark.parametrize(
    ("output", "reason"), [(">/dev/full", "No space left on device"), (">&-", "Bad file descriptor")]
)
def test_an_output_that_cannot_be_written_is_an_error(attune: Attune, arguments: str, output: str, reason: str) -> None:
    done = attune.shell(f"attune run action core.echo {arguments} {output}")
    assert done.returncode == 125
    assert done.stderr.decode().splitlines()[-2:][0].startswith("error: cannot write ")
    assert reason in done.stderr.decode()
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr


def test_a_disk_that_fills_up_stops_the_action(attune: Attune, script: Script) -> None:
    done = attune.shell(f"attune run action {script('while :; do echo yes; done')} >/dev/full")
    assert done.returncode == 125
    assert done.stderr.decode() == "error: cannot write to standard output\n  why:   No space left on device\n"


def test_a_version_that_cannot_be_written(attune: Attune) -> None:
    for output in (">/dev/full", ">&-"):
        done = attune.shell(f"attune --version {output}")
        assert done.returncode == 3
        assert done.stderr.startswith(b"error: cannot write ")


def test_whoever_closes_stderr_misses_nothing_but_messages(attune: Attune) -> None:
    done = attune.shell("attune run action core.echo -p message=x 2>&-")
    assert (done.returncode, done.stdout) == (0, b"x")
    assert attune.shell("attune run action core.nothing 2>/dev/full").returncode == 127


def test_closed_streams_are_not_taken_for_files(attune: Attune, script: Script) -> None:
    program = script("ls /proc/self/fd | tr '\\n' ' ' >seen; cat >>seen")
    done = attune.shell(f"attune run action {program} --cwd . <&- >&- 2>&-")
    assert done.returncode == 0
    # The last one is that of the folder which ls reads.
    assert (attune.folder / "seen").read_text() == "0 1 2 3 "


def test_the_posix_locale(attune: Attune) -> None:
    done = attune("run", "action", "core.echo", "-p", "message=Grüße", "-j", env={"LC_ALL": "C"})
    assert (done.returncode, json.loads(done.stdout)["stdout"]) == (0, "Grüße")


def test_an_encoding_without_the_letters(attune: Attune) -> None:
    env = {"PYTHONIOENCODING": "ascii"}
    done = attune("run", "action", "core.echo", "-p", "message=Grüße", env=env)
    assert (done.returncode, done.stdout) == (0, "Grüße".encode())
    assert done.stderr.startswith(b"+ core.echo succeeded  exit 0 - ")
    for more in (["--dry-run"], ["-j"], ["-o", "yaml"]):
        done = attune("run", "action", "core.echo", "-p", "message=Grüße", *more, env=env)
        assert done.returncode == 0
        assert b"Gr\\xfc\\xdfe" in done.stdout or b"Gr\\u00fc\\u00dfe" in done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="file names are any bytes on Linux only")
def test_names_that_are_no_text(attune: Attune) -> None:
    program = bytes(attune.folder) + b"/odd\xff\x1b[31m\n\xe2\x80\xae"
    with open(program, "w") as file:
        file.write("#!/bin/sh\nexit 7\n")
    os.chmod(program, 0o755)
    done = attune("run", "action", os.fsdecode(program))
    assert done.returncode == 7
    assert b"odd\\xff^[[31m \\u202e failed" in done.stderr
    done = attune("run", "action", os.fsdecode(program) + "x", "-j")
    assert done.returncode == 127
    assert b"\x1b" not in done.stderr + done.stdout
