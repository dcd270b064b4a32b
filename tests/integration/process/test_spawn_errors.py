"""A start that fails says which of the reasons it was, and what to do; nothing is left behind, nobody else is asked."""

from __future__ import annotations

import errno
import os
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from attune_cli.process import MAX_ARG_STRLEN, Request, SpawnError, SpawnFailure, engine, run, spawn, start
from tests.children import children
from tests.compilers import Compiler
from tests.integration.process.conftest import Host
from tests.integration.process.life import open_descriptors
from tests.integration.process.requests import ENV

HELLO = '#include <stdio.h>\nint main(void) { return puts("hello") == EOF; }\n'


def failure(argv0: str | Path, *arguments: str, warm: bool = True, **terms: object) -> SpawnError:
    """The error of a start that fails; nothing may be left of it. warm: have a run before."""
    if warm:
        # The first run of a process leaves it a guardian.
        run(Request(argv=("/bin/sh", "-c", ":"), env=ENV))
    before = open_descriptors(), children()
    with pytest.raises(SpawnError) as caught:
        start(Request(argv=(str(argv0), *arguments), **{"env": ENV, **terms}))  # type: ignore[arg-type]
    assert (open_descriptors(), children()) == before
    error = caught.value
    assert error.where == str(argv0)
    assert error.what
    assert isinstance(error.__cause__, OSError | ValueError)
    assert str(error).startswith(f"{argv0}: {error.what}")
    return error


def file(path: Path, content: bytes, mode: int = 0o755) -> Path:
    path.write_bytes(content)
    path.chmod(mode)
    return path


# --- not found --------------------------------------------------------------------------------


def test_a_program_that_is_missing(tmp_path: Path) -> None:
    error = failure(tmp_path / "missing")
    assert (error.kind, error.run_exit_code) == (SpawnFailure.NOT_FOUND, 127)
    assert (error.what, error.why, error.help) == ("the program does not exist", None, "check the path")


