"""The entry of the `attune` command."""

from __future__ import annotations

import os
import sys

#: How many objects more there have to be before the collector looks for cycles; 700 otherwise.
_RARELY = 50_000


def main() -> None:
    """Run the command line and exit with its status."""
    # Answered before anything else is imported: scripts and editors ask for it often.
    if sys.argv[1:] in (["--version"], ["-V"]) and _print_version():
        return
    import gc

    # Imports leave nothing to collect, and looking for it takes a fiftieth of a short run.
    gc.set_threshold(_RARELY)
    try:
        from attune_cli.cli.entry import main as run

        status = run(sys.argv[1:])
    except KeyboardInterrupt:
        # While modules were still being imported, or at the very end.
        status = 130
    _leave(status)


def _print_version() -> bool:
    """Whether it could be printed; if not, the long way tells why."""
    from attune_cli import __version__

    try:
        os.write(1, f"attune {__version__}\n".encode())
    except OSError:
        return False
    return True


def _leave(status: int) -> None:
    """Exit without taking the interpreter apart, which takes a tenth of a short run: the kernel frees
    faster what is left by now."""
    import atexit
    from contextlib import suppress

    atexit._run_exitfuncs()  # noqa: SLF001 - as multiprocessing does it
    for stream in filter(None, (sys.stdout, sys.stderr)):
        # What cannot be written has been told, or cannot be.
        with suppress(OSError):
            stream.flush()
    os._exit(status)


if __name__ == "__main__":
    main()
