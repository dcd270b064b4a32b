"""What has to be true of an entry point before anything starts it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from attune_cli.errors import CannotExecuteError, NotFoundError
from attune_cli.runtime.base import Target


def check_script(target: Target) -> None:
    """It is a file of its pack that can be read; an interpreter wants no execute bit."""
    _check_file(target)
    if not os.access(target.entry_point, os.R_OK):
        raise CannotExecuteError(f"{target.entry_point} cannot be read", help=_chmod("+r", target.entry_point))


def check_executable(target: Target) -> None:
    """It is a file of its pack that this user may execute."""
    found = _check_file(target)
    path = target.entry_point
    if os.access(path, os.X_OK):
        return
    if not found.st_mode & 0o111:
        raise CannotExecuteError(f"{path} is not executable", help=_chmod("+x", path))
    if os.statvfs(path).f_flag & os.ST_NOEXEC:
        raise CannotExecuteError(
            f"{path} cannot be executed",
            why="its file system is mounted noexec",
            help="move the pack to another file system, or mount this one with exec",
        )
    raise CannotExecuteError(
        f"{path} is not executable for this user",
        why=f"its mode is {stat.filemode(found.st_mode)}",
        help=_chmod("a+x", path),
    )


def _check_file(target: Target) -> os.stat_result:
    path = target.entry_point
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        raise missing(target) from None
    except OSError as error:
        raise CannotExecuteError(f"{path} cannot be reached", why=error.strerror) from error
    if not stat.S_ISREG(found.st_mode):
        kind = "a folder" if stat.S_ISDIR(found.st_mode) else "not a regular file"
        raise CannotExecuteError(f"{path} is {kind}", help="an entry point is a file")
    if target.pack_root and not path.resolve().is_relative_to(target.pack_root.resolve()):
        raise CannotExecuteError(
            f"entry point {path} leaves its pack",
            why=f"it leads to {path.resolve()}, outside of {target.pack_root}",
            help="copy the file into the pack: the platform takes nothing from outside",
        )
    return found


def missing(target: Target) -> NotFoundError:
    path = target.entry_point
    if path.is_symlink():
        return NotFoundError(f"{path} is a link to {os.readlink(path)}, which does not exist")
    # Imported here: it reads pack.yaml, which a program that is there has no need of.
    from attune_cli.pack.native_sources import native_sources

    root = target.pack_root or path.parent.parent
    sources = native_sources(root, path.name)
    if sources:
        return NotFoundError(
            f"{path} does not exist",
            why=f"its sources are in {sources} and have not been built",
            help=_recipe(root, path),
        )
    near = _near(path)
    return NotFoundError(f"{path} does not exist", help=f"did you mean {near}?" if near else None)


def _recipe(root: Path, path: Path) -> str:
    """How what is in a folder of sources becomes the executable."""
    from shlex import quote

    from attune_cli.pack.refs import PACK_FILE

    if (root / PACK_FILE).is_file():
        return f"attune build {quote(str(root))}"
    return f"build them and put the executable at {path}"


def _near(path: Path) -> str | None:
    """The file beside it whose name is most like its own."""
    from difflib import get_close_matches

    try:
        names = os.listdir(path.parent)
    except OSError:
        return None
    near = get_close_matches(path.name, names, 1)
    return str(path.parent / near[0]) if near else None


def _chmod(change: str, path: Path) -> str:
    from shlex import quote

    return f"chmod {change} {quote(str(path))}"
