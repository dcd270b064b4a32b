"""The command in a folder with a pack that has one error, one warning and one info."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.cli.conftest import Attune

ACTION = """\
ref: demo.greet
label: Greet
description: Says hello
runner_type: shell
entry_point: gret.sh
parameter_delivery: stdin
parameter_format: dotenv
output_Format: text
parameters:
  name: {type: string, required: true, default: world}
"""


@pytest.fixture
def attune(tmp_path: Path) -> Iterator[Attune]:
    """The command, in a folder of its own."""
    (tmp_path / "bin").mkdir()
    with contextlib.ExitStack() as stack:
        yield Attune(tmp_path, stack)


@pytest.fixture
def demo(attune: Attune) -> Path:
    """The pack `demo`, in ./packs: ATN041 is an error, ATN021 a warning, ATN066 an info."""
    root = attune.folder / "packs/demo"
    write(root / "pack.yaml", "ref: demo\nlabel: Demo\ndescription: A demo\nversion: 1.0.0\nruntime_deps: [shell]\n")
    write(root / "actions/greet.yaml", ACTION)
    return root


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def put_right(root: Path) -> None:
    """Nothing but the info is left."""
    write(root / "actions/gret.sh", "echo hello\n")
    action = root / "actions/greet.yaml"
    action.write_text(action.read_text().replace("output_Format", "output_format"))
