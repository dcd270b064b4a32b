"""What sources are, as one digest: the names and contents of all files that a compiler may read."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from attune_cli.errors import AttuneError

if TYPE_CHECKING:
    from hashlib import _Hash

    from attune_cli.build.model import Source

#: What compilers leave among the sources.
_MADE_FOLDERS: Final = frozenset(("__pycache__", "node_modules", "target", "zig-cache", "zig-out", "zig-pkg"))
_MADE_FILES: Final = (".a", ".d", ".o", ".obj", ".pdb")

_PIECE: Final = 1024 * 1024


def source_digest(source: Source) -> str:
    """SHA-256, hexadecimal, of the sources and of what they share with others.

    Hidden files and what compilers leave behind do not count, nor does where the pack lies. Raises AttuneError
    when a file cannot be read.
    """
    from hashlib import sha256

    digest = sha256()
    own = {os.path.basename(source.entry_point)}
    for number, place in enumerate((source.folder, *source.shared)):
        # Shared files are known by their name; the folder of the sources may be called anything.
        label = place.name if number else ""
        for path, inside in _files(place, label):
            if inside not in own:
                _add(digest, path, inside)
    return digest.hexdigest()


def digest_of(*parts: str) -> str:
    """SHA-256, hexadecimal, over the parts, each with its length."""
    from hashlib import sha256

    digest = sha256()
    for part in parts:
        data = part.encode(errors="surrogateescape")
        digest.update(b"%d:" % len(data) + data)
    return digest.hexdigest()


def _files(place: Path, label: str) -> Iterator[tuple[str, str]]:
    """(path, name inside) of all files, folder by folder, sorted."""
    if not place.is_dir():
        yield str(place), label
        return
    waiting = [(str(place), label)]
    while waiting:
        folder, inside = waiting.pop()
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda each: each.name)
        except OSError as error:
            raise _unreadable(folder, error) from error
        for entry in entries:
            name = f"{inside}/{entry.name}" if inside else entry.name
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in _MADE_FOLDERS:
                    waiting.append((entry.path, name))
            elif not entry.name.endswith(_MADE_FILES):
                yield entry.path, name


def _add(digest: _Hash, path: str, inside: str) -> None:
    name = inside.encode(errors="surrogateescape")
    try:
        # A pipe would be waited for.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        digest.update(b"%d:%s dangling\0" % (len(name), name))
        return
    except OSError as error:
        raise _unreadable(path, error) from error
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            # A link to a folder: what it leads to is not followed, as a compiler's own walk does not.
            digest.update(b"%d:%s other\0" % (len(name), name))
            return
        digest.update(b"%d:%s %d:" % (len(name), name, found.st_size))
        while piece := os.read(descriptor, _PIECE):
            digest.update(piece)
    except OSError as error:
        raise _unreadable(path, error) from error
    finally:
        os.close(descriptor)


def _unreadable(path: str, error: OSError) -> AttuneError:
    return AttuneError("a source file cannot be read", where=path, why=error.strerror)
