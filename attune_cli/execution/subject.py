"""What a person asked to run: an action by its ref, its YAML file, or any program by its path."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from attune_cli.errors import NotFoundError
from attune_cli.pack.keywords import YAML_SUFFIXES

if TYPE_CHECKING:
    from attune_cli.pack.model import Action


class Subject(NamedTuple):
    """name: the ref, or the path as it was given.  action: None for a program without a YAML file."""

    name: str
    action: Action | None
    entry_path: Path

    @property
    def pack_root(self) -> Path | None:
        """The folder of its pack; None for a program without a YAML file."""
        return self.action.pack_root if self.action else None


def find_subject(text: str, folders: Sequence[Path] = ()) -> Subject:
    """folders: looked through before the usual places.

    A name that can be a ref is one, unless there is only a file of that name. Raises NotFoundError,
    or AttuneError for a YAML file that cannot be run.
    """
    path = Path(text)
    if "/" in text or path.suffix in YAML_SUFFIXES:
        return _by_path(text, path)
    # Imported here: a program's path needs nothing of packs.
    from attune_cli.pack.discover import find_action, packs_dirs
    from attune_cli.pack.refs import split_ref

    if split_ref(text) is None and path.is_file():
        return _by_path(text, path)
    try:
        return _declared(find_action(text, packs_dirs(folders)))
    except NotFoundError:
        if path.is_file():
            return _by_path(text, path)
        raise


def _by_path(text: str, path: Path) -> Subject:
    if path.suffix in YAML_SUFFIXES:
        return _declared(path)
    if path.is_dir():
        raise NotFoundError(f"{text} is a folder", help="name an action: its ref, its YAML file, or a program")
    return Subject(text, None, Path(os.path.abspath(path)))


def _declared(path: Path) -> Subject:
    from attune_cli.pack.load import load_action

    action = load_action(path)
    return Subject(action.ref, action, action.entry_path)
