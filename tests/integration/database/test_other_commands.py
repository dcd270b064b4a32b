"""The other commands of `attune db` as they are called."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from attune_cli.cli.entry import main
from tests.integration.database.conftest import Call
from tests.integration.database.seeders import count, seeded
from tests.postgres import Database
from tests.postgres_server import Server

Databases = Callable[[Server, None], Database]


@pytest.fixture(autouse=True)
def _few_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")


@pytest.mark.usefixtures("dsn")
def test_runtimes(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    seeded(database.target)
    database.run("UPDATE attune.runtime SET name = 'Mine' WHERE ref LIKE '%native'")
    table = Call(capsys, "runtimes").out.splitlines()
    assert table[0].split() == ["RUNTIME", "GEN", "NAME", "STATE", "THIS", "MACHINE"]
    assert len(table) == 1 + count(database)
    (native, *_) = [line for line in table if ".native" in line]
    assert re.fullmatch(r"core\.\S*native +[12] +Mine +edited: name +yes", native)
    rows = Call(capsys, "runtimes", "--json").document["rows"]
    assert {row["runs_here"] for row in rows if row["ref"].endswith("native")} == {True}
    assert {row["standing"] for row in rows} == {"seeded", "edited"}


@pytest.mark.parametrize("database", [2], indirect=True, ids=["second"])
@pytest.mark.usefixtures("dsn")
def test_versions_of_this_machine(
    database: Database, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is looked for by itself: it need not be the one that `python3` is."""
    (tmp_path / "python3.42").write_text("#!/bin/sh\necho 3.42.7\n")
    (tmp_path / "python3.42").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    seeded(database.target)
    database.run(
        "INSERT INTO attune.runtime_version (runtime, runtime_ref, version) "
        "SELECT id, ref, unnest(array['3.41', '3.42', 'latest']) FROM attune.runtime WHERE ref = 'core.python'"
    )
    found = {row["version"]: row for row in Call(capsys, "runtimes", "-j").document["rows"] if row["version"]}
    told = {name: (found[name]["runs_here"], found[name]["this_machine"]) for name in ("3.41", "3.42", "latest")}
    assert told == {
        "3.41": (False, "no: not installed"),
        "3.42": (True, "yes, 3.42.7"),
        "latest": (None, "unknown to attune"),
    }
    assert found["3.42"]["standing"] == "foreign"


def test_no_tables(server: Server, databases: Databases, capsys: pytest.CaptureFixture[str]) -> None:
    """What is missing, in which database, and what makes it: all in one message."""
    empty = databases(server, None)
    for command in ("seed-runtimes", "runtimes", "register-worker", "binaries"):
        missing = Call(capsys, command, "--dsn", empty.dsn)
        assert (missing.status, missing.out) == (3, "")
        assert missing.err.splitlines()[:2] == [
            "error: there is no schema attune",
            f"  where: {empty.target.where}",
        ]
        assert "attune db init" in missing.err


@pytest.mark.usefixtures("dsn")
def test_register_worker(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert "registered" in Call(capsys, "register-worker", "--name", "box").out
    again = Call(capsys, "register-worker", "--name", "box", "--json").document
    assert (again["created"], again["worker"]["name"]) == (False, "box")
    main(["runtime", "list", "--json"])
    capabilities = json.loads(capsys.readouterr().out)
    assert database.query("SELECT capabilities FROM attune.worker") == [(capabilities,)]
    assert "native" in capabilities["runtimes"]
    Call(capsys, "register-worker")
    assert database.query("SELECT name FROM attune.worker ORDER BY id") == [("box",), (os.uname().nodename,)]


LOCK = """\
format = 1

[[binary]]
name = "digest"
platform = "linux/amd64"
version = "1.0.0"
path = "actions/digest"
sha256 = "{digest}"
size = 16384
toolchain = "cc"
toolchain_version = "12.2.0"
source_digest = "{source}"
"""


@pytest.mark.usefixtures("dsn", "database")
def test_binaries(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text("ref: demo\nlabel: Demo\nversion: 1.0.0\n")
    missing = Call(capsys, "record-binaries", str(tmp_path))
    assert (missing.status, "attune build" in missing.err) == (3, True)
    (tmp_path / "binaries.lock").write_text(LOCK.format(digest="ab" * 32, source="cd" * 32))
    assert "1 recorded, 0 known already" in Call(capsys, "record-binaries", str(tmp_path)).out
    assert "0 recorded, 1 known already" in Call(capsys, "record-binaries", str(tmp_path)).out
    (tmp_path / "binaries.lock").write_text(LOCK.format(digest="ef" * 32, source="cd" * 32))
    (new,) = Call(capsys, "record-binaries", str(tmp_path), "--json").document["binaries"]
    assert (new["sha256"], new["pack_ref"], new["build_id"]) == ("ef" * 32, "demo", None)
    header, *lines = Call(capsys, "binaries").out.splitlines()
    assert header.startswith("PACK  BINARY  PLATFORM")
    assert [line.split()[6] for line in lines] == ["efefefefefef", "abababababab"]
