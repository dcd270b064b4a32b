"""The check before a program is started as it is, and the look at one that has failed to start.

Only what the kernel is sure to refuse keeps a program from being started. Of its libraries the loader decides: it may
have been told of others, and the platform asks it as well.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from attune_cli.binary.model import Facts, Kind, Platform
from attune_cli.binary.read import identify

if TYPE_CHECKING:
    from attune_cli.binary.problem import Problem


def obstacle(path: Path) -> Problem | None:
    """Why the kernel of this machine would refuse to start an existing file; None where it would not, or may not.

    A tenth of a millisecond for a program that is as it should be, whatever its size. Raises nothing: a file that can
    be executed and not read is started.
    """
    try:
        facts = identify(path, versions=False)
    except OSError:
        return None
    if _is_usual(facts):
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

    try:
        facts = identify(path)
    except OSError:
        return ()
    folders = tuple(library_path.split(":")) if library_path else ()
    found = check(facts, Machine.here(), Resolver(library_path=folders))
    return tuple(problem for problem in found if problem.is_error)


def _is_usual(facts: Facts) -> bool:
    """A program for this machine whose loader, if it has one, is there; or a script whose interpreter is."""
    if facts.problem is not None or (facts.shebang is not None and facts.shebang.crlf):
        return False
    if facts.kind == Kind.SCRIPT:
        return facts.interpreter is not None and os.access(facts.interpreter, os.X_OK)
    if facts.kind != Kind.ELF or facts.type not in {"executable", "pie", "shared object"}:
        return False
    return facts.platforms == (Platform.here(),) and (facts.interpreter is None or os.path.exists(facts.interpreter))


def _starts_env(facts: Facts) -> bool:
    """The kernel starts `env`; whether that finds what it looks for is its own affair."""
    return facts.interpreter is not None and os.path.basename(facts.interpreter) == "env"


def _head(path: Path) -> bytes:
    with open(path, "rb") as file:
        return file.read(256)
