"""The values and the protocol that all runtimes share."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from attune_cli.pack.runner_types import EXTENSIONS, SCRIPTS, extension, runtime_name

#: Takes one line of what is going on, without a newline, fit for a terminal.
Progress = Callable[[str], None]

#: Search paths: what a launch says goes before what is there already, as a worker does it.
_SEARCH_PATHS = frozenset({"PYTHONPATH", "NODE_PATH"})


@dataclass(frozen=True, slots=True)
class Target:
    """What should be started.

    entry_point:     absolute path of the program or script.
    pack_root:       absolute path of its pack's folder; None for a file that stands alone.
    runner_type:     the name by which it asks for a runtime, in any case; None: its file decides.
    runtime_version: a version constraint (see `pack.runtime_versions`); None or empty: whichever there is.
                     Native and shell have no versions; they do not look at it.
    """

    entry_point: Path
    pack_root: Path | None = None
    runner_type: str | None = None
    runtime_version: str | None = None


@dataclass(frozen=True, slots=True)
class Launch:
    """How it is started.

    runtime: the runtime's name. argv: the program, by its path, and its arguments.
    env:     variables on top of the environment that the action gets otherwise.
    """

    runtime: str
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)

    def merged_into(self, env: Mapping[str, str]) -> dict[str, str]:
        """The environment with this launch's variables: search paths are put first, others replaced."""
        merged = dict(env)
        for name, value in self.env.items():
            before = merged.get(name) if name in _SEARCH_PATHS else None
            merged[name] = f"{value}{os.pathsep}{before}" if before else value
        return merged


class Runtime(Protocol):
    """A way of starting entry points. `name` is what a worker advertises it as."""

    name: str
    aliases: frozenset[str]

    def can_execute(self, target: Target) -> bool:
        """Whether the target asks for this runtime, or, where it names none, is a file for it."""

    def validate(self, target: Target) -> None:
        """Raise NotFoundError or CannotExecuteError, with the cure, when it cannot be started."""

    def set_up(self, target: Target, progress: Progress) -> None:
        """Make what the target needs and is not there yet; quick when nothing is missing.

        Raises AttuneError, with the last lines of the installer's output, when that fails.
        """

    def prepare(self, target: Target) -> Launch:
        """How to launch it. Makes nothing: before `set_up`, files that it names may be missing."""


def asks_for(name: str, target: Target) -> bool:
    """Whether the target asks for the runtime of that name; its file says so where it names none."""
    if target.runner_type is not None:
        return runtime_name(target.runner_type) == name
    found = extension(target.entry_point)
    if name == "native":
        return found not in SCRIPTS and target.entry_point.exists()
    return found in EXTENSIONS[name]


def ignore_progress(_: str) -> None:
    """Progress that nobody wants to see."""
