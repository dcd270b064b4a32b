"""The native runtime: a compiled binary started as it is, with no interpreter and no shell."""

from __future__ import annotations

from attune_cli.binary.start import obstacle
from attune_cli.errors import CannotExecuteError
from attune_cli.pack.runner_types import ALIASES
from attune_cli.runtime.base import Launch, Progress, Target, asks_for
from attune_cli.runtime.entry import check_executable


class NativeRuntime:
    """Starts the file itself. A script without an extension is started too: its shebang is the kernel's business."""

    name = "native"
    aliases = ALIASES["native"]

    def can_execute(self, target: Target) -> bool:
        """Named, or a file that exists and has no script's extension."""
        return asks_for(self.name, target)

    def validate(self, target: Target) -> None:
        """The file exists, belongs to its pack, may be executed, and is what this machine's kernel starts."""
        check_executable(target)
        path = target.entry_point
        if problem := obstacle(path):
            what = "the program cannot be started"
            raise CannotExecuteError(what, where=str(path), why=f"it {problem.message}", help=problem.help)

    def set_up(self, target: Target, progress: Progress) -> None:
        """A binary needs nothing."""

    def prepare(self, target: Target) -> Launch:
        """The file and no argument."""
        return Launch(self.name, (str(target.entry_point),))
