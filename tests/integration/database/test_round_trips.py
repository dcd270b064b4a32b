"""How often a seeding waits for the server, counted on the wire."""

from __future__ import annotations

import pytest

from attune_cli.database.dsn import parse
from attune_cli.database.seeding import Status
from tests.integration.database.relay import Relay, relayed
from tests.integration.database.seeders import seeded
from tests.postgres import Database


@pytest.fixture(autouse=True)
def _few_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")


def answers(database: Database, *, force: bool = False) -> tuple[Status, int]:
    """How many there were after the one that lets the client in."""
    with relayed(database.server, Relay) as (address, relays):
        status = seeded(parse(f"{address} dbname={database.name}", "--dsn"), force=force).status
        (relay,) = relays
    return status, relay.answers - 1


#: The catalogue, which tells the generation, and the rows.
LOOKING = 2
#: The lock with a second look, the rows, the commit.
WRITING = 3


def test_looking_takes_one_for_the_catalogue_and_one_for_the_rows(database: Database) -> None:
    seeded(database.target)
    assert answers(database) == (Status.UNCHANGED, LOOKING)


def test_writing_takes_three_more(database: Database) -> None:
    assert answers(database) == (Status.WRITTEN, LOOKING + WRITING)
    database.run("UPDATE attune.runtime SET name = 'mine'")
    assert answers(database) == (Status.REFUSED, LOOKING)
    assert answers(database, force=True) == (Status.WRITTEN, LOOKING + WRITING)


def test_the_relay_counts(database: Database) -> None:
    """It would be easy to count nothing."""
    import psycopg

    with relayed(database.server, Relay) as (address, relays):
        with psycopg.connect(address, autocommit=True) as connection:
            for _ in range(5):
                connection.execute("SELECT 1")
            with connection.pipeline():
                for _ in range(5):
                    connection.execute("SELECT 1")
        (relay,) = relays
    assert relay.answers == 1 + 5 + 1
