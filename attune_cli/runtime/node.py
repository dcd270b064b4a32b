"""The Node runtime: scripts given to node, with the pack's packages in an environment of their own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from attune_cli.errors import CannotExecuteError
from attune_cli.pack.runner_types import ALIASES
from attune_cli.runtime.base import Launch, Progress, Target, asks_for
from attune_cli.runtime.entry import check_script
from attune_cli.runtime.interpreters import Finder
from attune_cli.runtime.languages import NODE
from attune_cli.runtime.selection import Selection

if TYPE_CHECKING:
    from attune_cli.runtime.environments import Recipe

MANIFEST = "package.json"


class NodeRuntime:
    """Starts `node script`, with NODE_PATH on the packages that the pack's package.json asks for.

    Node looks there for `require`; an `import` of a package finds only a node_modules folder above
    the script, here as on a worker.
    """

    name = "node"
    aliases = ALIASES["node"]

    def __init__(self) -> None:
        self._selection = Selection(NODE, usual_node)

    def can_execute(self, target: Target) -> bool:
        """Named, or a `.js`, `.mjs` or `.cjs` file."""
        return asks_for(self.name, target)

    def validate(self, target: Target) -> None:
        """The script can be read, and a node of the version asked for is there."""
        check_script(target)
        self._selection.program(target)

    def set_up(self, target: Target, progress: Progress) -> None:
        """Install the pack's packages, where it has some that are not there."""
        if recipe := self._recipe(target):
            from attune_cli.runtime.environments import ensure

            ensure(recipe, progress)

    def prepare(self, target: Target) -> Launch:
        """Node and the script."""
        recipe = self._recipe(target)
        env = {"NODE_PATH": str(recipe.folder / "node_modules")} if recipe else {}
        return Launch(self.name, (str(self._selection.program(target)), str(target.entry_point)), env)

    def _recipe(self, target: Target) -> Recipe | None:
        """How the pack's packages are installed; None: it asks for none."""
        file = target.pack_root / MANIFEST if target.pack_root else None
        if file is None or not file.is_file():
            return None
        from attune_cli.runtime.npm import asks_for_something, recipe

        return recipe(file, self._selection.interpreter(target)) if asks_for_something(file) else None


def usual_node(finder: Finder) -> Path:
    """The node of PATH. Raises CannotExecuteError when there is none."""
    if usual := finder.usual():
        return usual
    raise CannotExecuteError("there is no Node.js on PATH", help=f"install it, {NODE.install}")
