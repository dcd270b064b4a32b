"""What to start, and the terms on which it runs."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from attune_cli.process.bounds import DEFAULT_BOUND
from attune_cli.process.redact import NO_SECRETS, Secrets

if TYPE_CHECKING:
    from attune_cli.process.live import LiveOutput

#: How long pipes that others hold are still read after the process has exited, in seconds.
DEFAULT_LINGER = 1.0


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of stopping a process: a signal to its whole tree, then `grace` seconds to obey."""

    signal: signal.Signals
    grace: float


#: The last rung repeats its signal until the tree is empty, so its grace is not waited for.
AT_ONCE = (Rung(signal.SIGKILL, 0.0),)
GRACEFULLY = (Rung(signal.SIGTERM, 5.0), *AT_ONCE)

#: Takes the bytes of a stream, masked and bounded, as they arrive.
Sink = Callable[[bytes], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One process to run.

    argv:        the program and its arguments. `argv[0]` is a path, a relative one from `cwd`: PATH
                 is not searched, and no shell is ever involved.
    env:         the whole environment of the child; nothing is inherited beside it.
    cwd:         its working directory; None: this process's own.
    stdin:       bytes written to the child's standard input, then end of file. A child that does
                 not read them is not an error.
    timeout:     seconds from the start until it is stopped, whatever the pipes do; None: never.
    on_timeout:  how it is stopped then; the platform kills at once.
    on_cancel:   how it is stopped by `Process.cancel()`.
    max_stdout, max_stderr:
                 bound of a capture in bytes. 128 bytes of it are kept back for the notice that
                 stands at the end of a capture that was cut.
    linger:      seconds to read on after the process has exited while others hold its pipes.
    live_stdout, live_stderr:
                 where the stream goes while it is captured: a function, or a `LiveOutput` that is
                 written to without ever holding up the deadline. Both get what the capture keeps,
                 secrets masked.
    endless:     for a process that runs on and both of whose streams are shown live: that goes on
                 beyond the bounds of the captures.
    secrets:     values that are masked in both streams.
    marker:      name of a variable in `env` whose value no other run has. Descendants that left
                 the session and lost their parent are known by it.
    """

    argv: tuple[str, ...]
    env: Mapping[str, str] = field(repr=False)
    cwd: str | Path | None = None
    stdin: bytes = field(default=b"", repr=False)
    timeout: float | None = None
    on_timeout: tuple[Rung, ...] = AT_ONCE
    on_cancel: tuple[Rung, ...] = GRACEFULLY
    max_stdout: int = DEFAULT_BOUND
    max_stderr: int = DEFAULT_BOUND
    linger: float = DEFAULT_LINGER
    live_stdout: Sink | LiveOutput | None = None
    live_stderr: Sink | LiveOutput | None = None
    endless: bool = False
    secrets: Secrets = NO_SECRETS
    marker: str | None = None

    @property
    def mark(self) -> bytes:
        """The marker as it stands in the environment, `NAME=value`; empty without one."""
        return os.fsencode(f"{self.marker}={self.env[self.marker]}") if self.marker else b""

    def __post_init__(self) -> None:
        if not self.argv or not self.argv[0]:
            raise ValueError("argv is empty: there is nothing to start")
        if self.marker is not None and self.marker not in self.env:
            raise ValueError(f"marker {self.marker!r} is not a variable of env")
        if self.endless and not (self.live_stdout and self.live_stderr):
            raise ValueError("endless is for streams that are shown live")
        for ladder in (self.on_timeout, self.on_cancel):
            if not ladder or ladder[-1].signal != signal.SIGKILL:
                raise ValueError("a stop ladder ends with SIGKILL")
