"""Writing a child's standard input as it is read."""

from __future__ import annotations

import os

_WRITE_SIZE = 64 * 1024


class StdinFeed:
    """The writing end of one pipe, non-blocking. `fd` is -1 when it is closed or was never there."""

    def __init__(self, fd: int, data: bytes) -> None:
        self.fd = fd
        self._rest = memoryview(data)

    @property
    def was_read(self) -> bool:
        """Whether the pipe took all of it."""
        return not self._rest

    def on_writable(self) -> None:
        """Write what fits; close behind the last byte, or when nobody reads any longer."""
        try:
            count = os.write(self.fd, self._rest[:_WRITE_SIZE])
        except BlockingIOError:
            return
        except BrokenPipeError:
            # It does not want the rest. Whether that was an error, its exit status says.
            self.close()
            return
        self._rest = self._rest[count:]
        if not self._rest:
            self.close()

    def close(self) -> None:
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1
