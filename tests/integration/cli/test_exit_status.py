"""Exit statuses: the action's own, and attune's where there is none."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.cli.conftest import Attune

Script = Callable[..., Path]


@pytest.mark.parametrize("status", [0, 1, 2, 3, 42, 124, 125, 126, 127, 128, 130, 200, 255])
def test_the_action_s_own_status_is_passed_on(attune: Attune, script: Script, status: int) -> None:
    assert attune("run", "action", script(f"exit {status}")).returncode == status


@pytest.mark.parametrize("name", ["HUP", "INT", "QUIT", "KILL", "SEGV", "PIPE", "TERM"])
def test_a_signal_is_told_as_shells_tell_it(attune: Attune, script: Script, name: str) -> None:
    done = attune("run", "action", script(f"kill -{name} $$"))
    number = signal.Signals[f"SIG{name}"]
    assert done.returncode == 128 + number
    assert f"failed  SIG{name}" in done.stderr.decode()


def test_timeout_is_124(attune: Attune, script: Script) -> None:
    done = attune("run", "action", script("exec sleep 60"), "--timeout", "0.2")
    assert done.returncode == 124
    assert "timed out  SIGKILL" in done.stderr.decode()


@pytest.mark.parametrize(
    "args",
    [
        ("--no-such-option",),
        (),
        ("core.echo", "another"),
        ("core.echo", "--timeout", "soon"),
        ("core.echo", "--timeout"),
        ("core.echo", "--output", "xml"),
        ("core.echo", "-p", "mesage=x"),
        ("core.echo", "--env", "ATTUNE_EXEC_ID=1"),
        ("core.echo", "--runtime", "cobol"),
        ("core.echo", "--cwd", "nowhere"),
    ],
)
def test_wrong_calls_of_run_leave_the_child_its_2(attune: Attune, args: tuple[str, ...]) -> None:
    done = attune("run", "action", *args)
    assert done.returncode == 125
    assert done.stdout == b""
    assert b"error: " in done.stderr


@pytest.mark.parametrize(
    ("args", "status"),
    [
        ((), 2),
        (("--no-such-option",), 2),
        (("nothing",), 2),
        (("runtime",), 2),
        (("runtime", "list", "-o", "xml"), 2),
        (("run",), 125),
        (("run", "nothing"), 125),
        (("--debug", "run", "action"), 125),
    ],
)
def test_wrong_calls(attune: Attune, args: tuple[str, ...], status: int) -> None:
    done = attune(*args)
    assert done.returncode == status
    assert done.stdout == b""
    assert done.stderr.strip()


@pytest.mark.parametrize("subject", ["core.nothing", "./nothing", "nothing.yaml", "/no/such/program", "nothing"])
def test_what_is_not_there_is_127(attune: Attune, subject: str) -> None:
    done = attune("run", "action", subject)
    assert done.returncode == 127
    assert b"error: " in done.stderr


def test_what_cannot_be_executed_is_126(attune: Attune, script: Script) -> None:
    program = script("exit 0")
    program.chmod(0o644)
    assert attune("run", "action", program).returncode == 126
    empty = script("", "empty")
    empty.write_bytes(b"")
    assert attune("run", "action", empty).returncode == 126
    lost = script("", "lost")
    lost.write_text("#!/no/such/interpreter\n")
    done = attune("run", "action", lost)
    assert done.returncode in {126, 127}
    assert b"/no/such/interpreter" in done.stderr


def test_an_entry_point_that_is_missing_is_127(attune: Attune, pack: Callable[..., Path]) -> None:
    root = pack("gone", "", "true")
    (root / "actions" / "gone.sh").unlink()
    assert attune("run", "action", "demo.gone").returncode == 127
