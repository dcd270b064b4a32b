"""Whether executables can be put where they belong, and where else the pack can be built."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from attune_cli.errors import AttuneError
from attune_cli.pack.model import Pack
from attune_cli.pack.rules.entry_files import is_inside


def refuse_unwritable(pack: Pack, places: Iterable[str]) -> None:
    """Raise AttuneError before minutes are spent on what cannot be put anywhere.

    places: of what has to be built, from the pack's folder on.
    """
    for target in (pack.root / inside for inside in places):
        if target.is_symlink() and not is_inside(str(target), str(pack.root)):
            raise AttuneError(f"{target} is a link out of the pack", help="delete the link")
        if target.is_dir():
            raise AttuneError(f"{target} is a folder", why="the executable belongs there")
        # The lock file belongs into the pack's own folder.
        for folder in (next(each for each in target.parents if each.exists()), pack.root):
            if not os.access(folder, os.W_OK | os.X_OK):
                raise unwritable(pack, folder)


def unwritable(pack: Pack, place: Path, error: OSError | None = None) -> AttuneError:
    """The error, which says where the pack can be built instead."""
    from shlex import quote

    copy = f"packs/{pack.ref}"
    return AttuneError(
        f"the pack {pack.ref} cannot be built where it lies",
        where=str(place),
        why=(error.strerror if error else None) or "this user may not write there",
        help=f"mkdir -p packs && cp -r {quote(str(pack.root))} {copy} && attune build {copy}\n"
        f"From this folder, {copy} is then found before the other.",
    )