def test_a_link_to_nothing(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("gone")
    error = failure(tmp_path / "link")
    assert error.kind == SpawnFailure.NOT_FOUND
    assert error.why == "it is a link to gone, which does not exist"


def test_a_path_through_a_file(tmp_path: Path) -> None:
    assert failure(file(tmp_path / "file", b"x") / "program").kind == SpawnFailure.NOT_FOUND


def test_a_link_to_itself(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("link")
    assert failure(tmp_path / "link").kind == SpawnFailure.NOT_FOUND


def test_a_name_is_not_looked_for_in_path(tmp_path: Path) -> None:
    error = failure("true", cwd=tmp_path)
    assert error.kind == SpawnFailure.NOT_FOUND


def test_a_relative_program_is_judged_from_its_working_directory(tmp_path: Path) -> None:
    file(tmp_path / "plain", b"#!/bin/sh\n", 0o644)
    error = failure("./plain", cwd=tmp_path)
    assert (error.kind, error.why) == (SpawnFailure.NOT_EXECUTABLE, "the file has no execute permission")


# --- not executable ---------------------------------------------------------------------------


def test_a_file_without_execute_permission(tmp_path: Path) -> None:
    program = file(tmp_path / "it's plain", b"#!/bin/sh\n", 0o644)
    error = failure(program)
    assert (error.kind, error.run_exit_code) == (SpawnFailure.NOT_EXECUTABLE, 126)
    assert error.why == "the file has no execute permission"
    assert error.help == f"chmod +x '{tmp_path}/it'\"'\"'s plain'"


def test_a_folder(tmp_path: Path) -> None:
    error = failure(tmp_path)
    assert error.kind == SpawnFailure.NOT_EXECUTABLE
    assert error.what == "the program is a directory"


NOBODY = """\
import os, shlex, sys
from attune_cli.process import Request, SpawnError, run
# All that is imported late, the guardian too, is there before Python's own files may be out of reach.
run(Request(argv=("/bin/sh", "-c", ":"), env={}))
if os.getuid() == 0:
    os.setgroups([])
    os.setresgid(65534, 65534, 65534)
    os.setresuid(65534, 65534, 65534)
try:
    run(Request(argv=("/bin/sh", "-c", ":") if len(sys.argv) > 2 else (sys.argv[1],), env={}, cwd=(*sys.argv, None)[2]))
except SpawnError as error:
    print(error.kind, error.run_exit_code, error.what, error.why, sep="|")
"""


@pytest.mark.parametrize(
    ("mode", "told"),
    [
        (0o644, "not_executable|126|the program is not executable|the file has no execute permission"),
        (
            0o611 if os.getuid() else 0o700,
            (
                "not_executable|126|the program is not executable|"
                "its mode, or the mount it lies on (noexec), does not let this user execute it"
            ),
        ),
    ],
)
def test_a_file_that_somebody_else_may_execute(
    mode: int, told: str, open_folder: Path, host: Callable[..., Host]
) -> None:
    program = file(open_folder / "program", b"#!/bin/sh\n", mode)
    assert host(NOBODY, program).answer().strip() == told


def test_a_folder_that_may_not_be_entered(open_folder: Path, host: Callable[..., Host]) -> None:
    closed = open_folder / "closed"
    closed.mkdir()
    program = file(closed / "program", b"#!/bin/sh\n")
    closed.chmod(0o600)
    expected = "not_executable|126|the program cannot be reached|a folder above it may not be entered"
    assert host(NOBODY, program).answer().strip() == expected
    told = host(NOBODY, "-", closed).answer().strip()
    assert told == f"cwd_missing|125|the working directory {closed} cannot be entered|None"
    closed.chmod(0o700)


# --- no interpreter ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "what", "why"),
    [
        (b"#!/no/such/interpreter -x\n", "bad interpreter: /no/such/interpreter", "it does not exist"),
        (b"#! /no/such/interpreter", "bad interpreter: /no/such/interpreter", "it does not exist"),
        (b"#!/etc/passwd\n", "bad interpreter: /etc/passwd", "it cannot be executed"),
        (
            b"#!/bin/sh\r\necho never\r\n",
            "bad interpreter: /bin/sh with a carriage return behind it",
            "the first line ends as on Windows (CRLF), and the kernel takes the CR for a part of the name",
        ),
    ],
    ids=["missing", "missing, no argument", "not executable", "crlf"],
)
def test_a_script_without_its_interpreter(line: bytes, what: str, why: str, tmp_path: Path) -> None:
    error = failure(file(tmp_path / "script", line))
    assert (error.kind, error.run_exit_code) == (SpawnFailure.BAD_INTERPRETER, 126)
    assert (error.what, error.why) == (what, why)
    assert error.help


def test_a_binary_without_its_loader(tmp_path: Path, compile_c: Compiler) -> None:
    content = compile_c(HELLO, "hello").read_bytes()
    loader = re.search(rb"\0(/lib[^\0]*/ld[^\0]*)\0", content)
    assert loader is not None
    foreign = content.replace(loader[1], loader[1][:-1] + b"X")
    error = failure(file(tmp_path / "hello", foreign))
    assert error.kind == SpawnFailure.BAD_INTERPRETER
    assert error.what == "the program cannot be loaded"
    assert error.why == "the dynamic loader it names is not on this machine"


# --- working directory ------------------------------------------------------------------------


def test_a_working_directory_that_is_missing(tmp_path: Path) -> None:
    error = failure("/bin/sh", cwd=tmp_path / "gone")
    assert (error.kind, error.run_exit_code) == (SpawnFailure.CWD_MISSING, 125)
    assert error.what == f"the working directory {tmp_path / 'gone'} cannot be used"
    assert error.why == "it does not exist"


def test_a_working_directory_that_is_a_file(tmp_path: Path) -> None:
    error = failure("/bin/sh", cwd=str(file(tmp_path / "file", b"")))
    assert error.kind == SpawnFailure.CWD_MISSING
    assert error.why == "it is not a directory"


# --- format -----------------------------------------------------------------------------------

ELF_FOR_NOBODY = b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\x00\xfe\xff\x01\x00\x00\x00" + bytes(96)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "the file is empty"),
        (b"touch ran\n", "it is a text file without a first line like #!/bin/sh"),
        (ELF_FOR_NOBODY, "it was built for another system or processor, or it is damaged"),
        (b"MZ\x90\0", "it was built for another system or processor, or it is damaged"),
        (b"version https://git-lfs.github.com/spec/v1\n", "it is a Git LFS pointer, not the file itself"),
        (b"\0\1\2\3" * 9, "its first bytes are those of no known executable"),
    ],
    ids=["empty", "text", "elf", "exe", "lfs", "garbage"],
)
def test_a_file_of_no_format(content: bytes, why: str, tmp_path: Path) -> None:
    error = failure(file(tmp_path / "program", content), cwd=tmp_path)
    assert (error.kind, error.run_exit_code) == (SpawnFailure.EXEC_FORMAT, 126)
    assert error.why == why
    assert error.help
    # What a shell would do with it, it is not asked to do.
    assert not (tmp_path / "ran").exists()


# --- size -------------------------------------------------------------------------------------


def test_the_longest_variable_is_named() -> None:
    longest = "v" * (MAX_ARG_STRLEN - len("BIG=") - 1)
    assert run(Request(argv=("/bin/true",), env={"BIG": longest}))
    error = failure("/bin/true", env={"SMALL": "x", "BIG": longest + "v"})
    assert (error.kind, error.run_exit_code) == (SpawnFailure.TOO_LONG, 126)
    assert error.why == "the variable BIG is 131073 bytes long and the system takes 131072 at most"
    assert error.help == "pass large values by standard input or by file"
    assert "vvv" not in f"{error!s}{error!r}{error.__cause__!s}"


def test_the_longest_argument_is_named() -> None:
    error = failure("/bin/true", "x", "y" * MAX_ARG_STRLEN)
    assert error.kind == SpawnFailure.TOO_LONG
    assert error.why == "the argument 2 is 131073 bytes long and the system takes 131072 at most"
    assert "yyy" not in f"{error!s}{error!r}{error.__cause__!s}"


