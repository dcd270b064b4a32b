"""What it takes to import the room, which lies on the way to every native start; without a clock."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
#: What the engine has imported before, then the room; said is what the room has added.
PROGRAM = """
import sys, enum, typing, pathlib, dataclasses
import attune_cli.process.engine
there = set(sys.modules)
from attune_cli.binary.read import identify
identify({path!r})
print(*sorted(set(sys.modules) - there))
"""


def added(path: Path) -> set[str]:
    command = (sys.executable, "-c", PROGRAM.format(path=str(path)))
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    return set(subprocess.run(command, env=environ, capture_output=True, text=True, check=True).stdout.split())


def test_the_facts_of_a_program_take_nothing_but_the_room_s_own_modules() -> None:
    modules = added(Path(sys.executable).resolve())
    foreign = {name for name in modules if not name.startswith("attune_cli.binary")}
    assert foreign <= {"struct", "_struct", "itertools", "operator"}
    assert "attune_cli.binary.elf" in modules


def test_other_formats_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "script").write_text("#!/bin/sh\n")
    modules = {name.rpartition(".")[2] for name in added(tmp_path / "script")}
    assert "script" in modules
    assert not modules & {"elf", "macho", "pe", "golang", "rust", "libraries"}
