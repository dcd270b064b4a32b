"""What this machine can run: for people, and as a worker advertises it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from attune_cli.errors import CannotExecuteError, UsageError
from attune_cli.pack.runner_types import ALIASES
from attune_cli.runtime.interpreters import Finder
from attune_cli.runtime.languages import NODE, PYTHON, SHELL
from attune_cli.runtime.node import usual_node
from attune_cli.runtime.python import usual_python
from attune_cli.runtime.shell import find_shell


@dataclass(frozen=True, slots=True)
class RuntimeInfo:
    """A runtime on this machine.

    path, version: of its interpreter; native has none. error: why it is not available.
    """

    name: str
    available: bool
    path: Path | None = None
    version: str | None = None
    error: str | None = None


def detect() -> tuple[RuntimeInfo, ...]:
    """Every runtime there could be, in the order in which they are tried; asks their interpreters."""
    probes = {"native": _native, "python": _python, "shell": _shell, "node": _node}
    return tuple(probes[name]() for name in ALIASES)


def versions_here(wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], RuntimeInfo]:
    """Of each runtime and version, the interpreter that would be taken for that `runtime_version`.

    A runtime without versions, and a version that is none, are left out.
    """
    finders = {"python": Finder(PYTHON), "node": Finder(NODE)}
    found = {(name, version): _of_version(finders.get(name), name, version) for name, version in wanted}
    return {key: info for key, info in found.items() if info}


def _of_version(finder: Finder | None, name: str, version: str) -> RuntimeInfo | None:
    from attune_cli.pack.runtime_versions import parse_constraint

    try:
        found = finder.best(parse_constraint(version)) if finder else None
    except UsageError:
        return None
    except CannotExecuteError:
        return RuntimeInfo(name, available=False, error="not installed")
    return RuntimeInfo(name, available=True, path=found.path, version=str(found.version)) if found else None


def capabilities() -> dict[str, object]:
    """What a worker on this machine would advertise.

    runtimes: the names of those that are there. max_concurrent_executions: one for every processor
    that this process may use.
    """
    return as_capabilities(detect())


def as_capabilities(runtimes: tuple[RuntimeInfo, ...]) -> dict[str, object]:
    """The capabilities that follow from what was detected."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return {
        "runtimes": [runtime.name for runtime in runtimes if runtime.available],
        "max_concurrent_executions": usable,
    }


def _native() -> RuntimeInfo:
    return RuntimeInfo("native", available=True)


def _python() -> RuntimeInfo:
    finder = Finder(PYTHON)
    return _told("python", finder, usual_python(finder))


def _shell() -> RuntimeInfo:
    if not (path := find_shell()):
        return RuntimeInfo("shell", available=False, error="there is no bash and no sh")
    found = Finder(SHELL).ask(path)
    return RuntimeInfo("shell", available=True, path=path, version=str(found.version) if found else None)


def _node() -> RuntimeInfo:
    finder = Finder(NODE)
    try:
        return _told("node", finder, usual_node(finder))
    except CannotExecuteError as error:
        return RuntimeInfo("node", available=False, error=error.what)


def _told(name: str, finder: Finder, path: Path) -> RuntimeInfo:
    if found := finder.ask(path):
        return RuntimeInfo(name, available=True, path=path, version=str(found.version))
    return RuntimeInfo(name, available=False, path=path, error=f"{path} does not tell its version")
