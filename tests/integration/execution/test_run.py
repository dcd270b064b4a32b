"""How runs end, what is warned of, and what is left on disk: with real processes."""

from __future__ import annotations

import os
import signal
import stat
import sys
from pathlib import Path

import pytest

from attune_cli.errors import AttuneError, NotFoundError
from attune_cli.execution.action import Live
from attune_cli.process import Process, Request, start
from tests.integration.execution.conftest import Packs, codes

linux = pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")


def test_a_signal(packs: Packs) -> None:
    done = packs.run(packs.action("x", "kill -SEGV $$"))
    assert (done.status, done.exit_code, done.signal, done.exit_status) == ("failed", None, "SIGSEGV", 139)
    assert done.error == "the action was killed by SIGSEGV"


def test_a_timeout_and_what_the_platform_would_have_done(packs: Packs) -> None:
    done = packs.run(packs.action("x", "echo begun; sleep 60; true"), timeout=0.3)
    assert (done.status, done.exit_status, done.signal, done.stdout) == ("timed_out", 124, "SIGKILL", "begun\n")
    assert done.error == "the action was stopped: it ran longer than 0.3 s"
    assert codes(done) == ["PAR002", "PAR003"]
    assert 200 < done.duration_ms < 20_000


def test_the_grace_before_the_kill(packs: Packs) -> None:
    ref = packs.action("x", "trap 'echo stopped; exit 7' TERM; echo begun; while :; do sleep 0.05; done")
    done = packs.run(ref, timeout=0.5, grace=30.0)
    assert (done.status, done.exit_code, done.stdout) == ("timed_out", 7, "begun\nstopped\n")


def test_a_cancellation(packs: Packs) -> None:
    seen: list[bytes] = []
    ref = packs.action("x", "echo ready; sleep 60")
    started: list[Process] = []

    def on_output(data: bytes) -> None:
        seen.append(data)
        started[0].cancel()

    done = packs.run(ref, Live(stdout=on_output, started=started.append))
    assert (done.status, done.exit_status, done.signal) == ("cancelled", 130, "SIGTERM")
    assert b"".join(seen) == b"ready\n"


def test_output_that_is_cut(packs: Packs) -> None:
    done = packs.run(packs.action("x", "head -c 5000 /dev/zero | tr '\\0' 1", "output_format: json\n"), max_stdout=1128)
    assert done.stdout == "1" * 1000 + "\n\n[OUTPUT TRUNCATED: stdout exceeded size limit]\n"
    assert (done.stdout_truncated, done.stdout_bytes_truncated, done.stderr_truncated) == (True, 4000, False)
    assert (done.result, codes(done)) == (None, ["PAR005"])


@linux
def test_a_pipe_that_is_held_open(packs: Packs) -> None:
    done = packs.run(packs.action("x", "sleep 60 & echo '{}'", "output_format: json\n"))
    assert (done.status, done.result) == ("succeeded", {})
    assert codes(done) == ["PAR001", "PAR003"]
    assert "sleep" in done.warnings[0].message


@linux
def test_a_process_left_behind(packs: Packs) -> None:
    done = packs.run(packs.action("x", "sleep 60 >/dev/null 2>&1 &"))
    assert codes(done) == ["PAR003"]


def test_two_full_pipes(packs: Packs) -> None:
    declared = "parameter_delivery: stdin\noutput_format: text\nparameters: {text: {type: string}}\n"
    ref = packs.action("x", "cat", declared)
    done = packs.run(ref, documents=('{"text": "%s"}' % ("x" * 300_000),))
    assert (done.status, len(done.stdout)) == ("succeeded", 300_012)
    assert codes(done) == ["PAR004"]


def test_a_result_that_is_not_as_declared(packs: Packs) -> None:
    done = packs.run(packs.action("x", "echo hello", "output_format: json\n"))
    assert (done.status, done.result, codes(done)) == ("succeeded", None, ["PAR005"])
    assert "no JSON" in done.warnings[0].message


def test_no_warning_gives_a_secret_away(packs: Packs) -> None:
    # A process's name is a text that an action chooses.
    script = 'cp "$(command -v sleep)" hunter22; ./hunter22 60 >/dev/null 2>&1 &'
    done = packs.run(packs.action("x", script), asked={"a": "hunter22"})
    assert "PAR003" in codes(done)
    assert "*** (pid" in done.warnings[0].message
    assert "hunter22" not in str(done)


def test_what_the_platform_does_not_read(packs: Packs) -> None:
    declared = "enabled: false\ntimeout: 3\nparameter_delivery: stdin\noutput_format: text\noutput_schema: {a: {}}\n"
    done = packs.run(packs.action("x", "cat >/dev/null", declared))
    assert (done.status, codes(done)) == ("succeeded", ["PAR006", "PAR009", "PAR010"])


def test_an_entry_point_that_wants_the_api(packs: Packs, monkeypatch: pytest.MonkeyPatch) -> None:
    ref = packs.action("x", ': "${ATTUNE_API_URL-}"')
    assert codes(packs.run(ref)) == ["PAR007"]
    assert codes(packs.run(ref, env=("ATTUNE_API_URL=http://x",))) == []
    monkeypatch.setenv("ATTUNE_API_URL", "http://x")
    assert codes(packs.run(ref)) == []


