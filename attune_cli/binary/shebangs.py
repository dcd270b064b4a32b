"""Whether the kernel finds the interpreter that a script's first line names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from attune_cli.binary import codes
from attune_cli.binary.machine import Machine
from attune_cli.binary.model import Facts, Kind, Shebang
from attune_cli.binary.problem import Problem

#: So many scripts may be each other's interpreters before the kernel gives up.
#: https://github.com/torvalds/linux/blob/master/fs/exec.c (exec_binprm)
_MOST_SCRIPTS = 5


def check(facts: Facts, machine: Machine) -> Iterator[Problem]:
    """Of a script. Whether its interpreter is there is asked only where the machine is this one."""
    shebang = facts.shebang
    if machine.platform.os == "windows":
        what = f"is a script, and {machine.platform} does not go by first lines"
        yield Problem(codes.WRONG_PLATFORM, what, "give it a runtime: runner_type python, node or shell")
    elif shebang is None or not shebang.program:
        yield Problem(codes.NO_INTERPRETER_LINE, facts.problem or "names no interpreter", "begin it with `#!/bin/sh`")
    elif shebang.crlf:
        what = "has a first line that ends with a carriage return, which becomes a part of the interpreter's name"
        yield Problem(codes.CARRIAGE_RETURN, what, "save it with Unix line ends (LF)")
    elif machine.is_here:
        yield from _interpreter(shebang, 1)


def _interpreter(shebang: Shebang, depth: int) -> Iterator[Problem]:
    program = shebang.program
    if not os.path.exists(program):
        what = f"asks for {program}, which is not there"
        yield Problem(codes.INTERPRETER_MISSING, what, "install it, or name another in the first line")
    elif not os.path.isfile(program) or not os.access(program, os.X_OK):
        yield Problem(codes.INTERPRETER_MISSING, f"asks for {program}, which cannot be executed")
    elif os.path.basename(program) == "env":
        yield from _through_env(shebang.argument or "")
    else:
        yield from _another_script(program, depth)


def _through_env(argument: str) -> Iterator[Problem]:
    """`env` looks for its argument in PATH; without -S it takes all of it for one name."""
    from shutil import which

    words = argument.removeprefix("-S").split() if argument.startswith("-S") else [argument] if argument else []
    name = next((word for word in words if "=" not in word and not word.startswith("-")), None)
    if name is None or which(name) is not None:
        return
    what = f"asks env for {name!r}, which is not in PATH"
    cure = "begin it with `#!/usr/bin/env -S`" if " " in name else "install it, or name another in the first line"
    yield Problem(codes.INTERPRETER_MISSING, what, cure)


def _another_script(program: str, depth: int) -> Iterator[Problem]:
    """An interpreter may be a script itself."""
    from attune_cli.binary.read import identify

    if depth > _MOST_SCRIPTS:
        yield Problem(codes.INTERPRETER_MISSING, f"is interpreted by {program}, behind too many other scripts")
        return
    try:
        facts = identify(Path(program))
    except OSError:
        return
    if facts.kind is Kind.SCRIPT and facts.shebang and facts.shebang.program:
        yield from _interpreter(facts.shebang, depth + 1)
