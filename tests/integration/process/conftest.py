"""Letterboxes, and programs of their own that host the engine."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import attune_cli
from attune_cli.process import proc
from attune_cli.process.tree import FAMILY
from tests.integration.process.life import Letterbox, Watched

PROGRAMS = Path(__file__).resolve().parents[2] / "programs"


@pytest.fixture
def letterbox(tmp_path: Path) -> Iterator[Callable[[], Letterbox]]:
    """Makes letterboxes."""
    with contextlib.ExitStack() as stack:
        count = itertools.count()

        def make() -> Letterbox:
            box = Letterbox(tmp_path / f"letterbox{next(count)}")
            stack.callback(box.close)
            return box

        yield make


@pytest.fixture
def box(letterbox: Callable[[], Letterbox]) -> Letterbox:
    return letterbox()


class Host(subprocess.Popen[str]):
    """A Python program that uses the engine."""

    def kill_hard(self) -> None:
        """As `kill -9` does."""
        os.kill(self.pid, signal.SIGKILL)
        self.wait()

    def answer(self, patience: float = 30.0) -> str:
        """What it printed, when it has ended well. Fails the test when it has not."""
        out, err = self.communicate(timeout=patience)
        assert self.returncode == 0, f"the host ended with {self.returncode}:\n{out}{err}"
        return out


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Callable[..., Host]]:
    """Starts a program that is given as text, in a session of its own: `host(code, *arguments)`.

    launcher: a command that is put before it.
    """
    before = set(proc.children())
    with contextlib.ExitStack() as stack:
        stack.callback(_reap_adopted, before)
        count = itertools.count()

        def start(code: str, *arguments: object, launcher: tuple[str, ...] = ()) -> Host:
            file = tmp_path / f"host{next(count)}.py"
            file.write_text(code, encoding="utf-8")
            started = stack.enter_context(
                Host(
                    [*launcher, sys.executable, "-W", "error", str(file), *map(str, arguments)],
                    env={"PYTHONPATH": str(Path(attune_cli.__file__).parents[1]), "PATH": os.defpath},
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                    start_new_session=True,
                )
            )
            stack.callback(started.kill)
            return started

        yield start


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users reach, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="attune-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def interrupting() -> Iterator[signal.Signals]:
    """A signal whose handler raises KeyboardInterrupt, as that of Ctrl-C does."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGUSR1, interrupt)
    yield signal.SIGUSR1
    signal.signal(signal.SIGUSR1, before)


def _reap_adopted(before: set[int]) -> None:
    """Where this process is a subreaper, the guardian of a host that was killed comes to it."""
    for pid in set(proc.children()) - before - FAMILY.servants:
        with contextlib.suppress(ChildProcessError):
            Watched([pid]).end(10)
            os.waitpid(pid, 0)
