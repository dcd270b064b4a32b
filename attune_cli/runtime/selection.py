"""Which interpreter a target gets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from attune_cli.runtime.base import Target
from attune_cli.runtime.interpreters import Finder, Interpreter, Language


class Selection:
    """Selects interpreters of one language and remembers what they answered.

    usual: the interpreter for a target that asks for no version; may raise CannotExecuteError.
    """

    def __init__(self, language: Language, usual: Callable[[Finder], Path]) -> None:
        self._language = language
        self._usual = usual
        # pyenv and its kin decide by the folder they are called in.
        self._finders: dict[Path | None, Finder] = {}

    def program(self, target: Target) -> Path:
        """The interpreter to start. One is asked for its version only where the target wants a version."""
        return self.interpreter(target).path if target.runtime_version else self._usual(self._finder(target))

    def interpreter(self, target: Target) -> Interpreter:
        """The interpreter and what it says of itself.

        Raises UsageError for a malformed runtime_version, CannotExecuteError when none satisfies it.
        """
        finder = self._finder(target)
        if target.runtime_version:
            from attune_cli.pack.runtime_versions import parse_constraint

            return finder.best(parse_constraint(target.runtime_version, where="runtime_version"))
        return finder.certain(self._usual(finder))

    def _finder(self, target: Target) -> Finder:
        if target.pack_root not in self._finders:
            self._finders[target.pack_root] = Finder(self._language, target.pack_root)
        return self._finders[target.pack_root]
