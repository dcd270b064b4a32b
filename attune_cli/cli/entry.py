"""Where a call of `attune` begins, and the two ways of reading its command line."""

from __future__ import annotations

import os
from collections.abc import Sequence

from attune_cli.cli.boundary import guarded
from attune_cli.cli.direct import direct_call
from attune_cli.cli.streams import open_streams


def main(args: Sequence[str]) -> int:
    """Run a command line (without the program's name) and return the exit status."""
    open_streams()
    if (shell := os.environ.get("_ATTUNE_COMPLETE")) and args[:1] == ["--"]:
        from attune_cli.cli.completing import answer

        return answer(args[1:], shell)
    is_run = next((arg for arg in args if not arg.startswith("-")), None) == "run"
    return guarded(lambda: _call(args), is_run=is_run, debug=_debug_wanted(args))


def _call(args: Sequence[str]) -> int:
    call = direct_call(args)
    if call is not None:
        return call()
    from attune_cli.cli.app import invoke

    return invoke(args)


def _debug_wanted(args: Sequence[str]) -> bool:
    """Whether `--debug` stands before the first command."""
    for arg in args:
        if not arg.startswith("-"):
            return False
        if arg == "--debug":
            return True
    return False
