"""What all tests stand on does what it says: conftest.py and the modules beside it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.compilers import Compiler, c_compiler, zig_compiler
from tests.packaging.project import ROOT

LEAVERS = """
import subprocess, sys

def test_leaves_a_child():
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    child.returncode = 0  # nobody will wait for it

def test_leaves_none():
    subprocess.run([sys.executable, "-c", ""], check=True)
"""

HANGS = """
import pytest, threading

@pytest.mark.timeout(0.5)
def test_hangs():
    threading.Event().wait()
"""


def run_pytest(folder: Path, text: str) -> str:
    """What pytest says of these tests, run with this project's conftest and settings."""
    (folder / "test_it.py").write_text(text)
    settings = ["-p", "tests.conftest", "-p", "no:cacheprovider", "-n0", "-c", str(ROOT / "pyproject.toml")]
    command = [sys.executable, "-m", "pytest", *settings, f"--rootdir={folder}", str(folder / "test_it.py")]
    return subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False).stdout


def test_a_child_that_is_left_behind_fails_its_test(tmp_path: Path) -> None:
    said = run_pytest(tmp_path, LEAVERS)
    assert "2 passed, 1 error" in said
    assert "processes left behind" in said
    assert "time.sleep(600)" in said


def test_a_hang_fails_its_test(tmp_path: Path) -> None:
    said = run_pytest(tmp_path, HANGS)
    assert "1 failed" in said
    assert "Timeout" in said


def test_a_warning_fails_its_test(tmp_path: Path) -> None:
    assert "1 failed" in run_pytest(tmp_path, "import warnings\ndef test_it():\n    warnings.warn('x')\n")


def test_the_home_is_empty_and_nothing_of_the_users_is_around(home: Path) -> None:
    assert Path.home() == home
    assert list(home.iterdir()) == []
    assert [name for name in os.environ if name.startswith("ATTUNE_")] == []


PROGRAM = '#include <stdio.h>\nint main(void) { puts("%s"); return 0; }\n'


@pytest.mark.parametrize("command", [c_compiler(), zig_compiler()], ids=["cc", "zig"])
@pytest.mark.timeout(300)
def test_compilers(compile_c: Compiler, tmp_path: Path, command: list[str]) -> None:
    source = tmp_path / "from_file.c"
    source.write_text(PROGRAM % "file")
    programs = [compile_c(what, "hello", command=command) for what in (PROGRAM % "text", source, source, tmp_path)]
    assert [subprocess.check_output([program]) for program in programs] == [b"text\n", b"file\n", b"file\n", b"file\n"]
    assert programs[1] == programs[2]


def test_a_program_that_warns_does_not_compile(compile_c: Compiler) -> None:
    with pytest.raises(RuntimeError, match="unused"):
        compile_c("int main(void) { int unused; return 0; }", "warns")