def test_secrets_that_cannot_be_masked_or_were_shown_already(packs: Packs) -> None:
    ref = packs.action("x", "true", "parameters: {pin: {type: string, secret: true}}\n")
    done = packs.run(ref, pairs=("pin=123",))
    assert codes(done) == ["PAR008", "PAR012"]


def test_a_name_that_no_shell_can_read(packs: Packs) -> None:
    declared = "parameters: {dry-run: {type: boolean, default: true}}\n"
    assert codes(packs.run(packs.action("x", "true", declared))) == ["PAR013"]
    python = "import os; print(os.environ['ATTUNE_ACTION_DRY-RUN'])"
    done = packs.run(packs.action("y", python, f"runner_type: python\n{declared}", suffix=".py"))
    assert (done.stdout, codes(done)) == ("true\n", [])


def test_artifacts(packs: Packs, tmp_path: Path) -> None:
    done = packs.run(packs.action("x", 'echo x > "$ATTUNE_ARTIFACTS_DIR/report"'))
    assert codes(done) == ["PAR014"]
    assert done.artifacts is not None
    assert (done.artifacts / "report").read_text() == "x\n"
    assert stat.S_IMODE(done.artifacts.stat().st_mode) == 0o700
    packs.run(packs.action("y", "true"))
    assert list((tmp_path / "tmp").iterdir()) == [done.artifacts]


def test_what_cannot_be_started_is_an_execution_too(packs: Packs, tmp_path: Path) -> None:
    ref = packs.action("x", "#!/bin/sh\n", "runner_type: native\n", mode=0o644)
    done = packs.run(ref)
    assert (done.status, done.exit_status, done.runtime, done.duration_ms) == ("not_started", 126, None, 0)
    assert "not executable" in (done.error or "")
    (packs.demo / "actions" / "x.sh").unlink()
    assert packs.run(ref).exit_status == 127
    program = tmp_path / "empty"
    program.touch(0o755)
    done = packs.run(str(program))
    assert (done.status, done.exit_status, done.runtime) == ("not_started", 126, None)
    assert done.failure is not None
    assert "is empty" in (done.error or "")


def test_a_working_directory_that_is_not_there(packs: Packs, tmp_path: Path) -> None:
    done = packs.run(packs.action("x", "true"), cwd=tmp_path / "none")
    assert (done.status, done.exit_code) == ("not_started", None)
    assert str(tmp_path / "none") in (done.error or "")


@pytest.mark.parametrize("subject", ["demo.none", "none", "./none.yaml", "./"])
def test_what_is_not_there_at_all(subject: str, packs: Packs) -> None:
    with pytest.raises(NotFoundError) as caught:
        packs.run(subject)
    assert caught.value.run_exit_code == 127


def test_a_program_that_is_not_there(packs: Packs) -> None:
    done = packs.run("./none")
    assert (done.status, done.exit_status) == ("not_started", 127)


def test_an_entry_point_outside_of_the_pack(packs: Packs) -> None:
    ref = packs.action("x", "true")
    (packs.demo / "actions" / "x.yaml").write_text("ref: demo.x\nentry_point: ../../../etc/passwd\n")
    with pytest.raises(AttuneError) as caught:
        packs.run(ref)
    assert caught.value.where == f"{packs.demo / 'actions' / 'x.yaml'}:2:14"


def test_the_parameter_file_of_a_run_that_was_killed_is_swept(packs: Packs, tmp_path: Path) -> None:
    stale = tmp_path / "run" / "parameters-1"
    stale.mkdir(mode=0o700)
    (stale / "parameters.json").write_text("secret")
    packs.run(packs.action("x", "true"))
    assert not stale.exists()


@linux
def test_the_run_is_known_by_its_marker(packs: Packs) -> None:
    """A descendant that left the session and lost its parent is told from other runs' by ATTUNE_EXEC_ID."""
    script = """\
    import os, sys, time
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            with open(sys.argv[0] + ".pid", "w") as file:
                file.write(str(os.getpid()))
            for fd in range(3):
                os.close(fd)
            time.sleep(60)
        os._exit(0)
    os.wait()
    while not os.path.exists(sys.argv[0] + ".pid") or not os.path.getsize(sys.argv[0] + ".pid"):
        time.sleep(0.01)
    """
    with start(Request(argv=("/bin/sleep", "60"), env={})):
        done = packs.run(packs.action("x", script, "runner_type: python\n", suffix=".py"))
    pid = int((packs.demo / "actions" / "x.py.pid").read_text())
    assert codes(done) == ["PAR003"]
    with pytest.raises(ProcessLookupError):
        os.kill(pid, signal.SIGCONT)


def test_usage_is_told(packs: Packs) -> None:
    ref = packs.action(
        "x",
        "import hashlib\nfor _ in range(300): hashlib.sha256(bytes(10**6)).digest()",
        "runner_type: python\n",
        suffix=".py",
    )
    usage = packs.run(ref).to_document()["usage"]
    assert isinstance(usage, dict)
    assert usage["cpu_ms"] > 50


def test_the_shipped_echo(packs: Packs) -> None:
    done = packs.run("core.echo", pairs=("message=hello, world",))
    assert (done.status, done.stdout, done.warnings) == ("succeeded", "hello, world", ())
