"""What every test stands on: an environment of its own, no process left behind, a C compiler."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from tests.children import children, end, has_ended
from tests.compilers import Compiler

# How long one example takes says little on a machine that does other things too; each test has its limit anyway.
hypothesis.settings.register_profile("attune", deadline=None)
hypothesis.settings.load_profile("attune")

# Under `nohup`, or as a background job of a script, signals are ignored, by every child as well: what is tested is
# what a process does that hears them.
for _number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
    if signal.getsignal(_number) == signal.SIG_IGN:
        signal.signal(_number, signal.default_int_handler if _number == signal.SIGINT else signal.SIG_DFL)

#: Variables that would let the user's settings, or those of the terminal, into a test.
FOREIGN_PREFIXES = ("ATTUNE_", "XDG_", "CLICOLOR", "PYTHON")
FOREIGN_NAMES = ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "PAGER", "NODE_PATH", "NODE_OPTIONS", "VIRTUAL_ENV")


@pytest.fixture(autouse=True)
def _no_process_left_behind() -> Iterator[None]:
    """Fails a test after which a child, or a grandchild that has come to us, is still there."""
    before = children()
    yield
    if left := {pid for pid in children() - before if not has_ended(pid)}:
        pytest.fail("processes left behind: " + ", ".join(end(pid) for pid in sorted(left)))


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which every test gets its home."""
    return tmp_path_factory.mktemp("homes")


@pytest.fixture(autouse=True)
def home(homes: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty home folder, and an environment with nothing of the user's settings in it."""
    folder = Path(tempfile.mkdtemp(dir=homes))
    for name in [name for name in os.environ if name in FOREIGN_NAMES or name.startswith(FOREIGN_PREFIXES)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(folder))
    for kind in ("config", "cache", "data", "state"):
        monkeypatch.setenv(f"XDG_{kind.upper()}_HOME", str(folder / kind))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def compile_c(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Compiler:
    """Compiles C programs, each once in a session whichever worker asks: see `Compiler.__call__`."""
    assert pytestconfig.cache is not None
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    return Compiler(shared / "compiled", pytestconfig.cache.mkdir("zig"))
