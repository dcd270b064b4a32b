"""Ctrl-C, SIGTERM, SIGHUP and the end of attune itself."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest

from tests.integration.cli.conftest import Attune, inside
from tests.integration.process.life import Letterbox, Watched, exists, is_alive

Script = Callable[..., Path]

#: Ends when it is asked to, and says so.
OBEYS = "trap 'echo asked; exit 0' TERM; mkfifo never; exec 3<>never; echo ready; read word <&3"
#: Does not.
IGNORES = "trap '' TERM; echo ready; while :; do sleep 60; done"


def ready(process: subprocess.Popen[bytes]) -> None:
    """Waits until the action runs and its output is passed on."""
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_action_is_asked_to_stop(attune: Attune, script: Script, number: signal.Signals) -> None:
    process = attune.start("run", "action", script(OBEYS))
    ready(process)
    process.send_signal(number)
    out, err = process.communicate(timeout=10)
    assert process.returncode == 130
    assert out == b"asked\n"
    assert b" cancelled  exit 0 " in err


def test_twice_kills_at_once(attune: Attune, script: Script) -> None:
    process = attune.start("run", "action", script(IGNORES))
    ready(process)
    process.send_signal(signal.SIGINT)
    # It is taken before the next one comes: two that wait would count as one.
    asked = time.monotonic()
    while time.monotonic() < asked + 4:
        process.send_signal(signal.SIGINT)
        try:
            _, err = process.communicate(timeout=0.2)
            break
        except subprocess.TimeoutExpired:
            continue
    # One alone would have taken five seconds.
    assert time.monotonic() < asked + 4
    assert process.returncode == 130
    assert b" cancelled  SIGKILL " in err


def test_one_that_does_not_listen_is_killed_after_five_seconds(attune: Attune, script: Script) -> None:
    process = attune.start("run", "action", script(IGNORES))
    ready(process)
    asked = time.monotonic()
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=15)
    assert 4.7 < time.monotonic() - asked < 7
    assert process.returncode == 130
    assert b" cancelled  SIGKILL " in err


def test_ctrl_c_at_a_terminal(attune: Attune, script: Script) -> None:
    child = attune.on_terminal("run", "action", script(OBEYS))
    child.expect_exact("ready\r\n")
    child.sendintr()
    child.expect_exact("stopping; Ctrl-C again kills it at once")
    child.expect_exact("asked\r\n")
    child.expect_exact("cancelled")
    child.expect(pexpect.EOF)
    child.wait()
    assert child.exitstatus == 130


def test_a_terminal_that_is_stopped(attune: Attune, script: Script, box: Letterbox) -> None:
    """Ctrl-S, so to speak: nobody reads what is written to it."""
    ours, theirs = os.openpty()
    os.set_blocking(theirs, False)
    while select.select([], [theirs], [], 0.2)[1]:
        with contextlib.suppress(BlockingIOError):
            os.write(theirs, b"x" * 100)
    os.set_blocking(theirs, True)
    program = script(f"head -c 100000 /dev/zero; echo $$ >{box.path}; exec sleep 60")
    process = attune.start("run", "action", program, stdout=theirs, stderr=theirs)
    action = Watched([box.pid()])
    process.send_signal(signal.SIGINT)
    action.end(10)
    begun = time.monotonic()
    while process.poll() is None and time.monotonic() < begun + 10:
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.3)
    assert time.monotonic() < begun + 3
    assert process.returncode == 130
    os.close(ours)
    os.close(theirs)


def test_a_terminal_that_is_closed(attune: Attune, script: Script, box: Letterbox) -> None:
    child = attune.on_terminal("run", "action", script(f"echo $$ >{box.path}; {OBEYS}"))
    child.expect_exact("ready\r\n")
    action = Watched([box.pid()])
    inside(child).fileobj.close()
    child.closed = inside(child).closed = True
    action.end(10)
    child.wait()
    assert child.exitstatus == 130


def test_nohup(attune: Attune, script: Script, answers: Letterbox) -> None:
    process = attune.start("run", "action", script(f"echo ready; read word <{answers.path}"), launcher=("nohup",))
    ready(process)
    process.send_signal(signal.SIGHUP)
    answers.post()
    assert process.wait(timeout=10) == 0


def test_a_background_job_of_a_script_is_deaf_to_ctrl_c(attune: Attune, script: Script, answers: Letterbox) -> None:
    launcher = ("sh", "-c", """trap '' INT; exec "$0" "$@" """)
    process = attune.start("run", "action", script(f"echo ready; read word <{answers.path}"), launcher=launcher)
    ready(process)
    process.send_signal(signal.SIGINT)
    answers.post()
    assert process.wait(timeout=10) == 0


def test_killed_with_9_it_takes_the_action_along(attune: Attune, script: Script, box: Letterbox) -> None:
    process = attune.start("run", "action", script(f"trap '' TERM HUP; echo $$ >{box.path}; {IGNORES}"))
    action = Watched([box.pid()])
    ready(process)
    process.kill()
    assert action.end(5) < 1


#: Presses Ctrl-C when the interpreter comes to a certain event: PRESS_AT is its name, and what is said of it.
_PRESSES = """\
import os, signal, sys
event, _, word = os.environ["PRESS_AT"].partition(" ")
pressed = []
def hook(name, args):
    if name == event and not pressed and word in str(args[0]):
        pressed.append(name)
        open(os.environ["PRESSED"], "w").close()
        signal.raise_signal(signal.SIGINT)
