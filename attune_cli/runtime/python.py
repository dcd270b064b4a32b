"""The Python runtime: scripts given to an interpreter, in an environment with the pack's requirements."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from attune_cli.pack.runner_types import ALIASES
from attune_cli.runtime.base import Launch, Progress, Target, asks_for
from attune_cli.runtime.entry import check_script
from attune_cli.runtime.interpreters import Finder
from attune_cli.runtime.languages import PYTHON
from attune_cli.runtime.search import on_path
from attune_cli.runtime.selection import Selection

if TYPE_CHECKING:
    from attune_cli.runtime.environments import Recipe

REQUIREMENTS = "requirements.txt"


class PythonRuntime:
    """Starts `python3 -u script` with the pack's `lib` in front of PYTHONPATH.

    A pack whose requirements.txt asks for something gets a virtual environment; any other one runs
    on the interpreter itself.
    """

    name = "python"
    aliases = ALIASES["python"]

    def __init__(self) -> None:
        self._selection = Selection(PYTHON, usual_python)

    def can_execute(self, target: Target) -> bool:
        """Named, or a `.py` file."""
        return asks_for(self.name, target)

    def validate(self, target: Target) -> None:
        """The script can be read, and an interpreter of the version asked for is there."""
        check_script(target)
        if target.runtime_version:
            self._selection.interpreter(target)

    def set_up(self, target: Target, progress: Progress) -> None:
        """Build the environment, where the pack needs one that is not there."""
        if recipe := self._recipe(target):
            from attune_cli.runtime.environments import ensure

            ensure(recipe, progress)

    def prepare(self, target: Target) -> Launch:
        """The interpreter, unbuffered, and the script."""
        recipe = self._recipe(target)
        python = recipe.folder / recipe.proof if recipe else self._selection.program(target)
        env = {"PYTHONPATH": str(target.pack_root / "lib")} if target.pack_root else {}
        return Launch(self.name, (str(python), "-u", str(target.entry_point)), env)

    def _recipe(self, target: Target) -> Recipe | None:
        """How the pack's environment is made; None: it needs none."""
        file = target.pack_root / REQUIREMENTS if target.pack_root else None
        if file is None or not file.is_file():
            return None
        from attune_cli.runtime.requirements import read_requirements
        from attune_cli.runtime.virtualenv import recipe

        requirements = read_requirements(file)
        return None if requirements.is_empty else recipe(file, requirements, self._selection.interpreter(target))


def usual_python(finder: Finder) -> Path:
    """`python3` of PATH, else a `python` that is one, else the one below attune's own environment."""
    if usual := finder.usual():
        return usual
    own = getattr(sys, "_base_executable", None) or sys.executable
    return next(filter(finder.ask, on_path("python", for_actions=True)), Path(own))
