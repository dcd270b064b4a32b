"""What `attune` says when it cannot go on, and with which exit status it ends.

    AttuneError            attune itself could not go on         (run: 125, elsewhere: 3)
    ├── UsageError         the command was called wrongly        (run: 125, elsewhere: 2)
    ├── NotFoundError      what should be run is not there       (run: 127, elsewhere: 3)
    └── CannotExecuteError what should be run cannot be started  (run: 126, elsewhere: 3)

A class of its own exists only where a caller acts differently on it. Findings about a pack are
values (`attune_cli.diagnostics`), not exceptions: an exception means that it cannot go on.
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit statuses of `attune`. `attune run` passes the child's own on; these are attune's.

    The numbers from 124 up follow `timeout(1)`, `env(1)` and POSIX shells, so that scripts which
    know those know these.
    """

    OK = 0
    FINDINGS = 1
    USAGE = 2
    FAILURE = 3
    TIMED_OUT = 124
    RUN_FAILURE = 125
    CANNOT_EXECUTE = 126
    NOT_FOUND = 127
    SIGNALLED = 128
    INTERRUPTED = 130


class AttuneError(Exception):
    """Something attune cannot go on from, told so that a person can act on it.

    what:  one sentence, no trailing full stop: what happened.
    where: `file`, `file:line` or `file:line:column`, or the name of the option it came from.
    why:   the reason, where `what` does not already hold it.
    help:  what to do about it.

    None of the four ever holds a secret's value.
    """

    exit_code = ExitCode.FAILURE
    run_exit_code = ExitCode.RUN_FAILURE

    def __init__(
        self,
        what: str,
        *,
        where: str | None = None,
        why: str | None = None,
        help: str | None = None,  # the word the reader sees in the output
    ) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.why = why
        self.help = help

    def __str__(self) -> str:
        parts = [self.what]
        if self.where:
            parts.insert(0, f"{self.where}:")
        if self.why:
            parts.append(f"({self.why})")
        return " ".join(parts)


class UsageError(AttuneError):
    """The command line, or a value given with it, is wrong."""

    exit_code = ExitCode.USAGE


class NotFoundError(AttuneError):
    """The ref, file or program that should be run does not exist."""

    run_exit_code = ExitCode.NOT_FOUND


class CannotExecuteError(AttuneError):
    """The program exists and cannot be started: no permission, wrong format, no interpreter."""

    run_exit_code = ExitCode.CANNOT_EXECUTE
