"""Where programs are: the folders of PATH, and those of version managers."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


class Candidate(NamedTuple):
    """A file that may be an interpreter. minor: (major, minor) as far as its name tells."""

    path: Path
    minor: tuple[int, int] | None


def on_path(*names: str, for_actions: bool = False) -> Iterator[Path]:
    """The executable files of these names, folder by folder of PATH.

    for_actions: without those of the environment that attune itself lives in (pipx's, or that of
    `uv tool`): it has attune's libraries and not the action's, and no worker has it. Where its
    user activated it, it is meant.
    """
    for folder in _path_folders(for_actions=for_actions):
        for name in names:
            if _is_executable(folder / name):
                yield folder / name


def matching_on_path(names: str, shimmed: tuple[str, ...]) -> Iterator[Candidate]:
    """The executable files for actions whose whole name matches the expression, folder by folder of PATH.

    A shim of pyenv or nodenv stands for all versions and starts only the selected one: in place of
    their folder come the programs called `shimmed` of all versions they have installed.
    """
    for folder in _path_folders(for_actions=True):
        if folder.name == "shims" and (folder.parent / "versions").is_dir():
            yield from managed_versions(folder.parent / "versions", *shimmed)
            continue
        for name in sorted(_names_in(folder)):
            if re.fullmatch(names, name) and _is_executable(folder / name):
                yield Candidate(folder / name, _minor_of(folder / name))


def managed_versions(folder: Path, *names: str) -> Iterator[Candidate]:
    """`bin/NAME` of every version in a version manager's folder; the version is in the folder's name."""
    for version in sorted(_names_in(folder)):
        if match := re.match(r"(?:v|cpython-)?(\d+)\.(\d+)", version):
            found = (folder / version / "bin" / name for name in names)
            if path := next(filter(_is_executable, found), None):
                yield Candidate(path, (int(match[1]), int(match[2])))


def _path_folders(*, for_actions: bool) -> Iterator[Path]:
    """The absolute folders of PATH, each once."""
    seen = {os.path.realpath(f"{sys.prefix}/bin")} if for_actions and _lives_in_own_environment() else set()
    for entry in os.environ.get("PATH", os.defpath).split(os.pathsep):
        real = os.path.realpath(entry)
        if os.path.isabs(entry) and real not in seen:
            seen.add(real)
            yield Path(entry)


def _lives_in_own_environment() -> bool:
    activated = os.environ.get("VIRTUAL_ENV")
    return sys.prefix != sys.base_prefix and (
        not activated or os.path.realpath(activated) != os.path.realpath(sys.prefix)
    )


def in_active_environment(names: tuple[str, ...]) -> Path | None:
    """The first of these programs in the virtual environment that was activated, if one was."""
    activated = os.environ.get("VIRTUAL_ENV")
    files = (Path(activated, "bin", name) for name in names) if activated else ()
    return next(filter(_is_executable, files), None)


def _names_in(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _is_executable(path: Path) -> bool:
    return os.access(path, os.X_OK) and path.is_file()


def _minor_of(path: Path) -> tuple[int, int] | None:
    """(3, 12) of `python3.12`, or of a `python3` that links to it."""
    for name in (path.name, os.path.basename(os.path.realpath(path))):
        if match := re.search(r"(\d+)\.(\d+)$", name):
            return int(match[1]), int(match[2])
    return None
