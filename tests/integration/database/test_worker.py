"""This machine's row among the workers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from attune_cli.database.connection import connect
from attune_cli.database.generation import Generation, read_shape
from attune_cli.database.worker import Announcement, Worker, register
from attune_cli.errors import AttuneError, UsageError
from tests.postgres import Database

CAPABILITIES = {"runtimes": ["native", "python", "shell", "node"], "max_concurrent_executions": 4}


def registered(database: Database, name: str = "box", **more: object) -> Worker:
    with connect(database.target) as connection:
        shape = read_shape(connection, "attune")
        return register(connection, shape, Announcement(name, "box.example", {**CAPABILITIES, **more}))


def test_a_new_worker(each_database: Database) -> None:
    assert registered(each_database).is_new
    query = """SELECT name, worker_type, status, host, capabilities FROM attune.worker
               WHERE capabilities->'runtimes' ? 'native'"""
    assert each_database.query(query) == [("box", "local", "active", "box.example", CAPABILITIES)]
    if each_database.generation is Generation.SECOND:
        assert each_database.query("SELECT worker_role FROM attune.worker") == [("hybrid",)]


def test_a_second_time_it_is_the_same_row(database: Database) -> None:
    first = registered(database)
    database.run(
        "UPDATE attune.worker SET status = 'inactive', last_heartbeat = 'epoch', host = 'theirs', meta = '{\"a\": 1}', "
        "capabilities = capabilities || '{\"gpu\": true}'"
    )
    second = registered(database, max_concurrent_executions=8)
    assert not second.is_new
    assert second.values["id"] == first.values["id"]
    (row,) = database.query(
        """SELECT status, host, meta, capabilities, last_heartbeat > now() - interval '1 hour', updated > created
           FROM attune.worker"""
    )
    capabilities = {**CAPABILITIES, "gpu": True, "max_concurrent_executions": 8}
    assert row == ("active", "theirs", {"a": 1}, capabilities, True, True)
    assert database.query("SELECT last_value FROM attune.worker_id_seq") == [(1,)]


def test_capabilities_that_are_none_are_replaced(database: Database) -> None:
    registered(database)
    for odd in ("NULL", "'[]'", "'3'"):
        database.run(f"UPDATE attune.worker SET capabilities = {odd}")
        assert registered(database).values["capabilities"] == CAPABILITIES


def test_others_are_left_alone(database: Database) -> None:
    registered(database, "other")
    before = database.query("SELECT xmin::text, w.* FROM attune.worker AS w")
    registered(database)
    assert database.query("SELECT xmin::text, w.* FROM attune.worker AS w WHERE name = 'other'") == before


def test_eight_at_once_make_one_row(database: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: registered(database), range(8)))
    assert [worker.is_new for worker in found].count(True) == 1
    assert database.query("SELECT count(*) FROM attune.worker") == [(1,)]


@pytest.mark.parametrize("database", [1], indirect=True, ids=["first"])
def test_of_two_rows_of_a_name_the_older(database: Database) -> None:
    database.run(*2 * ("INSERT INTO attune.worker (name, worker_type) VALUES ('box', 'local')",))
    assert registered(database).values["id"] == 1
    assert database.query("SELECT id, status::text FROM attune.worker ORDER BY id") == [(1, "active"), (2, "inactive")]


def test_what_cannot_be(database: Database) -> None:
    with pytest.raises(UsageError, match="a worker has a name"):
        registered(database, " ")
    database.run("ALTER TABLE attune.worker DROP COLUMN capabilities")
    with pytest.raises(AttuneError, match=r"attune\.worker lacks the column capabilities"):
        registered(database)
