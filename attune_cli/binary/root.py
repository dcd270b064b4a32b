"""A folder that stands for the root of a file system: that of another machine, unpacked."""

from __future__ import annotations

import errno
import os
from pathlib import Path

#: As many links as Linux follows.
_MOST_LINKS = 40


class Root:
    """Paths within it begin with `/` and stay within it, whatever links say."""

    def __init__(self, path: Path) -> None:
        self._path = os.path.realpath(path).rstrip("/")

    def inside(self, path: str) -> str:
        """The path within the root of a file outside, links followed; as it is when it lies elsewhere."""
        return path.removeprefix(self._path) if self._path and path.startswith(f"{self._path}/") else path

    def outside(self, path: str) -> str:
        """Where a path within the root leads to; OSError when that is a circle. In the machine's own, itself."""
        return self._followed(path) if self._path else path

    def read(self, path: str, most: int) -> bytes:
        """The content of a file within; empty when it cannot be read."""
        try:
            with open(self.outside(path), "rb") as file:
                return file.read(most)
        except OSError:
            return b""

    def _followed(self, path: str) -> str:
        done: list[str] = []
        parts = path.split("/")[::-1]
        links = 0
        while parts:
            part = parts.pop()
            if part == "..":
                del done[-1:]
            elif part not in {"", "."}:
                done.append(part)
                target = _target("/".join([self._path, *done]))
                if target is not None:
                    links += 1
                    if links > _MOST_LINKS:
                        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path)
                    done = [] if target.startswith("/") else done[:-1]
                    parts += target.split("/")[::-1]
        return "/".join([self._path, *done])


def _target(path: str) -> str | None:
    """Of a symbolic link; None of what is none."""
    try:
        return os.readlink(path)
    except OSError:
        return None
