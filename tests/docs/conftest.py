"""The desk of a reader: a copy of the packs, and `attune` and a C compiler on PATH."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.compilers import c_compiler
from tests.docs.pages import ROOT
from tests.installed import install_attune
from tests.packaging.project import project_files


@pytest.fixture
def desk() -> Iterator[Path]:
    """A folder like a fresh checkout, as far as packs go. Its path is short: lines of errors are wrapped."""
    with tempfile.TemporaryDirectory(prefix="desk") as name:
        folder = Path(name)
        for file in project_files():
            if file.parts[0] == "packs":
                (folder / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / file, folder / file)
        yield folder


@pytest.fixture
def environment(tmp_path: Path, home: Path, pytestconfig: pytest.Config) -> dict[str, str]:
    """What a reader's shell has."""
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    install_attune(bin_folder)
    compiler = bin_folder / "cc"
    command = " ".join(f"'{word}'" for word in c_compiler())
    compiler.write_text(f'#!/bin/sh\nexec {command} "$@"\n')
    compiler.chmod(0o755)
    assert pytestconfig.cache is not None
    return {
        "HOME": str(home),
        "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}",
        "LC_ALL": "C.UTF-8",
        "TERM": "xterm",
        "NO_COLOR": "1",
        "COLUMNS": "100",
        "ZIG_GLOBAL_CACHE_DIR": str(pytestconfig.cache.mkdir("zig")),
    }
