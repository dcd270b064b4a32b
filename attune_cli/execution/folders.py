"""What a run keeps on disk while it lasts: the parameter file, and the folder for artifacts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from attune_cli.errors import AttuneError
from attune_cli.paths import runtime_dir

_PARAMETERS = "parameters-"
_SUFFIXES = {"json": ".json", "dotenv": ".env", "yaml": ".yaml"}


def parameter_path(exec_id: int, form: str) -> Path:
    """Where the parameter file of a run will be."""
    return runtime_dir() / f"{_PARAMETERS}{exec_id}" / f"parameters{_SUFFIXES[form]}"


def artifacts_path(exec_id: int) -> Path:
    """Where the artifacts folder of a run will be: among temporary files, since it may grow large
    and outlive the session."""
    return (
        Path(os.environ.get("TMPDIR") or "/tmp").absolute() / f"attune-artifacts-{exec_id}"
    )  # made with 0700, or not at all


@contextmanager
def parameter_file(path: Path, content: bytes) -> Iterator[None]:
    """The file while the context lasts: mode 0400, alone in a folder that only this user can enter.

    A lock on the folder tells the next run whether its owner is alive: the kernel lets go of it
    however the owner dies. Raises AttuneError when the file cannot be made.
    """
    folder = path.parent
    lock = _locked(folder)
    try:
        _write(path, content)
        yield
    finally:
        _remove(folder)
        os.close(lock)


def sweep() -> None:
    """Remove the parameter files of runs that are dead: killed with -9, they could not."""
    root = runtime_dir()
    for name in os.listdir(root):
        if name.startswith(_PARAMETERS):
            with suppress(OSError):
                _sweep(root / name)


@contextmanager
def artifacts_folder(path: Path) -> Iterator[None]:
    """The folder while the context lasts; it stays when something is in it then."""
    try:
        path.mkdir(0o700)
    except OSError as error:
        raise _failed(path, error) from error
    try:
        yield
    finally:
        with suppress(OSError):
            path.rmdir()


def _locked(folder: Path) -> int:
    """Make the folder and lock it. It gets its name once it is locked, so no sweep can take it before."""
    import fcntl

    young = folder.with_name(f".{folder.name}")
    try:
        young.mkdir(0o700)
        lock = os.open(young, os.O_RDONLY | os.O_CLOEXEC)
        fcntl.flock(lock, fcntl.LOCK_EX)
        young.rename(folder)
    except OSError as error:
        raise _failed(folder, error) from error
    return lock


def _write(path: Path, content: bytes) -> None:
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o400)
        with open(fd, "wb") as file:
            file.write(content)
    except OSError as error:
        raise _failed(path, error) from error


def _sweep(folder: Path) -> None:
    import fcntl

    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _remove(folder)
    finally:
        os.close(lock)


def _remove(folder: Path) -> None:
    """The folder with all that is in it; what cannot be removed stays for the next sweep."""
    from shutil import rmtree

    rmtree(folder, ignore_errors=True)


def _failed(path: Path, error: OSError) -> AttuneError:
    return AttuneError(f"cannot make {path}", why=error.strerror, help="make room there, or set ATTUNE_RUNTIME_DIR")
