"""What a sensor prints, kept in bounds: its last lines in memory, all of it in rotated files."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable
from pathlib import Path

from attune_cli.process import Secrets

#: What is kept of a stream in memory: lines, and bytes of each.
LINES, LINE_BYTES = 200, 2000
#: What is kept on disk: bytes of a file, and how many older ones.
FILE_BYTES, OLDER_FILES = 10 * 1024 * 1024, 4

_CUT = " … ({count} bytes more)"


class Tail:
    """The last lines of a stream, however long it and they are."""

    def __init__(self) -> None:
        self.lines: deque[str] = deque(maxlen=LINES)
        self._rest = bytearray()
        self._dropped = 0

    def feed(self, data: bytes) -> list[str]:
        """Take a piece; gives the lines that it has completed."""
        *whole, rest = data.split(b"\n")
        complete = []
        for piece in whole:
            self._grow(piece)
            complete.append(self._taken())
        self._grow(rest)
        self.lines.extend(complete)
        return complete

    def close(self) -> list[str]:
        """The stream has ended: a line that was begun is one."""
        if not self._rest:
            return []
        last = self._taken()
        self.lines.append(last)
        return [last]

    def _grow(self, piece: bytes) -> None:
        room = LINE_BYTES - len(self._rest)
        self._rest += piece[:room]
        self._dropped += max(0, len(piece) - room)

    def _taken(self) -> str:
        line = self._rest.decode("utf-8", "replace").rstrip("\r")
        line += _CUT.format(count=self._dropped) if self._dropped else ""
        self._rest.clear()
        self._dropped = 0
        return line


class RotatedFile:
    """A file of at most `FILE_BYTES`; what was in it before goes to `NAME.1`, from there to `NAME.2`, and so on.

    Every method raises OSError.
    """

    def __init__(self, path: Path, limit: int = FILE_BYTES, older: int = OLDER_FILES) -> None:
        self._path = path
        self._limit = limit
        self._older = older
        self._fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o666)
        self._size = os.fstat(self._fd).st_size

    def write(self, data: bytes) -> None:
        """Write all of it; a line goes over to the next file as a whole, if one file can hold it."""
        while data:
            room = self._limit - self._size
            cut = len(data) if len(data) <= room else data.rfind(b"\n", 0, max(0, room)) + 1
            if not cut and not self._size:
                cut = room
            self._write(data[:cut])
            data = data[cut:]
            if data:
                self._rotate()

    def close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def _write(self, data: bytes) -> None:
        while data:
            count = os.write(self._fd, data)
            self._size += count
            data = data[count:]

    def _rotate(self) -> None:
        self.close()
        for number in range(self._older, 0, -1):
            source = self._path if number == 1 else self._numbered(number - 1)
            if source.exists():
                source.replace(self._numbered(number))
        self._fd = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o666)
        self._size = 0

    def _numbered(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}")


class LogStream:
    """One stream of a sensor over all its starts.

    secrets: asked for what is masked from now on, with every piece.
    told:    gets the lines as they come; must not block.
    failed:  gets the error when the file cannot be written; nothing goes to it from then on.
    """

    def __init__(
        self,
        name: str,
        secrets: Callable[[], Secrets],
        told: Callable[[str, list[str]], None],
        file: RotatedFile | None,
        failed: Callable[[OSError], None],
    ) -> None:
        self.name = name
        self.tail = Tail()
        #: What was printed, in bytes.
        self.bytes = 0
        self._asked = secrets
        self._secrets = secrets()
        self._mask = self._secrets.stream()
        self._told = told
        self._file = file
        self._failed = failed

    def feed(self, data: bytes) -> None:
        """Take a piece as the sensor wrote it."""
        self.bytes += len(data)
        if self._asked() is not self._secrets:
            # A key was created or changed since.
            self._take(self._mask.close())
            self._secrets = self._asked()
            self._mask = self._secrets.stream()
        self._take(self._mask.feed(data))

    def end(self) -> None:
        """The sensor has ended; it may be started again."""
        self._take(self._mask.close())
        if lines := self.tail.close():
            self._told(self.name, lines)

    def close(self) -> None:
        """Nothing more will come."""
        if self._file:
            self._file.close()

    def _take(self, data: bytes) -> None:
        if not data:
            return
        if self._file:
            try:
                self._file.write(data)
            except OSError as error:
                self._file.close()
                self._file = None
                self._failed(error)
        if lines := self.tail.feed(data):
            self._told(self.name, lines)
