"""The shell runtime: scripts given to bash."""

from __future__ import annotations

import os
from pathlib import Path

from attune_cli.errors import CannotExecuteError
from attune_cli.pack.runner_types import ALIASES
from attune_cli.runtime.base import Launch, Progress, Target, asks_for
from attune_cli.runtime.entry import check_script


class ShellRuntime:
    """Starts `/bin/bash script`, as a worker does; its shebang and its execute bit are not looked at."""

    name = "shell"
    aliases = ALIASES["shell"]

    def can_execute(self, target: Target) -> bool:
        """Named, or a `.sh` or `.bash` file."""
        return asks_for(self.name, target)

    def validate(self, target: Target) -> None:
        """The script can be read and there is a shell."""
        check_script(target)
        if find_shell() is None:
            raise CannotExecuteError("there is no shell on this machine", help="install bash")

    def set_up(self, target: Target, progress: Progress) -> None:
        """A script needs nothing."""

    def prepare(self, target: Target) -> Launch:
        """The shell and the script."""
        return Launch(self.name, (str(find_shell() or _BASH), str(target.entry_point)))


_BASH = Path("/bin/bash")


def find_shell() -> Path | None:
    """/bin/bash; where that is missing the bash on PATH, else /bin/sh."""
    if os.access(_BASH, os.X_OK):
        return _BASH
    from attune_cli.runtime.search import on_path

    return next((shell for shell in (*on_path("bash"), Path("/bin/sh")) if os.access(shell, os.X_OK)), None)
