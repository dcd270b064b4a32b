"""What the package offers, and what it imports to offer it."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import attune_cli.process as package

FOLDER = Path(package.__file__).parent


def test_every_public_name_is_there() -> None:
    for name in package.__all__:
        assert getattr(package, name) is not None
    assert sorted(name for names in package._HOMES.values() for name in names) == sorted(package.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = package.nothing


def test_the_guardian_needs_little() -> None:
    """It starts beside every first run: the engine, and what the engine needs, is not for it."""
    code = "import sys; sys.path.insert(0, sys.argv[1]); import attune_cli.process.guardian; print(*sys.modules)"
    command = [sys.executable, "-I", "-S", "-c", code, str(FOLDER.parents[1])]
    modules = set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())
    assert {name for name in modules if name.startswith("attune_cli.")} == {
        "attune_cli.process",
        "attune_cli.process.aim",
        "attune_cli.process.guardian",
        "attune_cli.process.proc",
    }
    assert not modules & {"subprocess", "threading", "dataclasses", "inspect", "json", "ctypes", "pathlib"}


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.py")), ids=lambda file: file.stem)
def test_nothing_runs_between_fork_and_exec(file: Path) -> None:
    """preexec_fn is not safe beside threads; it, user=, group= and the like make CPython give up vfork."""
    costly = {"preexec_fn", "user", "group", "extra_groups", "umask", "process_group"}
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "Popen":
            assert not costly & {keyword.arg for keyword in node.keywords}


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.py")), ids=lambda file: file.stem)
def test_the_wall_clock_is_not_read(file: Path) -> None:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "time":
            assert node.attr in {"monotonic", "sleep"}
