"""What Linux tells of processes is read right, whatever they are called."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from pathlib import Path

import pytest

from attune_cli.process import proc


@pytest.mark.parametrize("name", ["a b", ") R 1 1 (", "(", "0123456789abcde", "x\ny"])
def test_a_process_with_an_odd_name(name: str, tmp_path: Path) -> None:
    program = tmp_path / name
    shutil.copy("/bin/sleep", program)
    with subprocess.Popen([program, "60"]) as child:
        entry = proc.stat(child.pid)
        assert entry is not None
        assert (entry.pid, entry.name, entry.parent) == (child.pid, name, os.getpid())
        assert (entry.group, entry.session) == (os.getpgid(0), os.getsid(0))
        assert entry.is_alive
        assert proc.table()[child.pid][:2] == entry[:2]
        child.kill()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        ended = proc.stat(child.pid)
        assert ended is not None
        assert not ended.is_alive
        assert ended.started == entry.started
    assert proc.stat(child.pid) is None


def test_a_process_has_a_start_of_its_own() -> None:
    mine = proc.stat(os.getpid())
    init = proc.stat(1)
    assert mine is not None
    assert init is not None
    assert mine.started > init.started


def test_the_threads_of_a_process_are_counted() -> None:
    before = proc.stat(os.getpid())
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    during = proc.stat(os.getpid())
    done.set()
    thread.join()
    assert before is not None
    assert during is not None
    assert during.threads == before.threads + 1


@pytest.mark.parametrize("in_thread", [False, True])
def test_children_of_every_thread(*, in_thread: bool) -> None:
    started: list[subprocess.Popen[bytes]] = []
    go, done = threading.Event(), threading.Event()

    def start() -> None:
        started.append(subprocess.Popen(["/bin/sleep", "60"]))
        go.set()
        done.wait()

    if in_thread:
        thread = threading.Thread(target=start)
        thread.start()
        go.wait()
    else:
        done.set()
        start()
    try:
        assert started[0].pid in proc.children()
    finally:
        done.set()
        started[0].kill()
        started[0].wait()
    assert started[0].pid not in proc.children()


def test_children_without_a_list_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    with subprocess.Popen(["/bin/sleep", "60"]) as child:
        listed = set(proc.children())
        monkeypatch.setattr(proc, "_lists_children", lambda: False)
        assert set(proc.children()) == listed
        assert child.pid in listed
        child.kill()


def test_the_variables_of_a_process() -> None:
    with subprocess.Popen(["/bin/sh", "-c", "echo; read -r go"], env={"RUN": "7"}, stdout=-1, stdin=-1) as child:
        assert child.stdout is not None
        child.stdout.readline()
        assert proc.has_variable(child.pid, b"RUN=7")
        assert not proc.has_variable(child.pid, b"RUN=")
        assert not proc.has_variable(child.pid, b"UN=7")
        child.kill()
    assert not proc.has_variable(child.pid, b"RUN=7")


def test_a_process_that_is_starting_another_program_proves_its_variable_all_the_same(tmp_path: Path) -> None:
    """In an execve(2) there is a moment without an environment; here there are a thousand a second."""
    script = tmp_path / "again.sh"
    script.write_text(f"exec /bin/sh {script}\n")
    with subprocess.Popen(["/bin/sh", script], env={"RUN": "7"}) as child:
        proofs = [proc.proves(child.pid, b"RUN=7", 10) for _ in range(500)]
        child.kill()
    assert all(proofs)
    assert not proc.proves(child.pid, b"RUN=7", 10)


def test_the_holders_of_a_pipe_are_those_that_can_write() -> None:
    reader, writer = os.pipe()
    inode = os.fstat(reader).st_ino
    with (
        subprocess.Popen(["/bin/sh", "-c", "read -r go; exit"], stdin=reader) as reading,
        subprocess.Popen(["/bin/sleep", "60"], stdout=writer, stderr=writer) as writing,
    ):
        assert os.readlink(f"/proc/{reading.pid}/fd/0") == f"pipe:[{inode}]"
        assert list(proc.holders({inode: "stdout"})) == [(writing.pid, "stdout")]
        assert list(proc.holders({})) == []
        reading.kill()
        writing.kill()
    os.close(reader)
    os.close(writer)


def test_what_is_gone_is_nowhere() -> None:
    with subprocess.Popen(["/bin/true"]) as child:
        pass
    assert proc.stat(child.pid) is None
    assert child.pid not in proc.table()


def test_our_own_peak_memory() -> None:
    peak = proc.own_peak_memory(proc.own_status())
    assert peak is not None
    assert 5 << 20 < peak < 8 << 30
