"""A file's content exchanged in one step: whoever reads it sees the old or the new, never a half."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path


def replace_file(path: Path, content: bytes, *, mode: int | None = None) -> None:
    """Write a file as a whole; raises OSError, and nothing has changed then.

    mode: permission bits; None: those that it has, for a new file what the process gives.  Where the
    path is a link, what it leads to is written.
    """
    from tempfile import mkstemp

    target = Path(os.path.realpath(path))
    before = target.stat() if target.exists() else None
    descriptor, partial = mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with open(descriptor, "wb") as file:
            file.write(content)
            _dress(file.fileno(), before, mode)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(partial)
        raise


def _dress(descriptor: int, before: os.stat_result | None, mode: int | None) -> None:
    """Owner and permissions as they were."""
    if before is not None and (before.st_uid, before.st_gid) != (os.geteuid(), os.getegid()):
        with suppress(PermissionError):
            os.fchown(descriptor, before.st_uid, before.st_gid)
    if mode is None:
        mode = stat.S_IMODE(before.st_mode) if before is not None else 0o666 & ~_umask()
    os.fchmod(descriptor, mode)


def _umask() -> int:
    """The process's own; asking for it means to set it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
