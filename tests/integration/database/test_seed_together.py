"""Many at once, locks that others hold, a pooler in between, and a server that dies."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from attune_cli.database.connection import connect
from attune_cli.database.dsn import parse
from attune_cli.database.generation import Generation
from attune_cli.database.init import init
from attune_cli.database.seeding import Status
from attune_cli.errors import AttuneError
from tests.integration.database.relay import Pooler, relayed
from tests.integration.database.seeders import COUNTS, content, count, seeded, tables, wait_until_locked
from tests.postgres import Database
from tests.postgres_server import Server, template

ROOT = Path(__file__).resolve().parents[3]
SEEDERS, ROUNDS = 8, 20

#: A process that seeds whenever it is sent a line, and answers with what came of it.
SEEDER = """\
import json, sys
from attune_cli.database.dsn import parse
from tests.integration.database.relay import Pooler, relayed
from tests.integration.database.seeders import seeded
target = parse(sys.argv[1], "--dsn")
print("ready", flush=True)
for _ in sys.stdin:
    found = seeded(target)
    print(json.dumps([found.status, len(found.plan.to_write)]), flush=True)
"""


@pytest.fixture(autouse=True)
def _few_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Version managers' stand-ins for interpreters take long to say that there is none."""
    monkeypatch.setenv("PATH", "/usr/bin:/bin")


