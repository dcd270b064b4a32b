"""`attune db seed-runtimes` as it is called: what it says, and how it ends."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.installed import ROOT, install_attune
from tests.integration.database.conftest import Call
from tests.integration.database.seeders import CORE, COUNTS, count, seeded, state
from tests.postgres import Database


@pytest.fixture(autouse=True)
def _few_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")


def total(database: Database) -> int:
    assert database.generation is not None
    return COUNTS[database.generation]


@pytest.mark.usefixtures("dsn")
def test_from_nothing_to_nothing_to_do(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    looked = Call(capsys, "seed-runtimes", "--dry-run")
    assert looked.status == 0
    assert f"{total(database)} rows to create; nothing was written" in looked.out
    assert count(database) == 0
    checked = Call(capsys, "seed-runtimes", "--check")
    assert (checked.status, checked.out.splitlines()[-1][0]) == (1, "✗")
    assert count(database) == 0
    written = Call(capsys, "seed-runtimes")
    assert (written.status, written.err) == (0, "")
    assert written.out.splitlines()[-1].endswith(f": {total(database)} rows created")
    assert count(database) == total(database)
    again = Call(capsys, "seed-runtimes")
    assert again.status == 0
    assert again.out.endswith(f": nothing to do, {total(database)} rows are as they should be\n")
    assert Call(capsys, "seed-runtimes", "--check").status == 0


@pytest.mark.usefixtures("dsn")
def test_an_edit(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    seeded(database.target)
    edit = """UPDATE attune.runtime SET name = 'Mine', installation = '{"method": "mine"}' WHERE ref LIKE '%native'"""
    database.run(edit)
    before = state(database)
    refused = Call(capsys, "seed-runtimes")
    assert refused.status == 1
    told = r"^! core\.\S*native +was edited by hand\n    - name: Mine\n    \+ name: Native"
    assert re.search(told, refused.out, re.MULTILINE)
    assert "    - installation.method: mine\n" in refused.out
    assert "nothing was written (--force writes over edits, --only NAME leaves rows out)" in refused.out
    assert Call(capsys, "seed-runtimes", "--check").status == 1
    assert Call(capsys, "seed-runtimes", "--dry-run").status == 0
    assert Call(capsys, "seed-runtimes", "--only", "python", "--only", "shell").status == 0
    assert state(database) == before
    forced = Call(capsys, "seed-runtimes", "--force")
    assert (forced.status, "written over" in forced.out) == (0, True)


@pytest.mark.usefixtures("dsn")
def test_documents(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    database.run(CORE)
    planned = Call(capsys, "seed-runtimes", "--dry-run", "--json").document
    assert (planned["status"], planned["summary"]["create"]) == ("planned", total(database))
    written = Call(capsys, "seed-runtimes", "--output", "json").document
    assert written["status"] == "written"
    assert written["database"] == {
        "name": database.target.shown,
        "schema": "attune",
        "generation": int(database.generation or 0),
    }
    assert Call(capsys, "seed-runtimes", "-j").document["status"] == "unchanged"
    database.run("UPDATE attune.runtime SET name = 'Mine' WHERE ref LIKE '%native'")
    refused = Call(capsys, "seed-runtimes", "-j")
    assert (refused.status, refused.document["status"]) == (1, "refused")
    changes = [row["changes"] for row in refused.document["rows"] if row["state"] == "drifted"]
    assert len(changes) > 0
    for (one,) in changes:
        assert (one["field"], one["before"], one["by_hand"]) == ("name", "Mine", True)


@pytest.mark.usefixtures("dsn")
def test_a_failure_is_a_document_too(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    failed = Call(capsys, "seed-runtimes", "-j", "--schema", "nowhere")
    assert (failed.status, failed.document["status"]) == (3, "failed")
    assert failed.document["error"]["what"] == "there is no schema nowhere"
    assert failed.err.startswith("error: there is no schema nowhere\n")
    assert Call(capsys, "seed-runtimes", "-j", "--only", "nothing").status == 2
    assert count(database) == 0


WRONG = {
    "two ways to look": ("--dry-run", "--check"),
    "a script and a document": ("--sql", "--json"),
    "a script and a look": ("--sql", "--check"),
    "a generation for a database": ("--generation", "1"),
    "no such generation": ("--sql", "--generation", "3"),
    "a word": ("core",),
    "no such option": ("--drop",),
}


@pytest.mark.parametrize("case", WRONG)
def test_called_wrongly(case: str, capsys: pytest.CaptureFixture[str]) -> None:
    call = Call(capsys, "seed-runtimes", *WRONG[case])
    assert call.status == 2
    assert call.err.startswith("error: ")


@pytest.mark.usefixtures("dsn")
def test_quiet(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert Call(capsys, "seed-runtimes", "-q").out == ""
    database.run("UPDATE attune.runtime SET name = 'Mine'")
    assert "edited by hand" in Call(capsys, "seed-runtimes", "-q").out


@pytest.mark.usefixtures("dsn")
def test_the_script_is_the_same_with_and_without_a_database(
    database: Database, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Call(capsys, "seed-runtimes", "--sql")
    assert (asked.status, asked.err) == (0, "")
    monkeypatch.setenv("ATTUNE_DATABASE_URL", "host=/nowhere")
    told = Call(capsys, "seed-runtimes", "--sql", "--generation", str(int(database.generation or 0)))
    assert told.out == asked.out
    native = Call(capsys, "seed-runtimes", "--sql", "--generation", "1", "--only", "native", "--force").out
    assert ("core.sensor.native" in native, "core.sensor.shell" in native) == (True, False)
    assert ("edited" in asked.out, "RAISE" in native) == (True, False)
    assert count(database) == 0


@pytest.mark.usefixtures("dsn", "database")
def test_from_a_pack(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "runtimes").mkdir()
    (tmp_path / "pack.yaml").write_text("ref: demo\nlabel: Demo\nversion: 1.0.0\n")
    (tmp_path / "runtimes/deno.yaml").write_text("ref: demo.deno\nname: Deno\nversions: [{version: '2.1'}]\n")
    written = Call(capsys, "seed-runtimes", "--from-pack", str(tmp_path))
    assert (written.status, "2 rows created" in written.out) == (0, True)
    assert "there is no pack demo to link the rows to" in written.out
    (tmp_path / "runtimes/deno.yaml").write_text("ref: demo.deno\nname: 3\n")
    broken = Call(capsys, "seed-runtimes", "--from-pack", str(tmp_path))
    assert broken.status == 3
    assert f"{tmp_path}/runtimes/deno.yaml:2:7" in broken.err


@pytest.mark.usefixtures("dsn")
def test_a_wrong_pattern_is_told(database: Database, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "runtimes").mkdir()
    (tmp_path / "pack.yaml").write_text("ref: demo\nlabel: Demo\nversion: 1.0.0\n")
    (tmp_path / "runtimes/posix.yaml").write_text(
        "ref: demo.posix\nname: POSIX\ndistributions: {verification: {commands: ["
        "{binary: getconf, args: [_POSIX_VERSION], exit_code: 0, pattern: 'POSIX \\d+'}]}}\n"
    )
    call = Call(capsys, "seed-runtimes", "--from-pack", str(tmp_path))
    assert call.status == 1
    assert r"by the pattern `POSIX \d+`: the pattern does not match what it says" in call.out
    assert "(getconf _POSIX_VERSION says `200809`)" in call.out
    assert "nothing was written: a pattern is wrong" in call.out
    assert count(database) == 0


# --- on a terminal, and what is imported --------------------------------------------------------------


def on_terminal(command: list[str], columns: int) -> str:
    """What a terminal of that width is shown."""
    ours, theirs = pty.openpty()
    subprocess.run(("stty", "cols", str(columns)), stdin=theirs, check=True)
    env = {**os.environ, "TERM": "xterm-256color"}
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=env)
    os.close(theirs)
    shown = b""
    try:
        while data := os.read(ours, 65536):
            shown += data
    except OSError:
        # The end of a terminal.
        pass
    process.wait(60)
    os.close(ours)
    return shown.decode().replace("\r\n", "\n")


@pytest.mark.usefixtures("dsn")
def test_colours_and_width_of_a_terminal(database: Database, tmp_path: Path) -> None:
    command = [str(install_attune(tmp_path)), "db", "seed-runtimes", "--dry-run"]
    shown = on_terminal(command, 60)
    assert "\x1b[32m    + name: Native" in shown
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    assert max(map(len, plain.splitlines())) <= 60 + len(database.target.shown)
    assert any(line.endswith("…") for line in plain.splitlines())
    seeded(database.target)
    database.run("UPDATE attune.runtime SET name = 'M\x1b[2Jine' WHERE ref LIKE '%native'")
    drifted = on_terminal([*command[:-1]], 60)
    assert "\x1b[31m    - name: M^[[2Jine\x1b[0m" in drifted


PROBE = """\
import sys
import psycopg
there = set(sys.modules)
sys.argv[1:] = {arguments!r}
from attune_cli.cli.entry import main
status = main(sys.argv[1:])
print(*(sys.modules.keys() - there), file=sys.stderr)
sys.exit(status)
"""


@pytest.mark.parametrize("database", [1], indirect=True, ids=["first"])
@pytest.mark.parametrize("arguments", [["db", "seed-runtimes"], ["db", "seed-runtimes", "--only", "native", "-q"]])
@pytest.mark.usefixtures("dsn", "database")
def test_what_it_imports_beside_psycopg(arguments: list[str]) -> None:
    """psycopg takes nearly all of its time; nothing else is to be noticed."""
    done = subprocess.run(
        (sys.executable, "-c", PROBE.format(arguments=arguments)), cwd=ROOT, capture_output=True, text=True, check=True
    )
    modules = set(done.stderr.splitlines()[-1].split())
    tops = {name.partition(".")[0] for name in modules if "cython" not in name} - sys.stdlib_module_names
    assert tops <= {"attune_cli", "psycopg", "psycopg_binary"}
    rooms = {name.split(".")[1] for name in modules if name.startswith("attune_cli.")}
    assert "database" in rooms
    assert rooms & {"yaml12", "execution", "runtime", "build", "sensor", "binary"} == set()
    assert modules & {"attune_cli.process.engine", "subprocess", "tomllib", "hashlib"} == set()
