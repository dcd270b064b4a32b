"""A new pack onto the disk: all of it or nothing, and nothing over what is there."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from attune_cli.errors import AttuneError, UsageError
from attune_cli.pack.scaffold.plan import File


def write_pack(root: Path, files: Iterable[File]) -> None:
    """Make the folder `root` with these files.

    Raises UsageError when something stands there already, AttuneError when it cannot be written.
    """
    refuse_existing(root)
    try:
        root.parent.mkdir(parents=True, exist_ok=True)
        # Beside its place, and moved there when it is whole: nobody sees half a pack.
        made = Path(tempfile.mkdtemp(prefix=f".{root.name}.", dir=root.parent))
    except OSError as error:
        raise _unwritable(root, error) from error
    try:
        for file in files:
            _write(made / file.path, file)
        made.chmod(0o777 & ~_umask())
        made.rename(root)
    except OSError as error:
        shutil.rmtree(made, ignore_errors=True)
        refuse_existing(root)
        raise _unwritable(root, error) from error
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise


def refuse_existing(root: Path) -> None:
    """Raises UsageError when the place of a pack is taken."""
    if os.path.lexists(root):
        raise UsageError(
            "there is something of this name already",
            where=str(root),
            help="nothing is ever written over: take another ref, another folder (--dir), or move that away",
        )


def _write(path: Path, file: File) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "x", encoding="utf-8", newline="\n") as stream:
        stream.write(file.text)
    if file.executable:
        path.chmod(0o777 & ~_umask())


def _umask() -> int:
    """The process's own; asking for it means to set it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _unwritable(root: Path, error: OSError) -> AttuneError:
    return AttuneError("the pack cannot be written", where=str(root), why=error.strerror)
