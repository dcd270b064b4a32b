"""The distributions, built once in a session from a clean copy, and venvs to install them into."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Sequence
from pathlib import Path

import filelock
import pytest

from tests.packaging.project import copy_project

Venv = Callable[..., Path]


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist and the wheel, built from a checkout in which somebody has worked; the wheel from the
    sdist."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with filelock.FileLock(shared / "dist.lock"):
        folder = shared / "dist"
        if not folder.exists():
            clone = copy_project(shared / "clone")
            leave_traces_of_work(clone)
            run([sys.executable, "-m", "build", "--no-isolation", "--outdir", clone / "dist", clone])
            (clone / "dist").rename(folder)
    return folder


def leave_traces_of_work(checkout: Path) -> None:
    """What building and running leaves in a checkout, and no distribution may carry."""
    built = ("packs/core/actions/digest", "packs/core/sensors/attune-core-timer-sensor", "packs/core/binaries.lock")
    for trace in (*built, "attune_cli/__pycache__/x.cpython-311.pyc", ".venv/pyvenv.cfg"):
        (checkout / trace).parent.mkdir(parents=True, exist_ok=True)
        (checkout / trace).write_bytes(b"\x7fELF")


@pytest.fixture
def venv(tmp_path: Path) -> Venv:
    """Makes a fresh venv and installs into it, with pip's arguments for what to install; gives its bin folder.

    Dependencies are those of the running environment, seen through a .pth file: nothing is downloaded. That file's
    folder comes last, and an editable install in it has no effect.
    """

    def make(*what: str | Path) -> Path:
        folder = tmp_path / "venv"
        run([sys.executable, "-m", "venv", "--without-pip", folder])
        python = folder / "bin" / "python"
        options = ["--no-deps", "--no-index", "--no-build-isolation", "--quiet"]
        (site_packages(python) / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
        run([sys.executable, "-m", "pip", "--python", python, "install", *options, *what])
        return python.parent

    return make


def site_packages(python: Path) -> Path:
    """Where this interpreter's libraries are."""
    return Path(run([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]).strip())


def run(command: Sequence[str | Path], cwd: Path | None = None) -> str:
    """Runs a command that must succeed; gives its stdout."""
    finished = subprocess.run(command, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, f"{command}\n{finished.stdout}\n{finished.stderr}"
    return finished.stdout
