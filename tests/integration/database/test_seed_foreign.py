"""What others have put into the database: decoys, triggers, columns, constraints, defaults of roles."""

from __future__ import annotations

import pytest

from attune_cli.database.generation import Generation
from attune_cli.database.runtimes import seeds
from attune_cli.database.seeding import Status
from attune_cli.errors import AttuneError
from tests.integration.database.seeders import COUNTS, count, seeded, state
from tests.postgres import Database


@pytest.fixture(autouse=True)
def _few_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Version managers' stand-ins for interpreters take long to say that there is none."""
    monkeypatch.setenv("PATH", "/usr/bin:/bin")


def rows_of(database: Database) -> int:
    assert database.generation is not None
    return COUNTS[database.generation]


DECOYS = ("pack", "runtime", "runtime_version")


def decoys(database: Database) -> None:
    """Tables of the same names that are found first along the search_path."""
    for name in DECOYS[: 3 if database.generation is Generation.SECOND else 2]:
        database.run(
            f"CREATE TABLE public.{name} (LIKE attune.{name} INCLUDING ALL)",
            f"GRANT ALL ON public.{name} TO PUBLIC",
        )
    database.run(
        f"ALTER DATABASE {database.name} SET search_path = public, attune",
        "INSERT INTO public.pack (id, ref, label, version) VALUES (77, 'core', 'Decoy', '9.9.9')",
    )


def decoy_rows(database: Database) -> list[tuple[object, ...]]:
    names = DECOYS[: 3 if database.generation is Generation.SECOND else 2]
    return [(name, *database.query(f"SELECT count(*) FROM public.{name}")[0]) for name in names]


def test_a_decoy_is_never_touched(each_database: Database) -> None:
    decoys(each_database)
    before = decoy_rows(each_database)
    assert seeded(each_database.target).status is Status.WRITTEN
    assert count(each_database) == rows_of(each_database)
    assert decoy_rows(each_database) == before == [("pack", 1), *((name, 0) for name, _ in before[1:])]
    # Nor is it read: its pack is linked to nothing.
    assert each_database.query("SELECT DISTINCT pack FROM attune.runtime") == [(None,)]
    assert seeded(each_database.target).status is Status.UNCHANGED


def test_a_decoy_does_not_stand_for_a_missing_table(database: Database) -> None:
    decoys(database)
    database.run("DROP TABLE attune.runtime CASCADE")
    with pytest.raises(AttuneError) as error:
        seeded(database.target)
    assert error.value.what == "there is no table attune.runtime"
    assert "attune db init" in str(error.value.help)
    assert decoy_rows(database)[1] == ("runtime", 0)


def test_a_function_of_theirs_is_not_called(database: Database) -> None:
    """Nor an operator: what stands in pg_catalog is meant."""
    database.run(
        "CREATE FUNCTION public.to_jsonb(anyelement) RETURNS jsonb LANGUAGE sql AS $$ SELECT '{}'::jsonb $$",
        "CREATE FUNCTION public.now() RETURNS timestamptz LANGUAGE sql AS $$ SELECT 'epoch'::timestamptz $$",
        f"ALTER DATABASE {database.name} SET search_path = public, pg_catalog",
    )
    seeded(database.target)
    assert seeded(database.target).status is Status.UNCHANGED


def test_a_trigger_that_keeps_a_diary(database: Database) -> None:
    """Its names are looked up along the search_path of the session, which is left as it is."""
    database.run(
        "CREATE TABLE public.diary (ref text)",
        """CREATE FUNCTION public.note() RETURNS trigger LANGUAGE plpgsql AS $$
           BEGIN INSERT INTO diary VALUES (NEW.ref); RETURN NULL; END $$""",
        "CREATE TRIGGER note AFTER INSERT OR UPDATE ON attune.runtime FOR EACH ROW EXECUTE FUNCTION public.note()",
    )
    seeded(database.target)
    seeded(database.target)
    runtimes = [row for row in seeds(database.generation or Generation.FIRST) if not row.key.version]
    assert database.query("SELECT count(*) FROM diary") == [(len(runtimes),)]


