"""What it costs to know an executable: in process, beside a readelf for each, and before a start."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from attune_cli.binary.read import identify
from tests.bench.harness import Contender, Series, race
from tests.bench.table import Goal, Row, compared
from tests.bench.workshop import Workshop

_FILES = 200
#: Seconds that the headers of one file may take, and the check before a start.
_HEADERS, _START = 50e-6, 1e-3
_LARGE = 60 << 20
_ROOT = Path(__file__).resolve().parents[2]
_QUIET = {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "PYTHONPATH": str(_ROOT)}
_NOTHING = (sys.executable, "-I", "-c", "pass")
#: Prints how long the check of a program takes where the engine has been imported, its own imports included.
_OBSTACLE = """
import sys, time
from pathlib import Path
import attune_cli.process.engine, attune_cli.diagnostics
path, started = Path(sys.argv[1]), time.perf_counter()
from attune_cli.binary.start import obstacle
found = obstacle(path)
print(time.perf_counter() - started)
sys.exit(found is not None)
"""


def rows(workshop: Workshop) -> Iterator[Row]:
    files = _files()
    workshop.say(f"binary: {len(files)} files of /usr/bin")
    yield from _facts(files, workshop)
    yield from _checks(files, workshop)


def _files() -> list[str]:
    """Spread over the alphabet, whatever they are."""
    names = sorted(entry.path for entry in os.scandir("/usr/bin") if entry.is_file() and os.access(entry, os.R_OK))
    return names[:: max(1, len(names) // _FILES)][:_FILES]


def _facts(files: Sequence[str], workshop: Workshop) -> Iterator[Row]:
    found = race(
        [
            Contender("headers", _each(files, lambda path: identify(path, versions=False))),
            Contender("with symbol versions", _each(files, identify)),
            Contender("everything", _each(files, lambda path: identify(path, everything=True))),
            Contender("readelf", _each(files[:: 8 if workshop.quick else 2], _readelf)),
        ],
        workshop.rounds(30, 8),
    )
    budget = Series("budget", (_HEADERS,) * len(found["headers"].values))
    yield compared("binary: headers of a file / 0.05 ms", found["headers"], budget, Goal(1))
    if shutil.which("readelf"):
        yield compared("binary: headers / a readelf each", found["headers"], found["readelf"], Goal(20, at_least=True))
    for name in ("with symbol versions", "everything"):
        yield compared(f"  beside: {name} / headers", found[name], found["headers"])


def _each(files: Sequence[str], read: Callable[[str], object]) -> Callable[[], float]:
    """Seconds a file."""

    def measure() -> float:
        started = time.perf_counter()
        for path in files:
            read(path)
        return (time.perf_counter() - started) / len(files)

    return measure


def _readelf(path: str) -> None:
    if shutil.which("readelf"):
        subprocess.run(("readelf", "-hld", path), env=_QUIET, capture_output=True, check=False)


def _checks(files: Sequence[str], workshop: Workshop) -> Iterator[Row]:
    with tempfile.TemporaryDirectory(dir=workshop.folder) as folder:
        large = Path(folder, "large")
        shutil.copyfile(sys.executable, large)
        large.chmod(0o755)
        with large.open("ab") as file:
            file.write(os.urandom(_LARGE))
        found = race(
            [
                Contender("nothing", lambda: _seconds(_NOTHING, folder)),
                Contender("check", lambda: _seconds((*_attune(), "binary", "check", *files), folder)),
                Contender("start", lambda: _told((sys.executable, "-c", _OBSTACLE, str(large)), folder)),
            ],
            workshop.rounds(20, 5),
        )
    budget = Series("budget", (_START,) * len(found["start"].values))
    yield compared("binary: check before a start, 60 MB / 1 ms", found["start"], budget, Goal(1))
    yield compared("binary: binary check, 200 files / python -I -c pass", found["check"], found["nothing"], Goal(12))


def _attune() -> tuple[str, ...]:
    script = Path(sys.executable).with_name("attune")
    return (str(script),) if script.exists() else (sys.executable, "-m", "attune_cli")


def _seconds(command: Sequence[str], home: str) -> float:
    started = time.perf_counter()
    done = subprocess.run(command, env={**_QUIET, "HOME": home}, capture_output=True, text=True, check=False)
    # Findings are no failure: 1.
    if done.returncode not in {0, 1}:
        raise RuntimeError(f"{command[:4]} exited with {done.returncode}:\n{done.stderr}")
    return time.perf_counter() - started


def _told(command: Sequence[str], home: str) -> float:
    """The seconds that it prints."""
    done = subprocess.run(command, env={**_QUIET, "HOME": home}, capture_output=True, text=True, check=True)
    return float(done.stdout)
