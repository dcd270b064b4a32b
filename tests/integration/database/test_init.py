"""What `attune db init` makes, and that it never touches what is there."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence

import psycopg
import pytest

from attune_cli.database.connection import connect
from attune_cli.database.generation import Generation
from attune_cli.database.init import Created, init
from attune_cli.errors import AttuneError, UsageError
from tests.integration.database.conftest import Attune
from tests.postgres import Database
from tests.postgres_server import Server

Databases = Callable[[Server, Generation | None], Database]

#: All that tells one state of a database from another: what there is, when rows were written, where sequences stand.
STATE = """
SELECT 'class', relname::text, oid::text, relfilenode::text FROM pg_class WHERE relnamespace = 'attune'::regnamespace
UNION ALL SELECT 'column', attrelid::regclass::text, attname::text, xmin::text FROM pg_attribute
    WHERE attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'attune'::regnamespace)
UNION ALL SELECT 'type', typname::text, oid::text, xmin::text FROM pg_type WHERE typnamespace = 'attune'::regnamespace
UNION ALL SELECT 'trigger', tgname::text, oid::text, xmin::text FROM pg_trigger
    WHERE tgrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'attune'::regnamespace)
UNION ALL SELECT 'rule', conname::text, oid::text, xmin::text FROM pg_constraint
    WHERE connamespace = 'attune'::regnamespace
UNION ALL SELECT 'function', proname::text, oid::text, xmin::text FROM pg_proc
    WHERE pronamespace = 'attune'::regnamespace
