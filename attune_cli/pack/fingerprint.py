"""What a pack's findings depend on, as one digest: every file of the pack, and what judges it."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from hashlib import _Hash

MAX_FILES: Final = 20_000
MAX_BYTES: Final = 1024 * 1024
"""Of a file that is read for the digest; a larger one is told by its inode and times."""

#: Folders that no pack is published with. They may be large, and no rule looks at them.
_SKIPPED: Final = frozenset(
    (
        *(".git", ".hg", ".idea", ".mypy_cache", ".nox", ".pytest_cache", ".ruff_cache", ".svn", ".tox", ".venv"),
        *(".vscode", "__pycache__", "node_modules"),
    )
)


def fingerprint(root: Path, *beside: str) -> str | None:
    """A digest of the names, modes and contents of all files of a pack, and of the texts `beside` it.

    None when the pack has more than MAX_FILES, or cannot be read as a whole.
    """
    from hashlib import sha256

    digest = sha256("\0".join(beside).encode(errors="surrogateescape"))
    try:
        for number, entry in enumerate(_entries(os.fspath(root))):
            if number == MAX_FILES:
                return None
            _add(digest, entry)
    except OSError:
        return None
    return digest.hexdigest()


def identity(outside: Callable[[], str]) -> str:
    """What judges, and where: the version, the modules as they lie on disk, the machine, what rules see outside."""
    from attune_cli import __version__

    here = Path(__file__).parent
    folders = (here, here / "rules", here / "schemas", here.parent / "yaml12", here.parent / "binary")
    modules = [f"{entry.name} {found.st_size} {found.st_mtime_ns}" for entry, found in _modules(folders)]
    machine = os.uname()
    return "\n".join((__version__, machine.sysname, machine.machine, *modules, outside()))


def _modules(folders: tuple[Path, ...]) -> Iterator[tuple[os.DirEntry[str], os.stat_result]]:
    for folder in folders:
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda each: each.name):
                if entry.name.endswith((".py", ".json")):
                    yield entry, entry.stat()


def _entries(folder: str) -> Iterator[os.DirEntry[str]]:
    """All files and links below a folder, sorted folder by folder."""
    waiting = [folder]
    while waiting:
        with os.scandir(waiting.pop()) as found:
            entries = sorted(found, key=lambda each: each.name)
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                yield entry
            elif entry.name not in _SKIPPED:
                # That it is there counts, even when it is empty.
                yield entry
                waiting.append(entry.path)


def _add(digest: _Hash, entry: os.DirEntry[str]) -> None:
    found = entry.stat(follow_symlinks=False)
    told = f"\0{entry.path}\0{found.st_mode}\0"
    if stat.S_ISLNK(found.st_mode):
        # What it leads to is a file of the pack as well, or else all the same to who judges.
        told += f"{os.readlink(entry.path)}\0{os.path.realpath(entry.path)}"
    digest.update(told.encode(errors="surrogateescape"))
    if stat.S_ISREG(found.st_mode):
        digest.update(_content(entry.path, found))


def _content(path: str, found: os.stat_result) -> bytes:
    if found.st_size > MAX_BYTES:
        return f"{found.st_ino} {found.st_size} {found.st_mtime_ns} {found.st_ctime_ns}".encode()
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        return b"%d\0" % found.st_size + os.read(descriptor, MAX_BYTES)
    except OSError:
        return b"?"
    finally:
        os.close(descriptor)
