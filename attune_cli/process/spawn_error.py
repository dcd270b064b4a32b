"""Why a process could not be started, told apart and told plainly.

The kernel answers `ENOENT` for a missing program, a missing interpreter and a missing working
directory alike; execve(2) and the file's first bytes tell which it was.
"""

from __future__ import annotations

import errno
import os
import stat
from enum import StrEnum

from attune_cli.errors import AttuneError, ExitCode
from attune_cli.process.request import Request

#: execve(2): the longest single argument or environment string, in bytes, its NUL included.
MAX_ARG_STRLEN = 128 * 1024


class SpawnFailure(StrEnum):
    """The kinds of failed starts that call for different cures."""

    NOT_FOUND = "not_found"
    NOT_EXECUTABLE = "not_executable"
    BAD_INTERPRETER = "bad_interpreter"
    CWD_MISSING = "cwd_missing"
    EXEC_FORMAT = "exec_format"
    TOO_LONG = "too_long"
    BUSY = "busy"
    OTHER = "other"


_EXIT_CODES = {
    SpawnFailure.NOT_FOUND: ExitCode.NOT_FOUND,
    SpawnFailure.CWD_MISSING: ExitCode.RUN_FAILURE,
    SpawnFailure.OTHER: ExitCode.RUN_FAILURE,
}


class SpawnError(AttuneError):
    """The process was not started. `kind` says why; `run_exit_code` is 125, 126 or 127."""

    def __init__(self, kind: SpawnFailure, what: str, *, where: str | None, why: str | None, help: str | None) -> None:
        super().__init__(what, where=where, why=why, help=help)
        self.kind = kind
        self.run_exit_code = _EXIT_CODES.get(kind, ExitCode.CANNOT_EXECUTE)


def explain(error: OSError | ValueError, request: Request) -> SpawnError:
    """The `SpawnError` that tells what `error`, raised while `request` was started, really meant."""
    if isinstance(error, ValueError):
        kind, what, why, help_ = _refused(error)
    elif request.cwd is not None and (problem := _cwd_problem(request.cwd)):
        kind, what, why, help_ = problem
    else:
        kind, what, why, help_ = _explanation(error, request)
    return SpawnError(kind, what, where=request.argv[0], why=why, help=help_)


_Reason = tuple[SpawnFailure, str, str | None, str | None]


def _refused(error: ValueError) -> _Reason:
    """Python itself refuses an argument or variable with a NUL byte in it, or `=` in a name."""
    cure = "no argument or variable may hold a NUL byte, and no variable's name a ="
    return SpawnFailure.OTHER, "the process was not started", str(error), cure


def _cwd_problem(cwd: str | os.PathLike[str]) -> _Reason | None:
    directory, kind = os.fspath(cwd), SpawnFailure.CWD_MISSING
    if not os.path.isdir(directory):
        why = "it is not a directory" if os.path.exists(directory) else "it does not exist"
        return kind, f"the working directory {directory} cannot be used", why, "create it, or name another"
    if not os.access(directory, os.X_OK):
        return kind, f"the working directory {directory} cannot be entered", None, _chmod("+x", directory)
    return None


def _explanation(error: OSError, request: Request) -> _Reason:
    program = os.path.join(request.cwd or os.curdir, request.argv[0])
    match error.errno:
        case errno.ENOENT | errno.ENOTDIR | errno.ELOOP:
            return _missing(program)
        case errno.EACCES | errno.EPERM:
            return _forbidden(program)
        case errno.ENOEXEC:
            return _wrong_format(program)
        case errno.E2BIG:
            return _too_long(request)
        case errno.ETXTBSY:
            why = "it stayed open for writing"
            return SpawnFailure.BUSY, "the program is being written", why, "wait until what writes it has ended"
    return SpawnFailure.OTHER, "the process was not started", error.strerror or str(error), None


def _missing(program: str) -> _Reason:
    kind, what = SpawnFailure.NOT_FOUND, "the program does not exist"
    if not os.path.exists(program):
        if os.path.islink(program):
            return kind, what, f"it is a link to {os.readlink(program)}, which does not exist", "mend the link"
        return kind, what, None, "check the path"
    interpreter = _shebang(program)
    if interpreter is None:
        why = "the dynamic loader it names is not on this machine"
        cure = "link it statically, or build it for this system"
        return SpawnFailure.BAD_INTERPRETER, "the program cannot be loaded", why, cure
    return _bad_interpreter(interpreter)


