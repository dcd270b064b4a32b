"""What is told once a database is connected to, and what transactions promise."""

from __future__ import annotations

import psycopg
import pytest

from attune_cli.database.connection import connect, transaction
from attune_cli.database.generation import Generation, read_shape
from attune_cli.errors import AttuneError, UsageError
from tests.integration.database.test_connect import failure
from tests.postgres import Database
from tests.postgres_server import Server


def test_missing_things_are_named(database: Database) -> None:
    database.run("CREATE SCHEMA empty")
    with database.connected() as connection:
        with pytest.raises(AttuneError, match="there is no schema elsewhere") as raised:
            read_shape(connection, "elsewhere").require("runtime")
        assert "attune db init" in str(raised.value.help)
        with pytest.raises(AttuneError, match=r"there is no table empty\.runtime") as raised:
            read_shape(connection, "empty").generation_or_raise()
        assert "attune db init" in str(raised.value.help)
        shape = read_shape(connection, "attune")
        with pytest.raises(AttuneError, match=r"attune\.runtime lacks the columns colour, size"):
            shape.require("runtime", ("ref", "size", "colour"))
        shape.require("runtime", ("ref", "name"))


def test_what_is_missing_is_missing_in_this_database(database: Database) -> None:
    with pytest.raises(AttuneError) as raised, connect(database.target) as connection:
        read_shape(connection, "elsewhere").require("runtime")
    assert raised.value.where == database.target.where
    with pytest.raises(UsageError) as raised, connect(database.target):
        raise UsageError("of an option", where="--only")
    assert raised.value.where == "--only"


def test_a_dropped_column_is_missing(database: Database) -> None:
    database.run("ALTER TABLE attune.runtime DROP COLUMN installation")
    with database.connected() as connection:
        shape = read_shape(connection, "attune")
    with pytest.raises(AttuneError, match="lacks the column installation"):
        shape.require("runtime", ("installation",))
    assert not [name for name in shape.columns["runtime"] if "." in name], "nor does it have another name now"


def test_the_generation(database: Database) -> None:
    with database.connected() as connection:
        assert read_shape(connection, "attune").generation is database.generation
        assert read_shape(connection, "public").generation is None


def test_a_table_of_that_name_elsewhere_says_nothing(database: Database) -> None:
    """Nothing is looked up along a search_path: neither a table of another schema nor one of the session."""
    other = "runtime_type text" if database.generation == Generation.SECOND else "nothing text"
    database.run(f"CREATE TABLE public.runtime ({other})", "CREATE TABLE public.decoy ()")
    with database.connected() as connection:
        connection.execute(f"CREATE TEMPORARY TABLE runtime ({other})".encode())
        connection.execute("SET search_path = public, attune")
        shape = read_shape(connection, "attune")
    assert shape.generation is database.generation
    assert "decoy" not in shape.columns


@pytest.mark.parametrize(
    ("statement", "what", "why"),
    [
        ("SELECT * FROM attune.nothing", "a table is missing in the schema attune", '"attune.nothing" does not exist'),
        ("SELECT colour FROM attune.pack", "the column colour is missing", '"colour"'),
        ("CREATE TABLE nowhere.x ()", "there is no schema attune", '"nowhere"'),
        ("INSERT INTO attune.pack VALUES (1, 'core', 'x', '', 'none')", "a row breaks a rule", "pack_version_semver"),
        ("SET LOCAL statement_timeout = 1; SELECT pg_sleep(60)", "has cancelled the statement", "timeout"),
        ("SET LOCAL transaction_read_only = on; CREATE TABLE x ()", "the database is read-only", "read-only"),
        ("SELECT 1 / 0", "PostgreSQL refused the statement", "division by zero"),
        ("SELECT pg_terminate_backend(pg_backend_pid())", "the connection to PostgreSQL was lost", "terminating"),
    ],
)
def test_a_statement_fails(database: Database, statement: str, what: str, why: str) -> None:
    with pytest.raises(AttuneError) as raised, connect(database.target) as connection, transaction(connection):
        connection.execute(statement.encode())
    error = raised.value
    assert what in error.what
    assert why in str(error.why)
    assert error.help
    assert isinstance(error.__cause__, psycopg.Error), "the cause is kept"


