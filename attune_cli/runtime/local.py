"""Which runtime starts a target on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from attune_cli.errors import CannotExecuteError, NotFoundError
from attune_cli.pack.runner_types import ALIASES, known_runtime
from attune_cli.runtime.base import Runtime, Target, asks_for
from attune_cli.runtime.entry import missing


class LocalRuntime:
    """The runtimes of this machine, tried in the platform's order: native, python, shell, node."""

    def select(self, target: Target) -> Runtime:
        """The runtime for the target. What it asks for decides; where it asks for none, its file does.

        Raises UsageError for an unknown runner type, NotFoundError when no runtime is named and
        the file is not there, and CannotExecuteError for a script of a language without a runtime.
        Such a script could be started through its shebang, and is not: no worker would. To ask for
        the native runtime by name does it.
        """
        if target.runner_type is not None:
            return self[known_runtime(target.runner_type)]
        for name in ALIASES:
            if asks_for(name, target):
                return self[name]
        raise _nothing_fits(target)

    def __getitem__(self, name: str) -> Runtime:
        """The runtime of that name; always the same one, which remembers what it found."""
        runtime: Runtime = getattr(self, f"_{name}")
        return runtime

    def __iter__(self) -> Iterator[Runtime]:
        return (self[name] for name in ALIASES)

    # Each is imported when it is asked for: a binary needs nothing of what Python and Node need.

    @cached_property
    def _native(self) -> Runtime:
        from attune_cli.runtime.native import NativeRuntime

        return NativeRuntime()

    @cached_property
    def _python(self) -> Runtime:
        from attune_cli.runtime.python import PythonRuntime

        return PythonRuntime()

    @cached_property
    def _shell(self) -> Runtime:
        from attune_cli.runtime.shell import ShellRuntime

        return ShellRuntime()

    @cached_property
    def _node(self) -> Runtime:
        from attune_cli.runtime.node import NodeRuntime

        return NodeRuntime()


def _nothing_fits(target: Target) -> NotFoundError | CannotExecuteError:
    path = target.entry_point
    if not path.exists():
        return missing(target)
    return CannotExecuteError(
        f"no runtime starts {path.suffix} files",
        where=str(path),
        why=f"the runtimes are {', '.join(ALIASES)}",
        help="to start it through its shebang, ask for the runtime native",
    )
