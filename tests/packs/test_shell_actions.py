"""core.echo, core.sleep and core.noop: what they promise, and that no value is ever taken for a program."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.packs.core import PACK, dotenv, quoted, shell_action, start

SHELLS = [shell for shell in ("bash", "sh", "dash", "busybox") if shutil.which(shell)]

HOSTILE = [
    "plain",
    "it's",
    "'",
    "''''",
    "\\",
    "\\'\\",
    "trailing'",
    "'leading",
    "two\nlines",
    "ends with a newline\n",
    "\n\n\nkey='value'\n",
    "message='other'",
    "$(touch made) `touch made` ${HOME} $((1/0))",
    "; touch made",
    "*",
    "? [a-z] ~",
    "%s %d \\n \\0 -n -e",
    "  spaces\tand tabs  ",
    '"double" \\"quotes\\"',
    "naïve 😀 \u2028",
    "# no comment",
    "=",
    "a=b=c",
]


@pytest.mark.parametrize("message", HOSTILE)
def test_echo_writes_every_message_as_it_is(message: str) -> None:
    outcome = shell_action("echo", dotenv({"message": message, "other": "'x'\n"}))
    assert (outcome.returncode, outcome.stdout.decode(), outcome.stderr) == (0, message, b"")
    assert not (PACK / "made").exists()


@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_reads_the_same(shell: str) -> None:
    messages = "|".join(HOSTILE)
    outcome = shell_action("echo", dotenv({"message": messages}), shell)
    assert outcome.stdout.decode() == messages


@settings(max_examples=30)
@given(
    st.dictionaries(st.from_regex(r"[a-z][a-z0-9_.]{0,8}", fullmatch=True), st.text(alphabet="'\\\n=a# \t"), max_size=4)
)
def test_echo_finds_its_message_among_others(others: dict[str, str]) -> None:
    parameters = {**others, "message": "mine'\\''\n"}
    assert shell_action("echo", dotenv(parameters), "sh").stdout == b"mine'\\''\n"


@pytest.mark.parametrize("stdin", ["", "\n", "message=''", "message=\n", "other='x'\n", "message"])
def test_echo_writes_nothing_without_a_message(stdin: str) -> None:
    outcome = shell_action("echo", stdin)
    assert (outcome.returncode, outcome.stdout, outcome.stderr) == (0, b"", b"")


def test_values_without_quotes_are_read_up_to_the_end_of_the_line() -> None:
    assert shell_action("echo", "first=1\nmessage=it is=this \nlast='2'\n").stdout == b"it is=this "


def test_echo_takes_a_megabyte() -> None:
    message = "0123456789abcdef" * 65536
    assert shell_action("echo", dotenv({"message": message})).stdout.decode() == message


def test_bytes_that_are_no_text_pass_through() -> None:
    assert shell_action("echo", b"message='\xff\xfe'\n").stdout == b"\xff\xfe"


@pytest.mark.parametrize("folder", [PACK, PACK / "actions", Path("/")], ids=lambda path: path.name)
def test_an_action_finds_its_library_from_every_folder(folder: Path) -> None:
    script = PACK / "actions" / "echo.sh"
    path = script.relative_to(folder) if script.is_relative_to(folder) else script
    assert start(["sh", path], "message='here'\n", cwd=folder).stdout == b"here"


def test_the_scripts_start_by_themselves() -> None:
    assert start([PACK / "actions" / "echo.sh"], "message='x'\n").stdout == b"x"


@pytest.mark.parametrize("code", [0, 1, 7, 255])
def test_noop_ends_with_the_code_it_is_given(code: int) -> None:
    outcome = shell_action("noop", dotenv({"exit_code": code}))
    assert (outcome.returncode, outcome.stdout) == (code, b"No operation completed successfully\n")


def test_noop_logs_its_message() -> None:
    outcome = shell_action("noop", dotenv({"message": "it's on"}))
    assert (outcome.returncode, outcome.stdout) == (0, b"[NOOP] it's on\nNo operation completed successfully\n")


def test_sleep_writes_its_message_and_waits() -> None:
    before = time.monotonic()
    outcome = shell_action("sleep", dotenv({"seconds": 1, "message": "wait"}))
    assert (outcome.returncode, outcome.stdout) == (0, b"wait\nSlept for 1 seconds\n")
    assert time.monotonic() - before >= 1


def test_sleep_takes_no_time_for_zero_seconds() -> None:
    assert shell_action("sleep", dotenv({"seconds": 0})).stdout == b"Slept for 0 seconds\n"


@pytest.mark.parametrize(
    ("action", "name", "limit"), [("noop", "exit_code", 255), ("sleep", "seconds", 3600)], ids=["noop", "sleep"]
)
@pytest.mark.parametrize("value", ["-1", "over", "1.5", "abc", "", " 1", "1 2", "1; true", "99999999999999999999"])
def test_what_is_no_number_in_range_is_refused(action: str, name: str, limit: int, value: str) -> None:
    value = str(limit + 1) if value == "over" else value
    outcome = shell_action(action, f"{name}={quoted(value)}\n")
    assert (outcome.returncode, outcome.stdout) == (2, b"")
    assert outcome.stderr.decode() == f'ERROR: {name} must be a whole number from 0 to {limit}, not "{value}"\n'
