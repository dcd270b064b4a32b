"""Run in a process of its own: the engine's peak memory, idle and with both streams full.

    python -m tests.bench.memory WRITER BYTES

Prints two numbers, in KiB.
"""

from __future__ import annotations

import sys
from pathlib import Path

from attune_cli.process import Request, run


def peak() -> int:
    """The largest resident size of this process so far, in KiB: proc(5), VmHWM."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


def main(writer: str, size: str) -> None:
    # The first run starts what serves all later ones.
    run(Request(argv=(writer, "0", "2"), env={}))
    idle = peak()
    outcome = run(Request(argv=(writer, size, "2"), env={}))
    full = peak()
    if not outcome or outcome.stdout.total_bytes != int(size) or outcome.stderr.total_bytes != int(size):
        sys.exit("the writer's bytes have not all come")
    print(idle, full)


if __name__ == "__main__":
    main(*sys.argv[1:])