def test_columns_and_constraints_of_their_own(database: Database) -> None:
    database.run(
        "ALTER TABLE attune.runtime ADD COLUMN colour text NOT NULL DEFAULT 'blue'",
        "ALTER TABLE attune.runtime ADD COLUMN ref_length integer GENERATED ALWAYS AS (length(ref)) STORED",
        "ALTER TABLE attune.runtime ADD CONSTRAINT named CHECK (name <> '')",
        "ALTER TABLE attune.runtime DROP COLUMN created",
        "CREATE UNIQUE INDEX ON attune.runtime (colour, ref)",
    )
    assert seeded(database.target).status is Status.WRITTEN
    before = state(database)
    assert seeded(database.target).status is Status.UNCHANGED
    assert state(database) == before
    assert database.query("SELECT DISTINCT colour FROM attune.runtime") == [("blue",)]


def test_other_types_that_hold_the_same(database: Database) -> None:
    database.run(
        "ALTER TABLE attune.runtime ALTER COLUMN ref TYPE varchar(255)",
        "ALTER TABLE attune.runtime ALTER COLUMN name TYPE varchar(100)",
        "ALTER TABLE attune.pack ALTER COLUMN ref TYPE varchar(255)",
    )
    assert seeded(database.target).status is Status.WRITTEN
    assert seeded(database.target).status is Status.UNCHANGED


def trigger(database: Database, body: str) -> None:
    database.run(
        f"CREATE FUNCTION public.meddle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$",
        "CREATE TRIGGER meddle BEFORE INSERT ON attune.runtime FOR EACH ROW EXECUTE FUNCTION public.meddle()",
    )


def test_a_trigger_that_writes_otherwise_is_told(database: Database) -> None:
    trigger(database, "NEW.description := upper(NEW.description); RETURN NEW;")
    found = seeded(database.target)
    assert found.status is Status.WRITTEN
    assert set(found.altered.values()) == {("description",)}
    assert len(found.altered) == database.query("SELECT count(*) FROM attune.runtime")[0][0]


def test_a_trigger_that_holds_a_row_back_leaves_nothing(database: Database) -> None:
    trigger(database, "IF NEW.ref LIKE '%native' THEN RETURN NULL; END IF; RETURN NEW;")
    with pytest.raises(AttuneError) as error:
        seeded(database.target)
    assert error.value.what.endswith("native was not written")
    assert "a trigger or rule of attune.runtime holds it back" in str(error.value.why)
    assert count(database) == 0


@pytest.mark.parametrize("column", ["installation", "updated", "pack"])
def test_a_missing_column_is_named(database: Database, column: str) -> None:
    database.run(f"ALTER TABLE attune.runtime DROP COLUMN {column}")
    with pytest.raises(AttuneError) as error:
        seeded(database.target)
    assert error.value.what == f"attune.runtime lacks the column {column}"


@pytest.mark.parametrize("database", [2], indirect=True, ids=["second"])
@pytest.mark.parametrize(("table", "column"), [("runtime", "execution_config"), ("runtime_version", "is_default")])
def test_a_missing_column_of_the_second_generation(database: Database, table: str, column: str) -> None:
    database.run(f"ALTER TABLE attune.{table} DROP COLUMN {column}")
    with pytest.raises(AttuneError, match=f"attune.{table} lacks the column {column}"):
        seeded(database.target)


@pytest.mark.parametrize("level", ["serializable", "repeatable read"])
def test_the_roles_isolation_does_not_matter(database: Database, level: str) -> None:
    database.run(f"ALTER DATABASE {database.name} SET default_transaction_isolation = '{level}'")
    assert seeded(database.target).status is Status.WRITTEN
    assert seeded(database.target).status is Status.UNCHANGED


def test_a_role_that_may_only_read_can_look(database: Database) -> None:
    seeded(database.target)
    database.run(f"ALTER DATABASE {database.name} SET default_transaction_read_only = on")
    assert seeded(database.target).status is Status.UNCHANGED
    database.server.run(f"ALTER DATABASE {database.name} RESET default_transaction_read_only")
    database.run("DELETE FROM attune.runtime")
    database.server.run(f"ALTER DATABASE {database.name} SET default_transaction_read_only = on")
    with pytest.raises(AttuneError, match="read-only"):
        seeded(database.target)
