"""Seeding the rows of runtimes, first generation, into a real server on this machine.

In process: a fresh connection, the rows, its end, against a C program that sends the same statements in the same
round trips with the same libpq (psycopg's own, which it opens at run time). Whole process: the command against an
interpreter that imports psycopg, with 10 ms more; and against psql with the script that the command prints.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from attune_cli.database.connection import connect
from attune_cli.database.generation import Generation, read_shape
from attune_cli.database.runtimes import seeds
from attune_cli.database.script import script
from attune_cli.database.seeding import Wishes, seed
from attune_cli.database.store import Store
from tests.bench.harness import Contender, Series, race
from tests.bench.table import Goal, Row, compared
from tests.bench.workshop import Workshop
from tests.postgres import Database, cloned
from tests.postgres_server import programs, started

_ROOT = Path(__file__).resolve().parents[2]
#: What the command may take beyond the import of psycopg, in seconds.
_ALLOWED = 0.010
_IMPORT = (sys.executable, "-c", "import psycopg")
_STATEMENT, _ROUND_TRIP = "\x1e", "\x1d"


def rows(workshop: Workshop) -> Iterator[Row]:
    variant = next(iter(programs()), None)
    if variant is None:
        workshop.say("database: there is no PostgreSQL")
        return
    workshop.say(f"database: {variant} server")
    with started(variant, workshop.folder) as server, cloned(server, Generation.FIRST) as database:
        bench = _Seeding(workshop, database)
        yield from _in_process(bench, workshop.rounds(40, 8))
        yield from _whole(bench, workshop.rounds(25, 6))


def _in_process(bench: _Seeding, rounds: int) -> Iterator[Row]:
    for what, prepare in (("empty tables", bench.empty), ("nothing to do", bench.fill)):
        statements = bench.statements(prepare)
        ours = Contender("ours", partial(bench.seed, prepare))
        peer = Contender("C", partial(bench.in_c, prepare, statements))
        found = race([ours, peer], rounds)
        yield compared(f"database: {what} / C with libpq", found["ours"], found["C"], Goal(1.5))


def _whole(bench: _Seeding, rounds: int) -> Iterator[Row]:
    for what, prepare in (("empty tables", bench.empty), ("nothing to do", bench.fill)):
        contenders = [
            Contender("attune", partial(bench.command, prepare, bench.attune)),
            Contender("import", partial(bench.command, prepare, _IMPORT)),
            Contender("psql", partial(bench.command, prepare, bench.psql)),
        ]
        found = race(contenders, rounds)
        least = Series("import", tuple(value + _ALLOWED for value in found["import"].values))
        name = f"database: attune db seed-runtimes, {what}"
        yield compared(f"{name} / import psycopg + 10 ms", found["attune"], least, Goal(1.15))
        yield compared(f"{name} / psql with the script", found["attune"], found["psql"])


class _Seeding:
    """Ways of seeding one database."""

    def __init__(self, workshop: Workshop, database: Database) -> None:
        self._database = database
        self._folder = workshop.folder
        self._program = workshop.compiled("seed_loop")
        (self._folder / "seed.sql").write_text(script(seeds(Generation.FIRST), Generation.FIRST, "attune"))
        self.attune = (*_attune(), "db", "seed-runtimes", "--dsn", database.dsn)
        psql = str(database.server.bin / "psql")
        self.psql = (psql, "--no-psqlrc", "--quiet", "--dbname", database.dsn, "--file", str(self._folder / "seed.sql"))

    def empty(self) -> None:
        self._database.run("TRUNCATE attune.runtime RESTART IDENTITY CASCADE")

    def fill(self) -> None:
        self.seed(lambda: None)

    def seed(self, prepare: Callable[[], None]) -> float:
        prepare()
        begun = time.perf_counter()
        with connect(self._database.target) as connection:
            _seed(connection)
        return time.perf_counter() - begun

    def statements(self, prepare: Callable[[], None]) -> Path:
        """The statements that are sent then, in a file for the C program."""
        prepare()
        with connect(self._database.target) as connection:
            recorder = _Recorder(connection)
            _seed(recorder)
        file = self._folder / f"statements-{len(recorder.round_trips)}"
        file.write_text(_ROUND_TRIP.join(map(_STATEMENT.join, recorder.round_trips)))
        return file

    def in_c(self, prepare: Callable[[], None], file: Path) -> float:
        prepare()
        command = (self._program, psycopg_libpq(), self._database.target.conninfo, str(file))
        return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    def command(self, prepare: Callable[[], None], command: tuple[str, ...]) -> float:
        prepare()
        env = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(self._folder), "PYTHONPATH": str(_ROOT)}
        begun = time.perf_counter()
        subprocess.run(command, env=env, cwd=self._folder, stdin=subprocess.DEVNULL, check=True, capture_output=True)
        return time.perf_counter() - begun


def _seed(connection: Any) -> None:
    store = Store(connection, read_shape(connection, "attune"))
    seed(store, "bench", seeds(store.generation), Wishes(), lambda _: None)


def _attune() -> tuple[str, ...]:
    installed = Path(sys.executable).with_name("attune")
    return (str(installed),) if installed.exists() else (sys.executable, "-m", "attune_cli")


def psycopg_libpq() -> str:
    """The libpq that psycopg has brought along; where it has none, that of the system."""
    import psycopg_binary

    folder = Path(psycopg_binary.__file__).parents[1] / "psycopg_binary.libs"
    return next((str(file) for file in sorted(folder.glob("libpq*"))), "libpq.so.5")


@dataclass(slots=True)
class _Recorder:
    """A connection that keeps what passes over it, with the values written in."""

    connection: psycopg.Connection[tuple[Any, ...]]
    round_trips: list[list[str]] = field(default_factory=list)
    _in_pipeline: bool = False

    def execute(self, query: Any, values: Any = None) -> psycopg.Cursor[tuple[Any, ...]]:
        text = psycopg.ClientCursor(self.connection).mogrify(query, values)
        if not self._in_pipeline:
            self.round_trips.append([])
        self.round_trips[-1].append(text)
        return self.connection.execute(query, values)

    @contextmanager
    def pipeline(self) -> Iterator[None]:
        self.round_trips.append([])
        self._in_pipeline = True
        with self.connection.pipeline():
            yield
        self._in_pipeline = False

    def commit(self) -> None:
        self.round_trips.append(["COMMIT"])
        self.connection.commit()