sys.addaudithook(hook)
"""


@pytest.mark.parametrize(
    "moment",
    [
        "import attune_cli.cli.entry",
        "import inspect",
        "import attune_cli.cli.direct",
        "import attune_cli.execution.plan",
        "open echo.yaml",
        "open engine.",
    ],
)
def test_ctrl_c_before_the_action_is_started(attune: Attune, tmp_path: Path, moment: str) -> None:
    (tmp_path / "sitecustomize.py").write_text(_PRESSES)
    env = {"PYTHONPATH": str(tmp_path), "PRESS_AT": moment, "PRESSED": str(tmp_path / "pressed")}
    done = attune("run", "action", "core.echo", "-p", "message=x", env=env)
    assert (tmp_path / "pressed").exists()
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")


@pytest.mark.parametrize("moment", ["import ctypes", "subprocess.Popen python", "subprocess.Popen /bin/bash"])
def test_ctrl_c_while_the_action_is_being_started(
    attune: Attune, pack: Callable[..., Path], tmp_path: Path, moment: str
) -> None:
    (tmp_path / "sitecustomize.py").write_text(_PRESSES)
    pack("stay", "", "exec sleep 60")
    env = {"PYTHONPATH": str(tmp_path), "PRESS_AT": moment, "PRESSED": str(tmp_path / "pressed")}
    done = attune("run", "action", "demo.stay", env=env)
    assert (tmp_path / "pressed").exists()
    assert done.returncode == 130
    assert b"demo.stay" in done.stderr
    assert b"SIGTERM" in done.stderr


#: Presses Ctrl-C as soon as the action's process is there, before anybody can have been told of it.
_PRESSES_AFTER_FORK = """\
import _posixsubprocess, os, signal
fork_exec = _posixsubprocess.fork_exec
def pressing(*args):
    pid = fork_exec(*args)
    if b"/bin/bash" in args[1]:
        signal.raise_signal(signal.SIGINT)
    return pid
_posixsubprocess.fork_exec = pressing
"""


def test_ctrl_c_in_the_moment_of_the_start(
    attune: Attune, tmp_path: Path, pack: Callable[..., Path], box: Letterbox
) -> None:
    (tmp_path / "sitecustomize.py").write_text(_PRESSES_AFTER_FORK)
    pack("stay", "", f"exec 3>{box.path}; echo $$ >&3; exec sleep 60")
    done = attune("run", "action", "demo.stay", env={"PYTHONPATH": str(tmp_path)})
    assert done.returncode == 130
    # It may be stopped before it can say who it is.
    with contextlib.suppress(TimeoutError):
        pid = int(box.line(0.5))
        is_left = is_alive(pid)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        assert not is_left


def test_ctrl_c_while_an_environment_is_set_up(attune: Attune, pack: Callable[..., Path], box: Letterbox) -> None:
    root = pack("needy", "", "true")
    (root / "requirements.txt").write_text("./greeting\n")
    (root / "greeting").mkdir()
    # Its build announces itself, and then goes on for ever.
    (root / "greeting" / "setup.py").write_text(
        f"import os, time\nopen({str(box.path)!r}, 'w').write(f'{{os.getpid()}}\\n')\ntime.sleep(60)\n"
    )
    text = (root / "actions" / "needy.yaml").read_text().replace("shell", "python").replace("needy.sh", "needy.py")
    (root / "actions" / "needy.yaml").write_text(text)
    (root / "actions" / "needy.py").write_text("print('never')\n")
    env = {"PATH": f"{Path(os.path.realpath(sys.executable)).parent}:/usr/bin:/bin", "PIP_NO_BUILD_ISOLATION": "1"}
    child = attune.on_terminal("run", "action", "demo.needy", env=env)
    child.expect_exact("setting up the Python")
    build = box.pid()
    watched = Watched([build])
    child.sendintr()
    watched.end(10)
    child.expect(pexpect.EOF)
    child.wait()
    assert child.exitstatus == 130
    assert not exists(build)
    assert "Traceback" not in str(child.before)
    environments = Path(os.environ["XDG_CACHE_HOME"], "attune", "environments")
    assert [path.name for path in environments.iterdir() if not path.name.endswith(".lock")] == []
