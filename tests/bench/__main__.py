"""How fast attune is and how much memory it takes, against the best that can be had.

    python -m tests.bench [--quick] [--only NAME]

Prints one table. A time is given as its median, with minimum and 90th percentile in brackets; a ratio is that
of the medians, with the median of the rounds' own ratios in brackets. The exit status is 1 when a goal is missed
by both. A busy machine spoils it: run nothing beside it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.bench import api, binary, build, cli, database, machine, sensor_timer, spawn, stream, validate
from tests.bench.table import Row, printed
from tests.bench.workshop import Workshop

_BENCHES: dict[str, Callable[[Workshop], Iterable[Row]]] = {
    "spawn": spawn.rows,
    "stream": stream.rows,
    "cli": cli.rows,
    "validate": validate.rows,
    "binary": binary.rows,
    "build": build.rows,
    "database": database.rows,
    "api": api.rows,
    "sensor-timer": sensor_timer.rows,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer rounds and smaller streams; noisier")
    parser.add_argument("--only", metavar="NAME", choices=tuple(_BENCHES), help=f"one of {', '.join(_BENCHES)}")
    arguments = parser.parse_args()
    chosen = [arguments.only] if arguments.only else list(_BENCHES)
    print(machine.facts(), end="\n\n", flush=True)
    others = machine.Others()
    with tempfile.TemporaryDirectory(prefix="attune-bench-") as folder:
        workshop = Workshop(Path(folder), arguments.quick)
        rows = [row for name in chosen for row in _BENCHES[name](workshop)]
    print(printed(rows), end="\n\n")
    print(others)
    return 1 if any(row.met == "NO" for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
