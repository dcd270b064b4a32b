"""What a child gets from us: its arguments, its environment, its three descriptors, and nothing else."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from attune_cli.process import Request, Secrets, SpawnError, run, start
from tests.integration.process.conftest import PROGRAMS, Host
from tests.integration.process.life import Letterbox, open_descriptors
from tests.integration.process.requests import ENV, beside, binary, sh

# --- signals ----------------------------------------------------------------------------------

DEAF = """\
import json, signal, threading
from attune_cli.process import Request, run

# The C library keeps two for itself, which CPython 3.13 sometimes leaves ignored.
PUBLIC = sum(1 << number - 1 for number in signal.valid_signals())

def picked(lines):
    return {line.split()[0]: int(line.split()[1], 16) & PUBLIC for line in lines if line[:6] in ("SigBlk", "SigIgn")}

def own():
    with open("/proc/thread-self/status") as status:
        return picked(status)

def child():
    # Not by a shell: some unblock signals themselves.
    outcome = run(Request(argv=("/bin/cat", "/proc/self/status"), env={}, timeout=20))
    # An exit status is lost where SIGCHLD is ignored and the kernel reaps for us.
    assert run(Request(argv=("/bin/sh", "-c", "exit 7"), env={}, timeout=20)).exit_code == 7
    return picked(outcome.stdout.text.splitlines())

before = own()
first = child()
after = own()
in_thread = []
thread = threading.Thread(target=lambda: in_thread.append(child()))
thread.start()
thread.join()
print(json.dumps([before, first, after, in_thread[0]]))
"""


@pytest.mark.parametrize("how", ["ignored", "blocked"])
def test_a_child_starts_with_no_signal_ignored_or_blocked(how: str, host: Callable[..., Host]) -> None:
    launcher = (sys.executable, "-I", "-S", str(PROGRAMS / "deaf.py"), how)
    before, child, after, in_thread = json.loads(host(DEAF, launcher=launcher).answer())
    mine = before["SigIgn:" if how == "ignored" else "SigBlk:"]
    term, real_time = 1 << signal.SIGTERM - 1, 1 << signal.SIGRTMAX - 1
    assert mine & term
    assert mine & real_time
    assert child == {"SigBlk:": 0, "SigIgn:": 0}
    # Nothing is changed for us but SIGCHLD: who ignores it is not told how a child has ended.
    assert after == {**before, "SigIgn:": before["SigIgn:"] & ~(1 << signal.SIGCHLD - 1)}
    # The mask is each thread's own; what is ignored can be changed in the main thread alone.
    assert in_thread["SigBlk:"] == 0


# --- descriptors ------------------------------------------------------------------------------


def test_a_child_has_three_descriptors(tmp_path: Path) -> None:
    inheritable = [os.open(tmp_path, os.O_RDONLY) for _ in range(3)]
    high = os.dup2(inheritable[0], 200, inheritable=True)
    for fd in inheritable:
        os.set_inheritable(fd, True)  # noqa: FBT003  # positional-only
    links: dict[str, str] = {}

    def look(_: bytes) -> None:
        folder = f"/proc/{process.pid}/fd"
        links.update((fd, os.readlink(f"{folder}/{fd}")) for fd in os.listdir(folder))
        process.cancel(now=True)

    try:
        with start(sh("echo; sleep 60; exit", stdin=b"x", live_stdout=look)) as process:
            process.wait()
    finally:
        for fd in (*inheritable, high):
            os.close(fd)
    assert sorted(links) == ["0", "1", "2"]
    assert all(link.startswith("pipe:") for link in links.values())
    assert len(set(links.values())) == 3


def test_a_failed_start_leaves_nothing_open() -> None:
    run(sh(":"))
    before = open_descriptors()
    for argv0 in ("/missing/program", "/", "/etc/passwd"):
        with pytest.raises(Exception, match=r".+"):
            run(binary(Path(argv0)))
    assert open_descriptors() == before


# --- arguments, environment, folder, session --------------------------------------------------


def test_the_environment_is_exactly_what_was_given() -> None:
    env = {"A": "1", "EMPTY": "", "UTF": "é\n=", "RAW": os.fsdecode(b"\xff\xfe"), "lower": "x"}
    expected = b"A=1\nEMPTY=\nUTF=\xc3\xa9\n=\nRAW=\xff\xfe\nlower=x\n"
    assert run(binary(Path("/usr/bin/env"), env=env)).stdout.raw == expected


def test_an_empty_environment_is_one() -> None:
    assert run(binary(Path("/usr/bin/env"), env={})).stdout.raw == b""


def test_the_arguments_are_exactly_what_was_given() -> None:
    arguments = ("", " ", "$HOME;`id`", "--", "é", "a\nb", "*")
    outcome = run(sh('for each; do printf "%s\\0" "$each"; done', *arguments))
    assert outcome.stdout.text.split("\0") == [*arguments, ""]
    assert run(binary(Path("/bin/cat"), "/proc/self/cmdline")).stdout.raw == b"/bin/cat\0/proc/self/cmdline\0"


@pytest.mark.parametrize("kind", [str, Path])
def test_the_working_directory(kind: Callable[[Path], str | Path], tmp_path: Path) -> None:
    assert run(sh("pwd -P", cwd=kind(tmp_path))).stdout.text == f"{tmp_path.resolve()}\n"
    assert run(sh("pwd -P")).stdout.text == f"{Path.cwd()}\n"


@pytest.mark.parametrize("name", ["tool", "./tool", "../bin/tool"])
def test_a_relative_program_is_looked_for_in_the_working_directory_alone(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "tool").write_text("#!/bin/sh\necho mine\n")
    (folder / "tool").chmod(0o755)
    assert run(Request(argv=(name,), env=ENV, cwd=folder)).stdout.text == "mine\n"
    with pytest.raises(SpawnError, match="does not exist"):
        run(Request(argv=("sh",), env=ENV, cwd=folder))


def test_a_child_leads_its_own_session() -> None:
    with start(sh("exec sleep 60")) as process:
        assert os.getsid(process.pid) == os.getpgid(process.pid) == process.pid


def test_a_secret_that_is_masked_is_nowhere_but_where_it_was_put(box: Letterbox) -> None:
    """Masking a value does not hand it on by any way of its own."""
    secret = b"correct horse battery staple"
    request = sh("read -r word; echo >$1; sleep 60", box.path, stdin=secret, secrets=Secrets({"word": secret.decode()}))

    def cancel() -> None:
        box.line()
        process.cancel(now=True)

    with start(request) as process, beside(cancel):
        seen = [repr(request), process.wait().stdout.text]
    guardians = [path.parent for path in Path("/proc").glob("[0-9]*/cmdline") if b"process.guardian" in read(path)]
    assert guardians
    seen += [read(path / name).decode(errors="replace") for path in guardians for name in ("cmdline", "environ")]
    assert not [content for content in seen if secret.decode() in content]


def read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
