"""The check before a program is started as it is, and the look at one that has failed to start.

Only what the kernel is sure to refuse keeps a program from being started. Of its libraries the loader decides: it may
have been told of others, and the platform asks it as well.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

# What is imported here every start of a native program waits for.
from attune_cli.binary import elf_format
from attune_cli.binary.elf_header import Header, Segments
from attune_cli.binary.source import MalformedError, Source

if TYPE_CHECKING:
    from attune_cli.binary.model import Facts
    from attune_cli.binary.problem import Problem

#: e_machine by the name that the kernel gives the processor; of others the long way tells.
_MACHINES = {"x86_64": 62, "aarch64": 183}


def obstacle(path: Path) -> Problem | None:
    """Why the kernel of this machine would refuse to start an existing file; None where it would not, or may not.

    A tenth of a millisecond for a program that is as it should be, whatever its size. Raises nothing: a file that can
    be executed and not read is started.
    """
    try:
        if _is_usual(path):
            return None
        from attune_cli.binary.read import identify

        facts = identify(path, versions=False)
    except OSError:
        return None
    if facts.shebang and not facts.shebang.crlf and os.access(facts.shebang.program, os.X_OK):
        return None
    from attune_cli.binary import codes
    from attune_cli.binary.check import check
    from attune_cli.binary.machine import Machine

    machine = Machine.here()
    if any(handler.takes(path, _head(path)) for handler in machine.handlers):
        return None
    refused = {
        codes.NO_PROGRAM,
        codes.LFS_POINTER,
        codes.NO_INTERPRETER_LINE,
        codes.CARRIAGE_RETURN,
        codes.WRONG_PLATFORM,
        codes.LOADER_MISSING,
    }
    if not _starts_env(facts):
        refused.add(codes.INTERPRETER_MISSING)
    return next((problem for problem in check(facts, machine) if problem.rule in refused), None)


def flaws(path: Path, library_path: str | None = None) -> tuple[Problem, ...]:
    """What keeps a program from running that the kernel has started: libraries, a damaged file.

    library_path: the program's LD_LIBRARY_PATH.
    """
    from attune_cli.binary.check import check
    from attune_cli.binary.libraries import Resolver
    from attune_cli.binary.machine import Machine
    from attune_cli.binary.read import identify

    try:
        facts = identify(path)
    except OSError:
        return ()
    folders = tuple(library_path.split(":")) if library_path else ()
    found = check(facts, Machine.here(), Resolver(library_path=folders))
    return tuple(problem for problem in found if problem.is_error)


def _is_usual(path: Path) -> bool:
    """Whether it is a program for this processor whose loader, if it has one, is there."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)
    try:
        status = os.fstat(descriptor)
        return _is_startable(Source(descriptor, path, status.st_size, status.st_mode))
    except MalformedError:
        return False
    finally:
        os.close(descriptor)


def _is_startable(source: Source) -> bool:
    if not source.head.startswith(b"\x7fELF"):
        return False
    header = Header(source.head)
    segments = Segments(source, header)
    loader = segments.interpreter(source)
    fits = header.machine == _MACHINES.get(os.uname().machine) and header.abi in {0, elf_format.GNU_LINUX}
    is_whole = header.may_start and segments.problem is None and segments.place(header.entry) is not None
    return fits and is_whole and (loader is None or os.path.exists(loader))


def _starts_env(facts: Facts) -> bool:
    """The kernel starts `env`; whether that finds what it looks for is its own affair."""
    return facts.interpreter is not None and os.path.basename(facts.interpreter) == "env"


def _head(path: Path) -> bytes:
    with open(path, "rb") as file:
        return file.read(256)