UNION ALL SELECT 'sequence', sequencename::text, last_value::text, '' FROM pg_sequences WHERE schemaname = 'attune'
ORDER BY 1, 2, 3
"""
ROW = "INSERT INTO attune.pack (ref, label, version) VALUES ('core', 'Core', '1.0.0')"


def made(database: Database, generation: Generation | None = None, schema: str = "attune") -> list[str]:
    with connect(database.target) as connection:
        return names(init(connection, schema, generation))


def names(found: Sequence[Created]) -> list[str]:
    return [f"{each.kind} {each.name}" for each in found]


BOTH = ["schema attune", "function set_updated", "table pack", "table native_binary"]
WORKERS = ["type worker_type_enum", "type worker_status_enum"]
ALL = {
    Generation.FIRST: [*BOTH, *WORKERS, "type runtime_type_enum", "table runtime", "table worker"],
    Generation.SECOND: [
        *BOTH,
        *WORKERS,
        "type worker_role_enum",
        "table runtime",
        "table runtime_version",
        "table worker",
    ],
}


@pytest.mark.parametrize("generation", Generation)
def test_all_is_made_where_there_is_nothing(any_server: Server, databases: Databases, generation: Generation) -> None:
    empty = databases(any_server, None)
    assert made(empty, generation) == ALL[generation]
    assert made(empty, generation) == []
    assert made(empty) == [], "what is there says which generation it is"


def test_the_first_generation_is_made_unless_another_is_named(server: Server, databases: Databases) -> None:
    assert "type runtime_type_enum" in made(databases(server, None))


def test_what_is_there_is_not_touched(database: Database) -> None:
    """Also what others have added to it, or changed."""
    database.run(
        ROW,
        "ALTER TABLE attune.runtime ADD COLUMN colour text DEFAULT 'red', DROP COLUMN installation",
        "DROP TRIGGER runtime_set_updated ON attune.runtime",
        "ALTER TYPE attune.worker_type_enum ADD VALUE 'balloon'",
        "CREATE OR REPLACE FUNCTION attune.set_updated() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "CREATE TABLE attune.theirs ()",
    )
    rows = "SELECT xmin::text, p::text FROM attune.pack AS p"
    before = database.query(STATE), database.query(rows)
    assert made(database) == []
    assert (database.query(STATE), database.query(rows)) == before


@pytest.mark.parametrize("table", ["pack", "native_binary", "worker", "runtime"])
def test_a_table_that_is_missing_is_made_alone(database: Database, table: str) -> None:
    """Where `runtime` is missing nobody tells which generation it is, so it is said."""
    database.run(f"DROP TABLE attune.{table} CASCADE")
    there = {row for row in database.query(STATE) if table not in row[1]}
    assert made(database, database.generation) == [f"table {table}"]
    assert there <= {row for row in database.query(STATE) if table not in row[1]}


def test_the_other_generation_is_refused(database: Database) -> None:
    assert database.generation
    other = Generation(3 - database.generation)
    before = database.query(STATE)
    with pytest.raises(UsageError, match=f"has the tables of generation {database.generation}"):
        made(database, other)
    assert database.query(STATE) == before


def test_another_schema_of_any_name(database: Database) -> None:
    database.run("CREATE TABLE public.runtime (id int)", "CREATE TYPE public.runtime_type_enum AS ENUM ('decoy')")
    before = database.query(STATE.replace("'attune'", "'public'"))
    name = 'Two "words"; %s :"schema"'
    assert made(database, Generation.FIRST, name) == [f"schema {name}", *ALL[Generation.FIRST][1:]]
    assert made(database, None, name) == []
    assert database.query(STATE.replace("'attune'", "'public'")) == before


def test_nothing_is_made_unless_all_can_be(server: Server, databases: Databases) -> None:
    empty = databases(server, None)
    empty.run("CREATE SCHEMA attune", "CREATE DOMAIN attune.worker AS text")
    before = empty.query(STATE)
    with pytest.raises(AttuneError, match="refused"):
        made(empty)
    assert empty.query(STATE) == before


def test_no_right_to_make_a_schema(server: Server, databases: Databases) -> None:
    empty = databases(server, None)
    with pytest.raises(AttuneError) as raised:
        made(Database(server, empty.name, None, role="stranger"))
    assert raised.value.what == "the role stranger may not do this"
    assert raised.value.why == f"permission denied for database {empty.name}"
    assert "CREATE on the database" in str(raised.value.help)


def test_several_at_the_same_moment(server: Server, databases: Databases) -> None:
    """One makes it all, the others wait and find it there."""
    for _ in range(3):
        empty = databases(server, None)
        found: list[list[str]] = []
        # All of them end before the next round gives the names to others.
        threads = [threading.Thread(target=lambda: found.append(made(empty))) for _ in range(6)]  # noqa: B023
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(found) == [[], [], [], [], [], ALL[Generation.FIRST]]


def test_it_waits_for_others_only_so_long(server: Server, databases: Databases) -> None:
    empty = databases(server, None)

    def create() -> None:
        with connect(empty.target) as connection:
            init(connection, "attune", lock_timeout=0.05)

    with empty.connected() as other, other.transaction():
        other.execute("CREATE SCHEMA attune")
        with pytest.raises(AttuneError, match="holds a lock"):
            create()


# --- what the tables hold and refuse --------------------------------------------------------------


def test_updated_is_kept(database: Database) -> None:
    """Of every table that has such a column, by a trigger, as the platform's own does it."""
    with_updated = "SELECT table_name::text FROM information_schema.columns WHERE column_name = 'updated' ORDER BY 1"
    with_trigger = "SELECT event_object_table::text FROM information_schema.triggers ORDER BY 1"
    assert database.query(with_updated) == database.query(with_trigger) != []
    database.run(ROW, "UPDATE attune.pack SET updated = '2001-01-01', created = '2001-01-01'")
    assert database.query("SELECT updated > now() - interval '1 hour', created < '2001-01-03' FROM attune.pack") == [
        (True, True)
    ]


RUNTIME = {
    Generation.FIRST: (
        "INSERT INTO attune.runtime (ref, name, runtime_type, distributions) "
        "VALUES ('{ref}', 'Native', 'action', '[\"native\"]') RETURNING ref"
    ),
    Generation.SECOND: (
        "INSERT INTO attune.runtime (ref, name, distributions) VALUES ('{ref}', 'Native', '{{}}') RETURNING ref"
    ),
}


@pytest.mark.parametrize(
    ("ref", "generations"),
    [
        ("core.action.native", {1, 2}),
        ("core.sensor.python3", {1, 2}),
        ("core.native", {2}),
        ("core.trigger.native", {2}),
        ("core.action.native.x", {2}),
        ("core.action.Native", set()),
    ],
)
def test_refs_of_runtimes(database: Database, ref: str, generations: set[int]) -> None:
    assert database.generation
    taken = _taken(database, RUNTIME[database.generation].format(ref=ref))
    assert taken == (database.generation in generations)


