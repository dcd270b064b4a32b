"""The interpreters of this machine: which there are, of which version, and which one to take."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from attune_cli.errors import CannotExecuteError
from attune_cli.process import Request, SpawnError, run
from attune_cli.runtime.search import Candidate, in_active_environment, matching_on_path, on_path

if TYPE_CHECKING:
    from attune_cli.pack.runtime_versions import Constraint, Version

#: An interpreter that does not tell its version in this time is of no use. Seconds.
_PROBE_TIMEOUT = 15.0


@dataclass(frozen=True, slots=True)
class Interpreter:
    """An interpreter that answered. path: as it was found; identity: the file that really ran."""

    path: Path
    version: Version
    identity: Path


@dataclass(frozen=True, slots=True)
class Language:
    """How the interpreters of a language are found and asked.

    names:    looked for on PATH, in this order, where no version is asked for.
    versioned: (a regular expression) file names on PATH that are taken into account where one is.
    question: arguments that make it print its version, and on a second line the file that runs.
    managed:  interpreters in the folders of version managers.
    install:  how to get one, for people.
    """

    title: str
    names: tuple[str, ...]
    versioned: str
    question: tuple[str, ...]
    managed: Callable[[], Iterable[Candidate]]
    install: str


class Finder:
    """Finds interpreters of one language; asks each at most once. cwd: where they will run."""

    def __init__(self, language: Language, cwd: Path | None = None) -> None:
        self._language = language
        self._cwd = cwd
        self._asked: dict[Path, Interpreter | None] = {}

    def usual(self) -> Path | None:
        """The one that PATH leads to. Nothing is started."""
        return next(on_path(*self._language.names, for_actions=True), None)

    def ask(self, path: Path) -> Interpreter | None:
        """What the file says of itself; None when it is no interpreter of this language that works."""
        if path not in self._asked:
            self._asked[path] = _ask(path, self._language, self._cwd)
        return self._asked[path]

    def certain(self, path: Path) -> Interpreter:
        """Like `ask`; raises CannotExecuteError in place of None."""
        if found := self.ask(path):
            return found
        raise CannotExecuteError(
            f"{path} is no {self._language.title} that works", help=f"install one, {self._language.install}"
        )

    def best(self, constraint: Constraint) -> Interpreter:
        """The interpreter to use under a constraint: as on a worker, the highest version that satisfies it.

        An activated virtual environment that satisfies it is taken before; interpreters of version
        managers (pyenv, uv, nvm) that are not on PATH only where no other satisfies it. Raises
        CannotExecuteError with what was found.
        """
        active = in_active_environment(self._language.names)
        for candidates in ([Candidate(active, None)] if active else [], self._on_path(), self._language.managed()):
            if found := self._highest(list(candidates), constraint):
                return found
        raise self._none_fits(constraint)

    def _highest(self, candidates: list[Candidate], constraint: Constraint) -> Interpreter | None:
        """Asks as few as possible: minor by minor from the highest down."""
        by_minor: dict[tuple[int, int], list[Path]] = {}
        for candidate in candidates:
            if minor := candidate.minor or self._minor(candidate.path):
                by_minor.setdefault(minor, []).append(candidate.path)
        for minor in sorted(by_minor, reverse=True):
            if constraint.might_allow(*minor):
                answers = [found for path in by_minor[minor] if (found := self.ask(path))]
                fitting = [found for found in answers if constraint.allows(found.version)]
                if fitting:
                    return max(fitting, key=lambda found: found.version)
        return None

    def _minor(self, path: Path) -> tuple[int, int] | None:
        found = self.ask(path)
        return (found.version.major, found.version.minor) if found else None

    def _on_path(self) -> Iterator[Candidate]:
        return matching_on_path(self._language.versioned, self._language.names)

    def _none_fits(self, constraint: Constraint) -> CannotExecuteError:
        title = self._language.title
        paths = dict.fromkeys(path for path, _ in (*self._on_path(), *self._language.managed()))
        answers = {answer.identity: answer for path in paths if (answer := self.ask(path))}
        found = sorted(answers.values(), key=lambda one: one.version, reverse=True)
        return CannotExecuteError(
            f"no {title} on this machine satisfies runtime_version {constraint.text!r}",
            why="found " + (", ".join(f"{one.version} ({one.path})" for one in found) or f"no {title} at all"),
            help=f"install one that does ({self._language.install}), or loosen runtime_version",
        )


def _ask(path: Path, language: Language, cwd: Path | None) -> Interpreter | None:
    from attune_cli.pack.runtime_versions import parse_version

    # What the caller's shell preloads into Node must not answer in its place.
    env = {name: value for name, value in os.environ.items() if name != "NODE_OPTIONS"}
    try:
        outcome = run(Request(argv=(str(path), *language.question), env=env, cwd=cwd, timeout=_PROBE_TIMEOUT))
    except SpawnError:
        return None
    version, _, identity = outcome.stdout.text.strip().partition("\n") if outcome else ("", "", "")
    parsed = parse_version(version)
    return Interpreter(path, parsed, Path(identity or path).resolve()) if parsed else None
