"""Servers, databases and the command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from attune_cli.cli.entry import main
from tests.postgres import Database, any_server, database, databases, each_database, own_server, server, servers

__all__ = ["any_server", "database", "databases", "each_database", "own_server", "server", "servers"]

#: Longer than any call takes, in seconds.
PATIENCE = 100
ROOT = Path(__file__).resolve().parents[3]
SCHEMA = json.loads((ROOT / "attune_cli/report/schemas/seed-runtimes-1.json").read_text())


class Attune:
    """Calls of the command in one folder, in pipes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *args: str | Path, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """Run to the end."""
        with self.start(*args, env=env) as process:
            stdout, stderr = process.communicate(timeout=PATIENCE)
        return subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)

    def start(self, *args: str | Path, env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
        """Begin to run."""
        return subprocess.Popen(
            (sys.executable, "-m", "attune_cli", *map(str, args)),
            env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


@pytest.fixture
def attune(tmp_path: Path) -> Attune:
    """The command, in an empty folder."""
    return Attune(tmp_path)


@pytest.fixture
def dsn(database: Database, monkeypatch: pytest.MonkeyPatch) -> str:
    """The database is the one that the environment names."""
    monkeypatch.setenv("ATTUNE_DATABASE_URL", database.dsn)
    return database.dsn


class Call:
    """One call: its exit status and what it wrote."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *args: str) -> None:
        self.status = main(["db", *args])
        self.out, self.err = capsys.readouterr()

    @property
    def document(self) -> Any:
        found = json.loads(self.out)
        if found["schema"] == "attune.seed-runtimes/1":
            jsonschema.validate(found, SCHEMA)
        return found