BINARY = """
INSERT INTO attune.native_binary (pack_ref, name, platform, version, sha256, size)
VALUES ('core', 'digest', 'linux/amd64', '1.0.0', '{digest}', 1) RETURNING id
"""


@pytest.mark.parametrize(
    ("digest", "is_taken"), [("0a" * 32, True), ("0A" * 32, False), ("0a" * 31, False), ("0a" * 32 + "\n", False)]
)
def test_digests_of_binaries(database: Database, digest: str, is_taken: bool) -> None:
    assert _taken(database, BINARY.format(digest=digest)) == is_taken
    assert not _taken(database, BINARY.format(digest=digest)), "a binary is there once"


@pytest.mark.parametrize(
    ("ref", "version", "is_taken"),
    [
        ("core", "1.2.3", True),
        ("my_pack-2", "1.0.0-rc.1+build.5", True),
        ("core", "1.2", False),
        ("core", "1.2.3-", False),
        ("core", "01.2.3", False),
        ("Core", "1.2.3", False),
        ("c", "1.2.3", False),
        ("core.x", "1.2.3", False),
    ],
)
def test_packs(database: Database, ref: str, version: str, is_taken: bool) -> None:
    statement = f"INSERT INTO attune.pack (ref, label, version) VALUES ('{ref}', 'x', '{version}') RETURNING id"
    assert _taken(database, statement) == is_taken


def test_a_pack_takes_its_runtimes_with_it(database: Database) -> None:
    assert database.generation
    database.run(ROW, RUNTIME[database.generation].format(ref="core.action.native"))
    database.run("UPDATE attune.runtime SET pack = (SELECT id FROM attune.pack)", "DELETE FROM attune.pack")
    assert database.query("SELECT count(*) FROM attune.runtime") == [(0,)]


def test_names_of_workers(database: Database) -> None:
    """Two of one name only in the first generation."""
    role = ", worker_role" if database.generation == Generation.SECOND else ""
    value = ", 'hybrid'" if role else ""
    statement = f"INSERT INTO attune.worker (name, worker_type{role}) VALUES ('here', 'local'{value}) RETURNING id"
    assert _taken(database, statement)
    assert _taken(database, statement) == (database.generation == Generation.FIRST)


def _taken(database: Database, statement: str) -> bool:
    try:
        return bool(database.query(statement))
    except psycopg.errors.IntegrityError:
        return False


# --- the command ----------------------------------------------------------------------------------


def test_the_command(server: Server, databases: Databases, attune: Attune) -> None:
    empty = databases(server, None)
    done = attune("db", "init", "--dsn", empty.dsn, "--generation", "2")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[:2] == ["+ schema attune", "+ function attune.set_updated"]
    assert done.stdout.splitlines()[-1].endswith(f"/{empty.name}: 10 created")
    again = attune("db", "init", "-j", env={"ATTUNE_DATABASE_URL": empty.dsn})
    database = {"name": empty.target.shown, "schema": "attune"}
    assert json.loads(again.stdout) == {"schema": "attune.tables/1", "database": database, "created": []}
    plain = attune("db", "init", "--dsn", empty.dsn, env={"PYTHONIOENCODING": "ascii"})
    assert plain.stdout == f"+ {empty.target.shown}: nothing was missing\n"
    other = attune("db", "init", "--dsn", empty.dsn, "--generation", "1")
    assert (other.returncode, other.stdout) == (2, "")
    assert "has the tables of generation 2" in other.stderr


def test_the_command_shows_no_password(server: Server, attune: Attune) -> None:
    """Not with a traceback either."""
    for password, query in (("hunter%2F22", ""), ("hunter/22", ""), ("hunter22", "?sslmode=hunter22")):
        address = f"postgresql://guarded:{password}@127.0.0.1:{server.port}/tcp{query}"
        done = attune("--debug", "db", "init", env={"DATABASE_URL": address})
        assert done.returncode in {2, 3}
        assert "DATABASE_URL" in done.stderr
        assert "hunter" not in done.stdout + done.stderr
