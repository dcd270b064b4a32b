"""Servers and databases for tests, as fixtures.

    from tests.postgres import any_server, database, …  # in the conftest.py of a folder

A test gets a database that is a clone of its generation's template.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from attune_cli.database.dsn import Target, parse
from attune_cli.database.generation import Generation
from tests.postgres_server import Server, programs, started, template

__all__ = [
    "Database",
    "any_server",
    "cloned",
    "database",
    "databases",
    "each_database",
    "own_server",
    "server",
    "servers",
]


@dataclass(frozen=True, slots=True)
class Database:
    """A database of one test. generation: None: it is empty, without a schema. role: who looks at it."""

    server: Server
    name: str
    generation: Generation | None
    schema: str = "attune"
    role: str = "postgres"

    @property
    def dsn(self) -> str:
        return self.server.dsn(self.name, self.role)

    @property
    def target(self) -> Target:
        return parse(self.dsn, "--dsn", self.schema)

    @contextmanager
    def connected(self) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            yield connection

    def query(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with self.connected() as connection:
            return connection.execute(sql.encode(), values or None).fetchall()

    def run(self, *statements: str) -> None:
        """Each statement by itself, as superuser."""
        self.server.run(*statements, database=self.name)


# --- fixtures -------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Server]]:
    """Gives the running server of a variant (`installed`, `embedded`), started when it is first asked for."""
    shared = _shared(tmp_path_factory)
    running: dict[str, Server] = {}
    with ExitStack() as stack:

        def get(variant: str) -> Server:
            if variant not in running:
                running[variant] = stack.enter_context(started(variant, shared))
            return running[variant]

        yield get


@pytest.fixture(scope="session")
def server(servers: Callable[[str], Server]) -> Server:
    """The installed server, or the embedded one where none is installed."""
    return servers(next(iter(programs())))


@pytest.fixture(scope="session", params=sorted(programs()))
def any_server(servers: Callable[[str], Server], request: pytest.FixtureRequest) -> Server:
    """Each server in turn."""
    return servers(request.param)


@pytest.fixture
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of this test alone, which may be killed."""
    with started(next(iter(programs())), _shared(tmp_path_factory)) as server:
        yield server


@pytest.fixture
def databases() -> Iterator[Callable[[Server, Generation | None], Database]]:
    """Makes a database of a generation in a server, or an empty one (None); it is dropped after the test."""
    with ExitStack() as stack:
        yield lambda server, generation: stack.enter_context(cloned(server, generation))


@pytest.fixture(params=[1, 2], ids=["first", "second"])
def database(request: pytest.FixtureRequest, server: Server) -> Iterator[Database]:
    """A database of each generation in turn, its tables empty; `indirect` chooses one."""
    with cloned(server, Generation(request.param)) as made:
        yield made


@pytest.fixture(params=[1, 2], ids=["first", "second"])
def each_database(request: pytest.FixtureRequest, any_server: Server) -> Iterator[Database]:
    """A database of each generation in each server in turn."""
    with cloned(any_server, Generation(request.param)) as made:
        yield made


def _shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that all processes of a session have in common."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


# --- databases ------------------------------------------------------------------------------------

_NUMBERS = itertools.count(1)


@contextmanager
def cloned(server: Server, generation: Generation | None) -> Iterator[Database]:
    """A database that is a copy of the generation's template."""
    name = f"test_{os.getpid()}_{next(_NUMBERS)}"
    server.run(f"CREATE DATABASE {name} TEMPLATE {template(generation)}")
    try:
        yield Database(server, name, generation)
    finally:
        if server.process.poll() is None:
            server.run(f"DROP DATABASE {name} WITH (FORCE)")
