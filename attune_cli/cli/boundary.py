"""The one place where errors end: a message a person can act on, and an exit status.

Three kinds: what attune knows how to tell (`AttuneError`), the person's wish to stop, and mistakes
of attune itself, which are told as such and never as a traceback.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable

from attune_cli.cli.streams import STREAMS
from attune_cli.errors import AttuneError, ExitCode
from attune_cli.report.failure import failure_lines
from attune_cli.report.style import Style, width

#: What only writing meets among the things that are done without naming a file.
_OF_WRITING = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EBADF, errno.EIO}

#: What a process that SIGPIPE ends exits with, as a shell tells it.
CLOSED_OUTPUT = ExitCode.SIGNALLED + 13


def guarded(call: Callable[[], int], *, is_run: bool, debug: bool) -> int:
    """Call, and turn whatever comes of it into an exit status.

    is_run: the call is an `attune run`, whose own statuses start at 124 so that those of the child
    stay free.  debug: show the traceback of an error as well.
    """
    try:
        status = call()
        sys.stdout.flush()
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has what they wanted (`| head`).
        return CLOSED_OUTPUT
    except Exception as error:  # noqa: BLE001 - the one boundary: nothing may reach a person as a traceback
        if isinstance(error.__cause__, KeyboardInterrupt):
            # Python makes a RuntimeError of a Ctrl-C that comes while a class is made.
            return ExitCode.INTERRUPTED
        told = _told(error)
        if debug:
            _show_traceback()
        tell(told)
        return told.run_exit_code if is_run else told.exit_code
    return status


def tell(error: AttuneError) -> None:
    """Print an error on standard error; nothing happens when nobody reads it any longer."""
    lines = failure_lines(error, Style.of(sys.stderr), width(sys.stderr))
    say("\n".join(lines))


def say(text: str) -> None:
    """Print on standard error, if it can be printed."""
    try:
        print(text, file=sys.stderr, flush=True)
    except OSError:
        # A message that is lost changes nothing of what it tells: the exit status has it as well.
        return


def _told(error: Exception) -> AttuneError:
    """What a person is told of an error."""
    if isinstance(error, AttuneError):
        return error
    if isinstance(error, OSError):
        return _of_the_system(error)
    # The text of an unforeseen error may hold anything, a secret too: its kind and place do not.
    place = error.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else None
    what = f"attune itself has failed: {type(error).__name__}"
    return AttuneError(what, where=where, help="attune --debug … shows the traceback, which may hold values of yours")


def _of_the_system(error: OSError) -> AttuneError:
    """An error of the system that nobody has translated."""
    reason = error.strerror or type(error).__name__
    if error.filename in STREAMS:
        return AttuneError(f"cannot write to {error.filename}", why=reason)
    if error.filename is None and error.errno in _OF_WRITING:
        return AttuneError("cannot write the output", why=reason)
    return AttuneError(reason, where=os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else None)


def _show_traceback() -> None:
    import traceback

    say(traceback.format_exc().rstrip())