def test_no_right_to_the_rows(database: Database) -> None:
    target = database.server.target(dbname=database.name, user="stranger")
    with connect(target) as connection, pytest.raises(AttuneError, match="may not use the schema attune"):
        read_shape(connection, "attune").require("runtime")
    database.run("GRANT USAGE ON SCHEMA attune TO stranger")
    with connect(target) as connection:
        read_shape(connection, "attune").require("runtime", ("ref",))
    with pytest.raises(AttuneError) as raised, connect(target) as connection:
        connection.execute("SELECT ref FROM attune.runtime")
    assert raised.value.what == "the role stranger may not do this"
    assert raised.value.why == "permission denied for table runtime"
    assert "USAGE on the schema attune" in str(raised.value.help)


def test_a_lock_is_not_waited_for_for_ever(database: Database) -> None:
    def read() -> None:
        with connect(database.target) as connection, transaction(connection, lock_timeout=0.05):
            connection.execute("SELECT * FROM attune.runtime")

    with database.connected() as other, other.transaction():
        other.execute("LOCK TABLE attune.runtime")
        with pytest.raises(AttuneError) as raised:
            read()
    assert "holds a lock" in raised.value.what
    assert "--lock-timeout" in str(raised.value.help)


def test_a_mistake_of_attunes_own_is_told_as_one(database: Database) -> None:
    """It is no fault of the server, and goes through to the boundary."""
    with pytest.raises(psycopg.ProgrammingError), connect(database.target) as connection:
        connection.execute("SELECT %s", [])


# --- transactions ---------------------------------------------------------------------------------

SETTINGS = ("lock_timeout", "transaction_read_only")


def test_a_transaction_is_all_or_nothing(database: Database) -> None:
    def begin() -> None:
        with connect(database.target) as connection, transaction(connection):
            connection.execute("CREATE TABLE attune.half ()")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        begin()
    with connect(database.target) as connection, transaction(connection):
        connection.execute("CREATE TABLE attune.whole ()")
    assert database.query("SELECT to_regclass('attune.half'), to_regclass('attune.whole')") == [(None, "attune.whole")]


def test_what_is_set_for_a_transaction_ends_with_it(database: Database) -> None:
    with connect(database.target) as connection:
        with transaction(connection, lock_timeout=1.5, read_only=True):
            found = [connection.execute(f"SHOW {name}".encode()).fetchall() for name in SETTINGS]
        assert found == [[("1500ms",)], [("on",)]]
        assert [connection.execute(f"SHOW {name}".encode()).fetchall() for name in SETTINGS] == [[("0",)], [("off",)]]


@pytest.mark.parametrize(("seconds", "told"), [(0, "0"), (1e-6, "1ms"), (30 * 86400, "2147483647ms"), (90, "90s")])
def test_times_that_the_server_cannot_count(server: Server, seconds: float, told: str) -> None:
    """The shortest is not for ever, which 0 is."""
    with connect(server.target()) as connection, transaction(connection, lock_timeout=seconds):
        (row,) = connection.execute("SELECT current_setting('lock_timeout')").fetchall()
    assert row == (told,)


def test_the_server_is_killed_in_the_middle(own_server: Server) -> None:
    target = own_server.target()

    def begin() -> None:
        with connect(target) as connection, transaction(connection):
            connection.execute("CREATE TABLE half ()")
            own_server.kill()
            connection.execute("CREATE TABLE other ()")

    with pytest.raises(AttuneError) as raised:
        begin()
    assert raised.value.what == "the connection to PostgreSQL was lost"
    assert "either all of it is in the database or nothing" in str(raised.value.help)
    assert "no PostgreSQL server answers" in failure(target).what
    own_server.restart()
    with connect(target) as connection:
        assert connection.execute("SELECT to_regclass('half')").fetchall() == [(None,)]
