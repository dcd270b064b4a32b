"""What the command costs, against an interpreter that does nothing.

Run is the console script of this interpreter's own environment, or `python -m attune_cli` where that is not
installed. Output goes to a pipe, but for the help that is drawn on a terminal.
"""

from __future__ import annotations

import contextlib
import os
import pty
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench.harness import Contender, race
from tests.bench.table import Goal, Row, compared
from tests.bench.workshop import Workshop

_ECHO = ("run", "action", "core.echo", "-p", "message=x")
_ROOT = Path(__file__).resolve().parents[2]


def rows(workshop: Workshop) -> Iterator[Row]:
    attune = _attune()
    workshop.say(f"cli: {' '.join(attune)}")
    with tempfile.TemporaryDirectory(dir=workshop.folder) as home:
        bench = _Commands(attune, _environment(home), home)
        found = race([Contender(name, measure) for name, measure, _ in bench.cases()], workshop.rounds(25, 6))
        for name, _, goal in bench.cases()[1:]:
            yield compared(f"cli: {name} / python -I -c pass", found[name], found["python -I -c pass"], goal)


def _attune() -> tuple[str, ...]:
    script = Path(sys.executable).with_name("attune")
    return (str(script),) if script.exists() else (sys.executable, "-m", "attune_cli")


def _environment(home: str) -> dict[str, str]:
    """Nothing of the user's settings; the package is found where it is not installed."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": home,
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "PYTHONPATH": str(_ROOT),
    }


class _Commands:
    """The command lines, each measured from the start to its end."""

    def __init__(self, attune: tuple[str, ...], env: dict[str, str], cwd: str) -> None:
        self._attune = attune
        self._env = env
        self._cwd = cwd

    def cases(self) -> list[tuple[str, Callable[[], float], Goal | None]]:
        """(what it is called, one measurement of it, its goal); the first is the peer."""
        return [
            ("python -I -c pass", lambda: self._piped((sys.executable, "-I", "-c", "pass")), None),
            ("attune --version", lambda: self._of("--version"), Goal(1.2)),
            ("attune run action /bin/true", lambda: self._of("run", "action", "/bin/true"), Goal(8)),
            ("attune run action core.echo -p message=x", lambda: self._of(*_ECHO), Goal(12)),
            ("attune --help, piped", lambda: self._of("--help"), Goal(8)),
            ("attune --help, on a terminal", lambda: self._on_terminal((*self._attune, "--help")), Goal(14)),
        ]

    def _of(self, *arguments: str) -> float:
        return self._piped((*self._attune, *arguments))

    def _piped(self, command: tuple[str, ...]) -> float:
        started = time.perf_counter()
        done = subprocess.run(
            command, env=self._env, cwd=self._cwd, stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
        seconds = time.perf_counter() - started
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)} exited with {done.returncode}:\n{done.stderr.decode()}")
        return seconds

    def _on_terminal(self, command: tuple[str, ...]) -> float:
        ours, theirs = pty.openpty()
        started = time.perf_counter()
        process = subprocess.Popen(command, env=self._env, cwd=self._cwd, stdin=theirs, stdout=theirs, stderr=theirs)
        os.close(theirs)
        shown = b""
        # Linux tells the end of a terminal by EIO.
        with contextlib.suppress(OSError):
            while data := os.read(ours, 65536):
                shown += data
        code = process.wait()
        seconds = time.perf_counter() - started
        os.close(ours)
        if code != 0 or b"\x1b[" not in shown:
            raise RuntimeError(f"{' '.join(command)} exited with {code}, or drew nothing:\n{shown.decode()}")
        return seconds