@contextmanager
def crew(dsn: str) -> Iterator[list[subprocess.Popen[str]]]:
    """Seeders, ready to begin."""
    with ExitStack() as stack:
        members = [
            stack.enter_context(
                subprocess.Popen(
                    (sys.executable, "-c", SEEDER, dsn),
                    cwd=ROOT,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            for _ in range(SEEDERS)
        ]
        for member in members:
            assert line_of(member) == "ready"
        yield members
        for member in members:
            assert member.stdin is not None
            member.stdin.close()


def line_of(member: subprocess.Popen[str]) -> str:
    assert member.stdout is not None
    return member.stdout.readline().strip()


def round_of(members: list[subprocess.Popen[str]]) -> list[Any]:
    for member in members:
        assert member.stdin is not None
        print("go", file=member.stdin, flush=True)
    return [json.loads(line_of(member)) for member in members]


@pytest.mark.timeout(300)
def test_eight_at_once_twenty_times(database: Database) -> None:
    assert database.generation is not None
    total = COUNTS[database.generation]
    contents = []
    with crew(database.dsn) as members:
        for _ in range(ROUNDS):
            database.run(*(f"TRUNCATE attune.{name} RESTART IDENTITY CASCADE" for name in tables(database)))
            answers = round_of(members)
            # One does all of it, and finds nothing of the others'; they find that it is done.
            assert sorted(answers) == [["unchanged", 0]] * (SEEDERS - 1) + [["written", total]]
            contents.append(content(database))
            # Nobody has drawn an id for a row that was there already.
            last = [database.query(f"SELECT last_value FROM attune.{name}_id_seq")[0][0] for name in tables(database)]
            assert sum(last) == total
    assert contents == [contents[0]] * ROUNDS
    assert len(contents[0]) == total


def test_in_any_order(database: Database) -> None:
    """Two that write the same rows the other way round do not stand in each other's way."""
    with ThreadPoolExecutor() as pool:
        found = list(pool.map(lambda _: seeded(database.target, force=True).status, range(6)))
    assert found.count(Status.WRITTEN) == 1
    assert found.count(Status.UNCHANGED) == 5


LOCKS = (
    "SELECT pg_advisory_xact_lock(hashtextextended('attune seed-runtimes attune', 0))",
    "LOCK TABLE attune.runtime IN ACCESS EXCLUSIVE MODE",
    "LOCK TABLE attune.runtime IN SHARE MODE",
)


@pytest.mark.parametrize("lock", LOCKS, ids=["advisory", "exclusive", "share"])
def test_a_held_lock_is_told_within_its_time(database: Database, lock: str) -> None:
    with database.connected() as holder:
        holder.execute("BEGIN")
        holder.execute(lock.encode())
        with pytest.raises(AttuneError) as error:
            seeded(database.target, lock_timeout=0.2)
        assert error.value.what == "somebody else holds a lock on these rows or tables"
        assert "--lock-timeout" in str(error.value.help)
    assert count(database) == 0


def test_a_lock_that_is_let_go_is_waited_for(database: Database) -> None:
    with ThreadPoolExecutor() as pool, database.connected() as holder:
        holder.execute("BEGIN")
        holder.execute(LOCKS[0].encode())
        seeding = pool.submit(seeded, database.target)
        wait_until_locked(database)
        holder.execute("COMMIT")
        assert seeding.result(60).status is Status.WRITTEN


@pytest.mark.parametrize("database", [1], indirect=True, ids=["first"])
@pytest.mark.parametrize("level", ["read committed", "repeatable read", "serializable"])
def test_what_was_written_while_it_waited_is_seen(database: Database, level: str) -> None:
    """Whatever isolation is the default: the lock is of no use to whoever sees rows as they were before it."""
    seeded(database.target)
    database.run(
        "CREATE TABLE public.saved AS TABLE attune.runtime",
        "TRUNCATE attune.runtime",
        f"ALTER DATABASE {database.name} SET default_transaction_isolation = '{level}'",
    )
    with ThreadPoolExecutor() as pool, database.connected() as holder:
        holder.execute("BEGIN")
        holder.execute(LOCKS[0].encode())
        seeding = pool.submit(seeded, database.target)
        wait_until_locked(database)
        holder.execute("INSERT INTO attune.runtime TABLE public.saved")
        holder.execute("COMMIT")
        found = seeding.result(60)
    assert (found.status, found.is_overtaken) == (Status.UNCHANGED, True)


def test_two_schemas_do_not_wait_for_each_other(database: Database) -> None:
    other = parse(database.dsn, "--dsn", "other")
    with connect(other) as connection:
        init(connection, "other", database.generation)
    with database.connected() as holder:
        holder.execute("BEGIN")
        holder.execute(LOCKS[0].encode())
        assert seeded(other, lock_timeout=0.2).status is Status.WRITTEN


def test_through_a_pooler(database: Database) -> None:
    with relayed(database.server, Pooler) as (address, sessions):
        target = parse(f"{address} dbname={database.name}", "--dsn")
        assert seeded(target).status is Status.WRITTEN
        assert seeded(target).status is Status.UNCHANGED
        assert len(sessions) == 2


# --- a server that is killed ------------------------------------------------------------------------

#: Waits, in the middle of the rows of the table, for a lock that the test holds.
WAIT = """CREATE FUNCTION public.wait() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW)::text LIKE '%python3%' THEN PERFORM pg_advisory_xact_lock(4711); END IF;
    RETURN NULL;
END $$"""


def furnished(server: Server, generation: Generation) -> Database:
    """A database that keeps what was committed, as servers do outside of tests."""
    server.run(f"CREATE DATABASE doomed TEMPLATE {template(generation)}")
    server.run("ALTER DATABASE doomed SET synchronous_commit = on")
    return Database(server, "doomed", generation)


@pytest.mark.parametrize("generation", Generation)
def test_a_server_killed_while_rows_are_written_has_none_of_them(own_server: Server, generation: Generation) -> None:
    database = furnished(own_server, generation)
    # In the table that is written last: what came before is not to be there alone.
    last = tables(database)[-1]
    database.run(WAIT, f"CREATE TRIGGER wait AFTER INSERT ON attune.{last} FOR EACH ROW EXECUTE FUNCTION public.wait()")
    with ThreadPoolExecutor() as pool:
        with database.connected() as holder:
            holder.execute("SELECT pg_advisory_lock(4711)")
            seeding = pool.submit(seeded, database.target)
            wait_until_locked(database)
            own_server.kill()
        with pytest.raises(AttuneError, match="the connection to PostgreSQL was lost"):
            seeding.result(60)
    own_server.restart()
    assert count(database) == 0
    assert seeded(database.target).status is Status.WRITTEN
    assert count(database) == COUNTS[generation]


def test_a_server_killed_after_they_were_written_has_all_of_them(own_server: Server) -> None:
    database = furnished(own_server, Generation.FIRST)
    assert seeded(database.target).status is Status.WRITTEN
    own_server.kill()
    own_server.restart()
    assert count(database) == COUNTS[Generation.FIRST]
    assert seeded(database.target).status is Status.UNCHANGED


def test_a_session_ended_from_outside(database: Database) -> None:
    """As an administrator does, while it waits."""
    with ThreadPoolExecutor() as pool, database.connected() as holder:
        holder.execute("BEGIN")
        holder.execute(LOCKS[0].encode())
        seeding = pool.submit(seeded, database.target)
        wait_until_locked(database)
        holder.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        with pytest.raises(AttuneError, match="connection to PostgreSQL was lost"):
            seeding.result(60)
    assert count(database) == 0