def _bad_interpreter(interpreter: str) -> _Reason:
    kind, what = SpawnFailure.BAD_INTERPRETER, f"bad interpreter: {interpreter.rstrip()}"
    if interpreter.endswith("\r"):
        why = "the first line ends as on Windows (CRLF), and the kernel takes the CR for a part of the name"
        return kind, f"{what} with a carriage return behind it", why, "save the file with Unix line ends (LF)"
    if not os.path.exists(interpreter):
        return kind, what, "it does not exist", "install it, or name another in the first line"
    return kind, what, "it cannot be executed", "name one that can in the first line"


def _forbidden(program: str) -> _Reason:
    if os.path.isdir(program):
        return SpawnFailure.NOT_EXECUTABLE, "the program is a directory", None, "name the file inside it"
    if not os.path.exists(program):
        why = "a folder above it may not be entered"
        return SpawnFailure.NOT_EXECUTABLE, "the program cannot be reached", why, "give its folders the x permission"
    if not os.access(program, os.X_OK):
        if not os.stat(program).st_mode & (stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH):
            why = "the file has no execute permission"
            return SpawnFailure.NOT_EXECUTABLE, "the program is not executable", why, _chmod("+x", program)
        why = "its mode, or the mount it lies on (noexec), does not let this user execute it"
        return SpawnFailure.NOT_EXECUTABLE, "the program is not executable", why, "check its owner, mode and mount"
    if interpreter := _shebang(program):
        return _bad_interpreter(interpreter)
    return SpawnFailure.NOT_EXECUTABLE, "the program may not be executed", "the system forbids it", None


#: ELF, PE and the two byte orders of Mach-O, thin and fat.
_BINARIES = (b"\x7fELF", b"MZ", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe")


def _wrong_format(program: str) -> _Reason:
    why, cure = _unfit(_head(program))
    return SpawnFailure.EXEC_FORMAT, "the program has no format this system can execute", why, cure


def _unfit(head: bytes) -> tuple[str, str]:
    """Why a file with these first bytes cannot be executed, and what to do."""
    if not head:
        return "the file is empty", "build it again, or copy it again"
    if head.startswith(b"#!"):
        return "its first line names no interpreter", "write #!/bin/sh or the like there"
    if head.startswith(_BINARIES):
        system = os.uname()
        why = "it was built for another system or processor, or it is damaged"
        return why, f"build it for this machine ({system.sysname} {system.machine})"
    if head.startswith(b"version https://git-lfs"):
        return "it is a Git LFS pointer, not the file itself", "git lfs pull"
    if b"\0" not in head:
        why = "it is a text file without a first line like #!/bin/sh"
        return why, "add that line, or run it with a runtime (python, shell, node)"
    return "its first bytes are those of no known executable", "build it again"


def _too_long(request: Request) -> _Reason:
    what = "the arguments and the environment are too long to start a process with"
    sizes = {f"argument {at}": _size(value) for at, value in enumerate(request.argv)}
    sizes |= {f"variable {name}": _size(f"{name}={value}") for name, value in request.env.items()}
    name = max(sizes, key=sizes.__getitem__)
    if sizes[name] > MAX_ARG_STRLEN:
        why = f"the {name} is {sizes[name]} bytes long and the system takes {MAX_ARG_STRLEN} at most"
    else:
        why = f"all together exceed the system's limit; the largest, the {name}, is {sizes[name]} bytes"
    return SpawnFailure.TOO_LONG, what, why, "pass large values by standard input or by file"


def _size(string: str) -> int:
    return len(os.fsencode(string)) + 1


def _head(program: str) -> bytes:
    try:
        with open(program, "rb") as file:
            return file.read(256)
    except OSError:
        # Executable and not readable: there is nothing to be said about its content.
        return b"\0"


def _shebang(program: str) -> str | None:
    """The interpreter its first line names, a trailing CR included; None where it has none."""
    head = _head(program)
    if not head.startswith(b"#!"):
        return None
    words = head[2:].split(b"\n", 1)[0].strip(b" \t").split(None if b"\r" not in head else b" ", 1)
    return os.fsdecode(words[0]) if words else ""


def _chmod(change: str, path: str) -> str:
    import shlex

    return f"chmod {change} {shlex.quote(path)}"
