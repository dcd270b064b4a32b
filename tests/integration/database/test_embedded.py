"""The PostgreSQL out of a wheel: it lives for a call, keeps its data, and leaves nothing else behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from attune_cli.database import embedded as module
from attune_cli.database.connection import connect
from attune_cli.database.embedded import embedded
from attune_cli.errors import AttuneError
from attune_cli.paths import data_dir
from attune_cli.process import Request, run
from tests.integration.database.conftest import ROOT, Attune
from tests.postgres_server import Server, programs


def servers_of(data: Path) -> list[int]:
    """The processes whose working directory is the data folder: that of PostgreSQL's, all of them."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (process / "cwd").samefile(data):
                found.append(int(process.name))
    return found


@pytest.fixture(scope="module")
def _model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that has been made, to be copied: making one takes a second or more."""
    folder = tmp_path_factory.mktemp("embedded")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATTUNE_DATA_DIR", str(folder))
        with embedded():
            pass
    return folder


@pytest.fixture
def data(_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of this test's own embedded server, which has been used before and is stopped."""
    subprocess.run(("cp", "-a", _model, tmp_path / "data"), check=True)
    monkeypatch.setenv("ATTUNE_DATA_DIR", str(tmp_path / "data"))
    return next((tmp_path / "data" / "postgresql").glob("[0-9]*[0-9]"))


def test_a_data_folder_is_made_once_and_kept() -> None:
    assert not data_dir().exists()
    with embedded() as target, connect(target) as connection:
        connection.execute("CREATE TABLE kept ()")
        version = connection.info.server_version // 10000
        where = connection.execute("SHOW data_directory").fetchall()
        assert connection.execute("SHOW listen_addresses").fetchall() == [("",)]
    data = data_dir() / "postgresql" / str(version)
    assert where == [(str(data),)]
    assert data.stat().st_mode & 0o077 == 0
    assert servers_of(data) == []
    assert not (data / "postmaster.pid").exists()
    with embedded() as target, connect(target) as connection:
        assert connection.execute("SELECT to_regclass('kept')::text").fetchall() == [("kept",)]


def test_what_the_environment_says_of_other_servers_does_not_count(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    foreign = {"PGHOST": "nowhere.invalid", "PGHOSTADDR": "127.0.0.9", "PGPORT": "1", "PGUSER": "x", "PGDATABASE": "y"}
    for name, value in {**foreign, "PGPASSWORD": "z", "PGSSLMODE": "verify-full"}.items():
        monkeypatch.setenv(name, value)
    with embedded("theirs") as target, connect(target) as connection:
        assert connection.info.user == "attune"
    assert (target.shown, target.schema, data.exists()) == ("attune@embedded/postgres", "theirs", True)


def test_it_is_stopped_when_the_call_fails(data: Path) -> None:
    def fail() -> None:
        with embedded() as target, connect(target):
            assert servers_of(data)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert servers_of(data) == []


def test_several_calls_at_the_same_moment(attune: Attune) -> None:
    """From the very first on, when there is no data folder yet."""
    calls = [attune.start("db", "init", "--embedded", "--json") for _ in range(4)]
    done = [(call.communicate(timeout=100), call.returncode) for call in calls]
    assert [status for _, status in done] == [0] * 4, done
    assert sorted(stdout.count("kind") for (stdout, _), _ in done) == [0, 0, 0, 9]


def test_a_call_that_waits_in_vain(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PATIENCE", 0.05)
    busy = "another attune is using the embedded database"
    with module._turn(data), pytest.raises(AttuneError, match=busy), embedded():
        pass


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_no_server_is_left_when_attune_is_stopped(data: Path, attune: Attune, number: signal.Signals) -> None:
    """However that comes about; afterwards it all works again."""
    program = (
        "import time\n"
        "from attune_cli.database.embedded import embedded\n"
        "with embedded() as target:\n"
        "    print('ready', flush=True)\n"
        "    time.sleep(1000)\n"
    )
    with subprocess.Popen(
        (sys.executable, "-c", program), env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == b"ready\n"
        assert servers_of(data)
        process.send_signal(number)
        process.wait(100)
    until = time.monotonic() + 60
    while servers_of(data) and time.monotonic() < until:
        time.sleep(0.01)
    assert servers_of(data) == []
    done = attune("db", "init", "--embedded")
    assert done.returncode == 0, done.stderr


def test_a_pid_that_a_stranger_has_now(data: Path) -> None:
    """PostgreSQL takes any living process of that number for its server, and would not start."""
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n1\n5432\n/nowhere\n\n0\nready   \n")
    with embedded() as target, connect(target) as connection:
        assert connection.info.user == "attune"


def test_a_server_that_somebody_else_has_started_is_left_alone(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with embedded() as target, connect(target) as connection:
        monkeypatch.setattr(module, "_PATIENCE", 0.05)
        with pytest.raises(AttuneError, match="has the embedded data open"):
            module._await_last(data)
        assert connection.execute("SELECT 1").fetchall() == [(1,)]
        monkeypatch.undo()


def test_data_that_cannot_be_used(data: Path) -> None:
    (data / "PG_VERSION").write_text("9.6\n")
    with pytest.raises(AttuneError) as raised, embedded():
        pass
    assert raised.value.what == "the embedded PostgreSQL does not start"
    assert "9.6" in str(raised.value.why)
    assert raised.value.where == str(data)


def test_a_half_made_folder_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it stands there after an initdb that was killed."""
    monkeypatch.setenv("ATTUNE_DATA_DIR", str(tmp_path))
    half = tmp_path / "postgresql" / f"{programs()['embedded'].parent.name.removeprefix('pginstall')}.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with embedded() as target, connect(target):
        assert not half.exists()


def test_a_folder_that_nobody_can_write_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("ATTUNE_DATA_DIR", str(tmp_path / "file"))
    with pytest.raises(AttuneError, match="cannot use the folder"), embedded():
        pass


def test_a_socket_whose_path_would_be_too_long(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTUNE_RUNTIME_DIR", str(tmp_path / ("x" * 100)))
    with pytest.raises(AttuneError, match="socket is too long") as raised, embedded():
        pass
    assert "ATTUNE_RUNTIME_DIR" in str(raised.value.help)
    assert servers_of(data) == []


def test_other_processes_run_beside_it(data: Path) -> None:
    """The engine waits for the server in a thread of its own."""
    with embedded() as target, connect(target) as connection:
        assert run(Request(argv=("/bin/echo", "hello"), env={})).stdout.text == "hello\n"
        assert connection.execute("SELECT 1").fetchall() == [(1,)]
    assert servers_of(data) == []


def test_nobody_else_gets_in(data: Path) -> None:
    """It trusts whoever reaches its socket, so nobody else does."""
    with embedded() as target, connect(target) as connection:
        (folder,) = connection.execute("SHOW unix_socket_directories").fetchall()[0]
        assert Path(folder).stat().st_mode & 0o077 == 0
        assert Path(folder, ".s.PGSQL.5432").stat().st_mode & 0o077 == 0
        assert data.stat().st_uid == Path(folder).stat().st_uid


def test_without_the_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_WHEEL", "no_such_wheel")
    with pytest.raises(AttuneError, match="is not installed") as raised, embedded():
        pass
    assert "attune-cli[embedded]" in str(raised.value.help)


def test_two_databases_are_one_too_many(attune: Attune, server: Server) -> None:
    done = attune("db", "init", "--embedded", "--dsn", server.dsn())
    assert done.returncode == 2
    assert "--embedded and --dsn" in done.stderr
