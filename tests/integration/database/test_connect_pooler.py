"""Behind a pooler that gives each transaction another session."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from attune_cli.database.connection import connect, transaction
from attune_cli.database.dsn import parse
from attune_cli.database.generation import Generation
from attune_cli.database.init import init
from tests.integration.database.relay import Pooler, relayed
from tests.postgres import Database
from tests.postgres_server import Server


def test_a_session_that_forgets(server: Server, databases: Callable[[Server, None], Database]) -> None:
    made = databases(server, None)
    with relayed(server, Pooler) as (address, sessions):
        with connect(parse(f"{address} dbname={made.name}", "--dsn")) as connection:
            assert len(init(connection, "attune", Generation.FIRST)) == 9
            assert init(connection, "attune", Generation.FIRST) == ()
            with transaction(connection, lock_timeout=2):
                assert connection.execute("SHOW lock_timeout").fetchall() == [("2s",)]
                # More often than psycopg waits before it would prepare a statement.
                counts = [connection.execute("SELECT %s + 1", [number]).fetchone() for number in range(12)]
            again = [connection.execute("SELECT %s + 1", [number]).fetchone() for number in range(12)]
        assert counts == again == [(number + 1,) for number in range(12)]
        assert sessions[0].answers > 14


def test_the_pooler_here_forgets_and_refuses(server: Server) -> None:
    """Without it the test above would show nothing."""
    with relayed(server, Pooler) as (address, _):
        with pytest.raises(psycopg.OperationalError, match="unsupported startup parameter: options"):
            psycopg.connect(address, options="-c lock_timeout=1").close()
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("SET lock_timeout = '7s'")
            assert connection.execute("SHOW lock_timeout").fetchall() == [("0",)]
            with pytest.raises(psycopg.errors.InvalidSqlStatementName):
                connection.execute("SELECT %s", [1], prepare=True)
