"""A pack whose parameters have something to offer, the command on PATH, and shells that load its scripts."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from attune_cli.cli.completion_scripts import SCRIPTS
from tests.installed import install_attune
from tests.integration.completion.prompts import Prompt, prompt_of

PromptOf = Callable[[str], AbstractContextManager[Prompt]]

_ACTION = """\
ref: demo.resize
label: Resize
description: Makes pictures smaller
runner_type: shell
entry_point: resize.sh
parameter_delivery: stdin
parameters:
  mode: {type: string, enum: [fast, 'slow and good', '$(touch pwned)'], default: fast, description: How}
  dry: {type: boolean}
  source: {type: string, required: true}
  width: {type: integer, default: 640, required: true}
  token: {type: string, secret: true, default: hush}
"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder to work in: a pack in ./packs, some files, the command on PATH, the scripts in ./scripts."""
    folder = tmp_path / "desk"
    actions = folder / "packs" / "demo" / "actions"
    actions.mkdir(parents=True)
    (actions.parent / "pack.yaml").write_text("ref: demo\nlabel: Demo\nversion: 1.0.0\n")
    (actions / "resize.yaml").write_text(_ACTION)
    (folder / "values.json").write_text("{}")
    (folder / "results").mkdir()
    (folder / "results.txt").touch()
    (folder / "bin").mkdir()
    install_attune(folder / "bin")
    (folder / "scripts").mkdir()
    for shell, script in SCRIPTS.items():
        (folder / "scripts" / f"attune.{shell}").write_text(script)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PATH", f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}")
    return folder


@pytest.fixture
def prompt(desk: Path, home: Path) -> PromptOf:
    """Starts bash or zsh, by name, at the desk."""
    return lambda shell: prompt_of(shell, desk / "scripts" / f"attune.{shell}", home)
