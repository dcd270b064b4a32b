"""How a process ended and what it left behind."""

from __future__ import annotations

import signal
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from attune_cli.process.redact import NO_SECRETS, Secrets

#: Kept back of every bound for the notice below, in bytes; a fact of the platform's worker.
NOTICE_RESERVE = 128


def truncation_notice(stream: str) -> str:
    """What the platform's worker puts behind a capture that was cut. stream: stdout or stderr."""
    return f"\n\n[OUTPUT TRUNCATED: {stream} exceeded size limit]\n"


class Capture:
    """What was kept of one stream.

    total_bytes: how many bytes the process wrote; bytes_cut of them were not kept, because the
    bound was reached or because the pipe was closed on those who still held it.
    """

    def __init__(self, stream: str, kept: bytearray, total_bytes: int, secrets: Secrets = NO_SECRETS) -> None:
        self.stream = stream
        self.total_bytes = total_bytes
        self._kept = kept
        self._secrets = secrets

    @property
    def bytes_cut(self) -> int:
        """Bytes that were read and not kept."""
        return self.total_bytes - len(self._kept)

    @property
    def truncated(self) -> bool:
        """Whether the bound was exceeded."""
        return self.bytes_cut > 0

    @property
    def raw(self) -> bytes:
        """The bytes kept, as the process wrote them: secrets in the clear, no notice."""
        return bytes(self._kept)

    @cached_property
    def text(self) -> str:
        """The bytes kept as UTF-8 (what is invalid becomes U+FFFD), secrets masked, and the
        truncation notice behind them where the bound was exceeded."""
        data = self._secrets.mask(self._kept, cut=self.truncated) if self._secrets else self._kept
        text = data.decode("utf-8", "replace")
        return text + truncation_notice(self.stream) if self.truncated else text

    def __repr__(self) -> str:
        cut = f", {self.bytes_cut} cut" if self.truncated else ""
        return f"<{self.stream}: {self.total_bytes} bytes{cut}>"


class Member(NamedTuple):
    """A process of the tree. name: what the kernel calls it (at most 15 bytes), never its arguments."""

    pid: int
    parent: int
    name: str


class Holder(NamedTuple):
    """A process that still had a pipe open after the process itself had exited."""

    pid: int
    name: str
    streams: tuple[str, ...]


class SentSignal(NamedTuple):
    """A signal sent to the tree, and when: seconds since the start."""

    signal: signal.Signals
    after: float


@dataclass(frozen=True, slots=True)
class Usage:
    """What the processes that were reaped used.

    cpu_seconds:       user and system time of the process and of all its descendants that ended.
    peak_memory_bytes: the largest resident size of one of them; None where it could not be told.
        The kernel counts the starting process's own size into its child's figure, so what is
        below that comes from samples and a short peak may be missed.
    """

    cpu_seconds: float = 0.0
    peak_memory_bytes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The end of a run. True exactly when the process exited with 0 and was not stopped.

    exit_code:  0–255, or None when a signal ended it, or when it is one of the survivors.
    signal:     number of the signal that ended it, or None.
    timed_out:  the deadline passed before it exited.
    cancelled:  `Process.cancel()` was called before it exited.
    duration:   seconds from the start until it exited (monotonic clock).
    tree:       the processes that were alive when the first stop signal was sent.
    leftovers:  descendants that were still alive after it had exited; they were killed.
    survivors:  descendants that could not be killed (no permission, or stuck in the kernel).
    holders:    who kept stdout or stderr open longer than was waited for.
    stdin_read: False when the process closed its standard input before it had been given all.
    """

    pid: int
    exit_code: int | None
    signal: int | None
    timed_out: bool
    cancelled: bool
    stdout: Capture
    stderr: Capture
    duration: float
    usage: Usage
    tree: tuple[Member, ...] = ()
    leftovers: tuple[Member, ...] = ()
    survivors: tuple[Member, ...] = ()
    holders: tuple[Holder, ...] = ()
    signals: tuple[SentSignal, ...] = field(default=())
    stdin_read: bool = True

    def __bool__(self) -> bool:
        return self.exit_code == 0 and not self.timed_out and not self.cancelled

    @property
    def signal_name(self) -> str | None:
        """`SIGSEGV`; real-time signals, which have no names of their own, as `SIGRTMIN+3`."""
        if self.signal is None:
            return None
        try:
            return signal.Signals(self.signal).name
        except ValueError:
            return f"SIGRTMIN+{self.signal - signal.SIGRTMIN}"
