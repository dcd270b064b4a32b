"""Where attune keeps what it makes, on every platform; the only user of platformdirs.

| folder      | holds                                | moved by           | else                             |
|-------------|--------------------------------------|--------------------|----------------------------------|
| cache_dir   | what can be made again: environments | ATTUNE_CACHE_DIR   | XDG_CACHE_HOME, ~/.cache         |
| data_dir    | what cannot                          | ATTUNE_DATA_DIR    | XDG_DATA_HOME, ~/.local/share    |
| config_dir  | the user's settings                  | ATTUNE_CONFIG_DIR  | XDG_CONFIG_HOME, ~/.config       |
| runtime_dir | files that live as long as a run     | ATTUNE_RUNTIME_DIR | XDG_RUNTIME_DIR, TMPDIR, /tmp    |

Asking where a folder is makes nothing; `private` makes it.
"""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

from attune_cli.errors import AttuneError

_XDG = {
    "cache": ("XDG_CACHE_HOME", ".cache"),
    "data": ("XDG_DATA_HOME", ".local/share"),
    "config": ("XDG_CONFIG_HOME", ".config"),
}


def cache_dir() -> Path:
    """The folder of what can be deleted at any time and is made again. Absolute; may not exist yet."""
    return _folder("cache")


def data_dir() -> Path:
    """The folder of what is worth keeping. Absolute; may not exist yet."""
    return _folder("data")


def config_dir() -> Path:
    """The folder of the user's own settings. Absolute; may not exist."""
    return _folder("config")


def private(folder: Path) -> Path:
    """Make the folder, for this user alone (0700), where it does not exist; return it.

    Folders above it that are missing are made likewise. One that exists stays as it is. Raises
    AttuneError when it cannot be made.
    """
    try:
        for missing in reversed([folder, *folder.parents]):
            if not missing.exists():
                missing.mkdir(0o700, exist_ok=True)
        if not folder.is_dir():
            raise NotADirectoryError(f"{folder} is no folder")
    except OSError as error:
        raise _unusable(folder, error.strerror or str(error)) from error
    return folder


def runtime_dir() -> Path:
    """The private folder of files that live as long as a run (parameter files); it exists then.

    Others may write beside it in /tmp, so what stands at its name is believed only when it is a
    folder, ours, and closed to everyone else. Raises AttuneError when it is not.
    """
    folder = _runtime_place()
    private(folder.parent)
    try:
        folder.mkdir(0o700, exist_ok=True)
        found = folder.lstat()
        if stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and found.st_mode & 0o077:
            folder.chmod(0o700)
    except OSError as error:
        raise _unusable(folder, error.strerror or str(error)) from error
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise _unusable(folder, "something that is not this user's own folder stands there")
    return folder


def _runtime_place() -> Path:
    if chosen := os.environ.get("ATTUNE_RUNTIME_DIR"):
        return Path(chosen).absolute()
    session = Path(os.environ.get("XDG_RUNTIME_DIR") or "-")
    # Left over from another user by sudo or su, it is of no use to us.
    if session.is_absolute() and os.access(session, os.W_OK) and session.stat().st_uid == os.getuid():
        return session / "attune"
    return Path(os.environ.get("TMPDIR") or "/tmp").absolute() / f"attune-{os.getuid()}"  # checked by runtime_dir


def _folder(kind: str) -> Path:
    if chosen := os.environ.get(f"ATTUNE_{kind.upper()}_DIR"):
        return Path(chosen).absolute()
    return _xdg(kind) or _platform(kind)


def _xdg(kind: str) -> Path | None:
    """What platformdirs would say on Linux where nothing is odd; None: it has to be asked.

    The settings look here on every start, and importing platformdirs would cost each of them 4 ms.
    """
    variable, default = _XDG[kind]
    home, chosen = os.environ.get("HOME", ""), os.environ.get(variable)
    if not sys.platform.startswith("linux") or not home.startswith("/") or not (chosen or "/").startswith("/"):
        return None
    return Path(chosen or f"{home}/{default}", "attune")


def _platform(kind: str) -> Path:
    import platformdirs

    places = {
        "cache": platformdirs.user_cache_path,
        "data": platformdirs.user_data_path,
        "config": platformdirs.user_config_path,
    }
    try:
        return places[kind]("attune", appauthor=False)
    except RuntimeError as error:
        raise AttuneError(
            f"there is no {kind} folder", why=str(error), help=f"set HOME, or ATTUNE_{kind.upper()}_DIR"
        ) from error


def _unusable(folder: Path, why: str) -> AttuneError:
    return AttuneError(
        f"cannot use the folder {folder}",
        why=why,
        help="make room for it, or move attune's folders with ATTUNE_CACHE_DIR and its kin",
    )
