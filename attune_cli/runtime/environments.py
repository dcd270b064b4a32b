"""Environments in the cache folder: what a pack's dependencies are installed into, built once.

An environment's folder is named after the SHA-256 of all that it is made from, so a changed
requirement or interpreter means another folder and nothing is ever updated in place. Scripts of an
environment hold its absolute path, so it is built where it stays: a marker file, written last,
says that it is whole. A folder without it is the remains of a build that was killed; whoever holds
the lock beside it removes it and builds anew.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from attune_cli.errors import AttuneError
from attune_cli.paths import cache_dir, private
from attune_cli.runtime.base import Progress

MARKER = "attune-environment.json"

#: Part of every key: raised when environments are made in a way that older ones do not match.
_FORMAT = "1"


@dataclass(frozen=True, slots=True)
class Recipe:
    """How an environment is made.

    kind:  python or node. title: what it is, for messages.
    made_from: everything that makes it different from others.
    proof: a path in it that is there when it is of use.
    source: the file that asks for it.
    build: fills the folder, which is not there yet; raises AttuneError.
    """

    kind: str
    title: str
    made_from: Sequence[bytes | str]
    proof: str
    source: Path
    build: Callable[[Path, Progress], None]

    @property
    def folder(self) -> Path:
        """Where it is, or will be."""
        return cache_dir() / "environments" / f"{self.kind}-{digest(_FORMAT, *self.made_from)[:32]}"

    @property
    def is_ready(self) -> bool:
        """Whether it was built to the end and can be used."""
        return (self.folder / MARKER).is_file() and (self.folder / self.proof).exists()


def digest(*parts: bytes | str) -> str:
    """SHA-256 over the parts, each with its length, in hexadecimal."""
    from hashlib import sha256

    total = sha256()
    for part in parts:
        data = os.fsencode(part)
        total.update(b"%d:" % len(data) + data)
    return total.hexdigest()


def ensure(recipe: Recipe, progress: Progress) -> Path:
    """The environment's folder, built if it is not there yet.

    However many processes ask for it at once, one builds it and the others wait. Raises
    AttuneError when the build fails; nothing is left of it then.
    """
    folder = recipe.folder
    if recipe.is_ready:
        return folder
    private(folder.parent)
    with _locked(folder, recipe, progress):
        if not recipe.is_ready:
            _build(recipe, folder, progress)
    return folder


def _build(recipe: Recipe, folder: Path, progress: Progress) -> None:
    _remove(folder)
    progress(f"setting up {recipe.title}")
    try:
        recipe.build(folder, progress)
        if not (folder / recipe.proof).exists():
            raise AttuneError(
                f"cannot set up {recipe.title}", where=str(recipe.source), why=f"its installer made no {recipe.proof}"
            )
        _mark(recipe, folder)
    except OSError as error:
        _remove(folder)
        raise _unusable(folder, error) from error
    except BaseException:
        _remove(folder)
        raise


def _mark(recipe: Recipe, folder: Path) -> None:
    import json

    facts = {"kind": recipe.kind, "source": str(recipe.source), "key": digest(_FORMAT, *recipe.made_from)}
    written = folder / f"{MARKER}.new"
    written.write_text(json.dumps(facts) + "\n", encoding="utf-8")
    written.replace(folder / MARKER)


def _remove(folder: Path) -> None:
    """Remove what there is; the marker first, so that what is left of it is never taken for whole."""
    from shutil import rmtree

    (folder / MARKER).unlink(missing_ok=True)
    if not folder.exists():
        return
    # An installer that is being killed may still write: not into the folder of the next build.
    doomed = folder.with_name(f"{folder.name}.removed-{os.getpid()}")
    folder.replace(doomed)
    rmtree(doomed, ignore_errors=True)


@contextmanager
def _locked(folder: Path, recipe: Recipe, progress: Progress) -> Iterator[None]:
    """Hold the lock beside the folder; the system lets go of it if this process is killed."""
    from filelock import FileLock, Timeout

    lock = FileLock(f"{folder}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        progress(f"waiting for another attune that sets up {recipe.title}")
        lock.acquire()
    except OSError as error:
        raise _unusable(folder, error) from error
    try:
        yield
    finally:
        lock.release()


def _unusable(folder: Path, error: OSError) -> AttuneError:
    return AttuneError(
        f"cannot make the environment {folder}",
        why=error.strerror or str(error),
        help="make room for it, or name another folder in ATTUNE_CACHE_DIR",
    )
