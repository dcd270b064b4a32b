"""A wheel for one platform, which carries what was built in the tree it is made from."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.packaging.conftest import Venv, run
from tests.packaging.project import copy_project

pytestmark = pytest.mark.timeout(300)  # builds and installs, maybe on a busy machine


def made_wheel(checkout: Path, folder: Path) -> Path:
    run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, checkout])
    (wheel,) = folder.glob("*.whl")
    return wheel


def test_it_carries_what_was_built(tmp_path: Path, venv: Venv) -> None:
    checkout = copy_project(tmp_path / "checkout")
    build = [sys.executable, "-m", "attune_cli", "build", "core.digest", "--packs-dir", str(checkout / "packs"), "-q"]
    subprocess.run(build, cwd=checkout, env={**os.environ, "PYTHONPATH": str(checkout)}, check=True)
    wheel = made_wheel(checkout, tmp_path / "native")
    assert not wheel.name.endswith("-none-any.whl")
    with zipfile.ZipFile(wheel) as archive:
        assert {f"attune_cli/_packs/core/{name}" for name in ("actions/digest", "binaries.lock")} <= set(
            archive.namelist()
        )
    attune = venv(wheel) / "attune"
    said = run([attune, "run", "action", "core.digest", "-q", "-p", "text=hello"], cwd=tmp_path)
    assert "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824" in said
    # What is not what the lock file tells of is not carried.
    with (checkout / "packs/core/actions/digest").open("ab") as executable:
        executable.write(b"more")
    wheel = made_wheel(checkout, tmp_path / "pure")
    assert wheel.name.endswith("-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as archive:
        assert not {name for name in archive.namelist() if name.endswith(("actions/digest", "binaries.lock"))}
