"""What was built here from what, kept in the cache: the reason why nothing is built twice."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from attune_cli.binary.read import sha256
from attune_cli.build.fingerprint import digest_of
from attune_cli.build.lock import LockedBinary
from attune_cli.build.model import Recipe, Wish
from attune_cli.errors import AttuneError
from attune_cli.pack.replace import replace_file
from attune_cli.paths import cache_dir, private

#: Raised when executables are built in a way that older ones do not match.
RECIPES: Final = "1"


@dataclass(frozen=True, slots=True)
class Made:
    """An executable that was built here.

    inputs: a digest of all that went into it: sources, compiler, flags.
    look:   size, time and inode of the file when it was put in place.
    """

    inputs: str
    look: tuple[int, ...]
    binary: LockedBinary


class State:
    """The state of one pack."""

    def __init__(self, root: Path) -> None:
        name = root.name.strip(".") or "pack"
        #: What belongs to builds of this pack.
        self.folder = cache_dir() / "build" / f"{name}-{digest_of(os.path.realpath(root))[:16]}"
        self._file = self.folder / "state.json"
        self._made = _read(self._file)

    def is_current(self, path: Path, inside: str, inputs: str) -> LockedBinary | None:
        """What was built from the same inputs, when the file is still that; None: it has to be built."""
        made = self._made.get(inside)
        if made is None or made.inputs != inputs:
            return None
        try:
            found = path.stat()
            same = look_of(found) == made.look or (
                found.st_size == made.binary.size and sha256(path) == made.binary.sha256
            )
        except OSError:
            return None
        return made.binary if same and found.st_mode & 0o111 else None

    def keep(self, path: Path, inputs: str, binary: LockedBinary) -> None:
        """Remember what was put in place. A cache that cannot be written to is no reason to fail."""
        self._made[binary.path] = Made(inputs, look_of(path.stat()), binary)
        document = {
            inside: {"inputs": made.inputs, "look": made.look, "binary": made.binary.to_data()}
            for inside, made in self._made.items()
        }
        with suppress(OSError, AttuneError):
            private(self.folder)
            replace_file(self._file, json.dumps(document).encode())


def inputs_of(wish: Wish, recipe: Recipe) -> str:
    """The digest of a `Made`."""
    env = {**recipe.toolchain.env, **recipe.env}
    settings = (f"{name}={value}" for name, value in sorted(env.items()))
    return digest_of(RECIPES, wish.digest, wish.version, recipe.toolchain.identity, *recipe.argv, "", *settings)


def look_of(found: os.stat_result) -> tuple[int, ...]:
    """What changes of a file when it is written to or replaced."""
    return found.st_size, found.st_mtime_ns, found.st_ino


def _read(file: Path) -> dict[str, Made]:
    try:
        found = json.loads(file.read_bytes())
        return {
            str(inside): Made(str(one["inputs"]), tuple(one["look"]), LockedBinary.from_data(one["binary"]))
            for inside, one in found.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        # There is none, or it is not ours: everything is built anew.
        return {}
