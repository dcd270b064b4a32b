"""The pack that comes with attune, on a machine without Go, Cargo or a C compiler: with the extra `build` alone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from attune_cli.build.builder import build
from attune_cli.build.verify import verify
from tests.packaging.project import ROOT, project_files

pytestmark = pytest.mark.timeout(900)


@pytest.fixture
def core(tmp_path: Path) -> Path:
    """The pack as it is committed."""
    for file in project_files():
        if file.parts[:2] == ("packs", "core"):
            (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / file, tmp_path / file)
    return tmp_path / "packs/core"


def test_it_is_built_by_the_wheels_alone(core: Path, tools: Path, home: Path) -> None:
    built = {one.source.name: one for one in build(core)}
    assert {name: one.binary.toolchain for name, one in built.items()} == {"digest": "zig cc", "timer-sensor": "go"}
    assert [one.problems for one in built.values()] == [(), ()]
    digest = subprocess.run(
        [core / "actions/digest"], env={"ATTUNE_ACTION_TEXT": "abc"}, stdin=subprocess.DEVNULL,
        capture_output=True, check=True,
    )  # fmt: skip
    assert json.loads(digest.stdout)["digests"][0]["sha256"].startswith("ba7816bf")
    sensor = subprocess.check_output([core / "sensors/attune-core-timer-sensor", "--version"], text=True)
    assert "1.0.0" in sensor
    assert verify(core).diagnostics == ()
    assert os.listdir(tools) == []
    # The home folder has attune's cache in it, and nothing of the compilers.
    assert [path.name for path in home.iterdir()] == ["cache"]
    assert [path.name for path in (home / "cache").iterdir()] == ["attune"]
