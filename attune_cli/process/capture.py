"""Reading one stream of a child: kept up to a bound, counted and thrown away behind it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from attune_cli.process.outcome import NOTICE_RESERVE, Capture, truncation_notice
from attune_cli.process.redact import Secrets

READ_SIZE = 64 * 1024
#: A pipe this large lets a fast writer and the drain work in large strides; the kernel's limit for
#: users without privileges.
PIPE_SIZE = 1024 * 1024
_F_SETPIPE_SZ = 1031  # linux/fcntl.h; the fcntl module names it only on some builds


class StreamCapture:
    """The reading end of one pipe.

    `on_readable()` is called when a poll says so. `fd` is -1 from the end of file on.
    """

    def __init__(
        self, stream: str, fd: int, bound: int, secrets: Secrets, sink: Callable[[bytes], None] | None
    ) -> None:
        self.stream = stream
        self.fd = fd
        self.total_bytes = 0
        self._limit = max(0, bound - NOTICE_RESERVE)
        self._kept = bytearray()
        self._sink = sink
        self._mask = secrets.stream() if sink else None
        self._secrets = secrets
        #: The sink gets what comes beyond the bound as well, and no notice.
        self.is_endless = False
        self._null = -1
        self._enlarged = False

    @property
    def is_open(self) -> bool:
        return self.fd >= 0

    def on_readable(self) -> None:
        """Take what is there. At the end of file, close."""
        if self._null >= 0:
            self._drain()
            return
        try:
            data = os.read(self.fd, READ_SIZE)
        except BlockingIOError:
            return
        if not data:
            self.finish()
            return
        self._keep(data)

    def finish(self) -> None:
        """Stop reading: at the end of file, or because it is not waited for any longer."""
        is_whole = self.is_open and self._null < 0
        self.close()
        if is_whole and self._mask and self._sink and (rest := self._mask.close()):
            self._sink(rest)

    def close(self) -> None:
        """Let go of the pipe; the sink hears no more of it."""
        for fd in (self.fd, self._null):
            if fd >= 0:
                os.close(fd)
        self.fd = self._null = -1

    def capture(self) -> Capture:
        return Capture(self.stream, self._kept, self.total_bytes, self._secrets)

    def _keep(self, data: bytes) -> None:
        self.total_bytes += len(data)
        room = self._limit - len(self._kept)
        if len(data) <= room or self.is_endless:
            self._kept += data[: max(0, room)]
            if self._mask and self._sink and (settled := self._mask.feed(data)):
                self._sink(settled)
            if len(data) == READ_SIZE and not self._enlarged:
                self._enlarge()
            return
        head = data[:room]
        self._kept += head
        if self._mask and self._sink:
            notice = truncation_notice(self.stream).encode()
            self._sink(self._mask.feed(head) + self._mask.close(cut=True) + notice)
        self._null = os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)
        self._enlarge()

    def _enlarge(self) -> None:
        """Ask for a larger pipe once the child has shown that it fills one."""
        self._enlarged = True
        if sys.platform == "linux":
            import fcntl

            try:
                fcntl.fcntl(self.fd, _F_SETPIPE_SZ, PIPE_SIZE)
            except OSError:
                # Over the user's share of pipe memory: the pipe stays as it is, and works.
                return

    def _drain(self) -> None:
        """Throw the pipe's content away inside the kernel where it can, without copying it here."""
        if sys.platform == "linux":
            try:
                count = os.splice(self.fd, self._null, PIPE_SIZE, flags=os.SPLICE_F_NONBLOCK | os.SPLICE_F_MOVE)
            except BlockingIOError:
                return
        else:
            count = len(os.read(self.fd, READ_SIZE))
        if count == 0:
            self.finish()
        self.total_bytes += count