def test_all_together_can_be_too_long() -> None:
    error = failure("/bin/true", env={f"V{index}": "v" * (100_000 + index) for index in range(70)})
    assert error.kind == SpawnFailure.TOO_LONG
    assert error.why == "all together exceed the system's limit; the largest, the variable V69, is 100074 bytes"


# --- busy -------------------------------------------------------------------------------------


def test_a_program_that_stays_open_for_writing(
    tmp_path: Path, compile_c: Compiler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spawn, "_BUSY_PATIENCE", 0.05)
    program = file(tmp_path / "program", compile_c(HELLO, "hello").read_bytes())
    with program.open("ab"):
        error = failure(program)
    assert (error.kind, error.run_exit_code) == (SpawnFailure.BUSY, 126)
    assert error.why == "it stayed open for writing"
    assert run(Request(argv=(str(program),), env=ENV)).stdout.text == "hello\n"


def test_a_program_that_is_still_being_written_is_waited_for(tmp_path: Path, compile_c: Compiler) -> None:
    program = file(tmp_path / "program", compile_c(HELLO, "hello").read_bytes())
    writer = threading.Timer(0.1, program.open("ab").close)
    writer.start()
    begun = time.monotonic()
    assert run(Request(argv=(str(program),), env=ENV)).stdout.text == "hello\n"
    assert time.monotonic() - begun > 0.05
    writer.join()


WRITER_AND_SPAWNER = """\
import os, sys, threading, time, warnings
from attune_cli.process import Request, run

# From Python 3.12 on a fork beside threads is warned of, which here is what is wanted.
warnings.simplefilter("ignore", DeprecationWarning)

def fork_all_the_time():
    # Each fork holds what the writer has open at that moment, for a moment.
    while not done:
        pid = os.fork()
        if pid == 0:
            time.sleep(0.005)
            os._exit(0)
        os.waitpid(pid, 0)

done = []
content = open(sys.argv[1], "rb").read()
run(Request(argv=("/bin/sh", "-c", ":"), env={}))
threads = [threading.Thread(target=fork_all_the_time, daemon=True) for _ in range(2)]
for thread in threads:
    thread.start()
for index in range(60):
    program = f"{sys.argv[2]}/{index}"
    with open(program, "wb") as file:
        for start in range(0, len(content), 1 + len(content) // 4):
            file.write(content[start : start + 1 + len(content) // 4])
            time.sleep(0.0005)
    os.chmod(program, 0o755)
    assert run(Request(argv=(program,), env={})).stdout.text == "hello\\n"
done.append(True)
for thread in threads:
    thread.join()
"""


def test_a_writer_and_a_spawner_at_once(tmp_path: Path, compile_c: Compiler, host: Callable[..., Host]) -> None:
    host(WRITER_AND_SPAWNER, compile_c(HELLO, "hello"), tmp_path).answer()


# --- the rest ---------------------------------------------------------------------------------


def test_a_nul_byte() -> None:
    error = failure("/bin/true", "a\0b")
    assert (error.kind, error.run_exit_code) == (SpawnFailure.OTHER, 125)
    assert error.help == "no argument or variable may hold a NUL byte, and no variable's name a ="
    assert failure("/bin/true", env={"A=B": "c"}).kind == SpawnFailure.OTHER


FEW_DESCRIPTORS = """\
import ctypes, os, resource, sys
from attune_cli.process import Request, SpawnError, proc, run, start
from attune_cli.process.tree import FAMILY
first = len(sys.argv) > 2
request = Request(argv=("/bin/sleep", "60"), env={}, stdin=b"x", timeout=0.05)
if not first:
    run(request)
used = len(os.listdir("/proc/self/fd")) - 1
kinds = set()
for more in range(20):
    resource.setrlimit(resource.RLIMIT_NOFILE, (used + more, 100))
    try:
        with start(request) as process:
            assert process.wait().timed_out
        break
    except SpawnError as error:
        kinds.add((str(error.kind), error.why))
    resource.setrlimit(resource.RLIMIT_NOFILE, (100, 100))
    left = [proc.stat(pid) for pid in proc.children() if pid not in FAMILY.servants]
    assert not left, left
    assert not FAMILY.trees
else:
    raise AssertionError("never enough")
assert more > 6, more
assert kinds == {("other", "Too many open files")}, kinds
"""


@pytest.mark.parametrize("first", [True, False], ids=["first run", "later run"])
def test_too_few_descriptors(first: bool, host: Callable[..., Host]) -> None:
    host(FEW_DESCRIPTORS, "-", *(["first"] if first else [])).answer()


def test_a_child_that_cannot_be_taken_charge_of_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_bell() -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    run(Request(argv=("/bin/sh", "-c", ":"), env=ENV))
    monkeypatch.setattr(engine, "Bell", no_bell)
    error = failure("/bin/sleep", "60", warm=False)
    assert (error.kind, error.why) == (SpawnFailure.OTHER, "Too many open files")


def test_an_empty_command_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing to start"):
        Request(argv=(), env={})
    with pytest.raises(ValueError, match="nothing to start"):
        Request(argv=("",), env={})
