"""What a seeding leaves in a real database: the rows, once, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from attune_cli.database.connection import connect
from attune_cli.database.drift import digest
from attune_cli.database.dsn import parse
from attune_cli.database.generation import Generation, read_shape
from attune_cli.database.init import init
from attune_cli.database.plan import Plan, State
from attune_cli.database.runtimes import only, seeds
from attune_cli.database.seeding import Seeding, Status, Wishes, seed
from attune_cli.database.store import Store
from attune_cli.errors import AttuneError
from tests.integration.database.seeders import CORE, COUNTS, content, count, seeded, state, wait_until_locked
from tests.postgres import Database
from tests.postgres_server import Server

first = pytest.mark.parametrize("database", [1], indirect=True, ids=["first"])
second = pytest.mark.parametrize("database", [2], indirect=True, ids=["second"])


@pytest.fixture(autouse=True)
def _few_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Version managers' stand-ins for interpreters take long to say that there is none."""
    monkeypatch.setenv("PATH", "/usr/bin:/bin")


def states(seeding: Seeding) -> dict[str, str]:
    return {str(step.key): str(step.state) for step in seeding.plan.to_write}


def by_ref(database: Database) -> dict[str, dict[str, Any]]:
    """The rows of runtimes, whole."""
    return {row["ref"]: row for (row,) in database.query("SELECT to_jsonb(r) FROM attune.runtime AS r")}


def last_id(database: Database) -> int:
    (row,) = database.query("SELECT last_value FROM attune.runtime_id_seq")
    return int(row[0])


def test_each_generation_in_each_server(each_database: Database) -> None:
    assert each_database.generation is not None
    each_database.run(CORE)
    found = seeded(each_database.target)
    assert (found.status, found.unlinked, found.altered) == (Status.WRITTEN, (), {})
    rows = seeds(each_database.generation)
    assert len(rows) == count(each_database) == COUNTS[each_database.generation]
    there = content(each_database)
    assert {row.pop("pack") for row in there if "pack" in row} == {1}
    assert there == [row.values for row in rows]


@second
def test_versions_belong_to_their_runtime(database: Database) -> None:
    seeded(database.target)
    query = """SELECT v.version, v.version_major, v.version_minor, v.version_patch, v.is_default, v.available
               FROM attune.runtime_version v JOIN attune.runtime r ON r.id = v.runtime
               WHERE r.ref = 'core.python' ORDER BY 3"""
    assert database.query(query) == [
        ("3.11", 3, 11, None, False, True),
        ("3.12", 3, 12, None, True, True),
        ("3.13", 3, 13, None, False, True),
    ]


def test_a_second_run_changes_nothing(each_database: Database) -> None:
    seeded(each_database.target)
    before = state(each_database)
    assert seeded(each_database.target).status is Status.UNCHANGED
    assert seeded(each_database.target, force=True).status is Status.UNCHANGED
    assert state(each_database) == before


def test_only_what_is_not_right_is_written_and_only_new_rows_get_ids(database: Database) -> None:
    seeded(database.target)
    database.run("DELETE FROM attune.runtime WHERE ref LIKE '%shell'", CORE)
    before = by_ref(database)
    found = seeded(database.target)
    gone = {str(key) for key, what in states(found).items() if what == "create"}
    assert gone == {str(row.key) for row in seeds(found.plan.generation) if row.key.ref.endswith("shell")}
    assert {str(key) for key, what in states(found).items() if what == "update"} == before.keys()
    after = by_ref(database)
    for ref, row in before.items():
        assert (after[ref]["id"], after[ref]["pack"]) == (row["id"], 1)
        assert after[ref]["updated"] > row["updated"]


def test_an_update_draws_no_more_than_an_id_for_what_it_writes(database: Database) -> None:
    seeded(database.target)
    kept, last = by_ref(database), last_id(database)
    database.run("UPDATE attune.runtime SET name = 'mine' WHERE ref LIKE '%native'")
    wrote = seeded(database.target, force=True).plan.to_write
    assert last_id(database) <= last + len(wrote)
    others = {ref: row for ref, row in by_ref(database).items() if "native" not in ref}
    assert others == {ref: row for ref, row in kept.items() if "native" not in ref}


def test_an_operators_edit_needs_force(database: Database) -> None:
    seeded(database.target)
    database.run("UPDATE attune.runtime SET installation = '{\"mine\": true}' WHERE ref LIKE '%native'")
    database.run("DELETE FROM attune.runtime WHERE ref LIKE '%shell'")
    before = state(database)
    found = seeded(database.target)
    assert found.status is Status.REFUSED
    assert {step.key.ref for step in found.plan.drifted} == {ref for ref in states(found) if "native" in ref}
    assert state(database) == before
    assert seeded(database.target, force=True).status is Status.WRITTEN
    assert seeded(database.target).status is Status.UNCHANGED


@second
def test_an_edited_version_needs_force(database: Database) -> None:
    seeded(database.target)
    database.run("UPDATE attune.runtime_version SET is_default = version = '3.13'")
    found = seeded(database.target)
    assert found.status is Status.REFUSED
    assert list(states(found)) == ["core.python 3.12", "core.python 3.13"]
    assert seeded(database.target, force=True).status is Status.WRITTEN
    assert database.query("SELECT version FROM attune.runtime_version WHERE is_default") == [("3.12",)]


def test_json_is_compared_as_json(database: Database) -> None:
    seeded(database.target)
    # Another order of keys, other spaces; jsonb keeps neither, and a column of text would keep both.
    database.run("UPDATE attune.runtime SET installation = (installation::text::json)::text::jsonb")
    assert seeded(database.target).status is Status.UNCHANGED


@first
def test_a_value_of_an_earlier_seed_is_updated_without_force(database: Database) -> None:
    seeded(database.target)
    database.run("UPDATE attune.runtime SET name = 'Binary' WHERE ref LIKE '%native'")
    rows = tuple(replace(row, past={"name": [digest("Binary")]}) for row in seeds(Generation.FIRST))
    found = seeded(database.target, rows=rows)
    assert (found.status, set(states(found).values())) == (Status.WRITTEN, {"update"})


@first
def test_only_some(database: Database) -> None:
    seeded(database.target, rows=only(seeds(Generation.FIRST), ["native"]))
    assert [row["name"] for row in content(database)] == ["Native Action Runtime", "Native Sensor Runtime"]


def test_another_schema(server: Server, databases: Callable[[Server, None], Database]) -> None:
    made = databases(server, None)
    target = parse(made.dsn, "--dsn", 'odd "schema')
    with connect(target) as connection:
        init(connection, target.schema, Generation.FIRST)
    assert seeded(target).status is Status.WRITTEN
    assert seeded(target).status is Status.UNCHANGED


# --- between the first look and the lock ------------------------------------------------------------


def meanwhile(database: Database, act: Callable[[], object]) -> Seeding:
    """Seed while `act` happens after the plan was shown and before the lock is taken."""

    def show(plan: Plan) -> None:
        assert plan.count(State.CREATE) == len(plan.steps)
        act()

    with connect(database.target) as connection:
        store = Store(connection, read_shape(connection, "attune"))
        return seed(store, "x", seeds(store.generation), Wishes(), show)


def test_somebody_else_seeds_meanwhile(database: Database) -> None:
    found = meanwhile(database, lambda: seeded(database.target))
    assert (found.status, found.is_overtaken) == (Status.UNCHANGED, True)


def test_somebody_edits_meanwhile(database: Database) -> None:
    def edit() -> None:
        seeded(database.target)
        database.run("UPDATE attune.runtime SET name = 'mine' WHERE ref LIKE '%native'")

    found = meanwhile(database, edit)
    assert (found.status, found.is_overtaken) == (Status.REFUSED, True)
    assert database.query("SELECT count(*) > 0 FROM attune.runtime WHERE name = 'mine'") == [(True,)]


def test_a_row_that_appears_without_the_lock(database: Database) -> None:
    """The platform's own loader knows nothing of attune's lock: the conflict is met while writing."""
    ref = seeds(database.generation or Generation.FIRST)[0].key.ref
    with ThreadPoolExecutor() as pool, database.connected() as rival:
        rival.execute("BEGIN")
        more = ("runtime_type", "'action'") if database.generation is Generation.FIRST else ("aliases", "'{}'")
        columns, values = f"ref, name, distributions, {more[0]}", f"'{ref}', 'rival', '[]', {more[1]}"
        rival.execute(f"INSERT INTO attune.runtime ({columns}) VALUES ({values})".encode())
        seeding = pool.submit(seeded, database.target)
        wait_until_locked(database)
        rival.execute("COMMIT")
        assert seeding.result(60).status is Status.WRITTEN
    assert database.query("SELECT count(*) FROM attune.runtime WHERE name = 'rival'") == [(0,)]
    assert seeded(database.target).status is Status.UNCHANGED


# --- failures ---------------------------------------------------------------------------------------


def test_a_failure_on_the_third_row_leaves_nothing(database: Database) -> None:
    third = seeds(database.generation or Generation.FIRST)[2].key.ref
    database.run(f"ALTER TABLE attune.runtime ADD CONSTRAINT not_this CHECK (ref <> '{third}')")
    with pytest.raises(AttuneError) as error:
        seeded(database.target)
    assert error.value.what == "a row breaks a rule of the table"
    assert "not_this" in str(error.value.why)
    assert count(database) == 0


@second
def test_a_failure_of_a_version_leaves_nothing(database: Database) -> None:
    database.run("ALTER TABLE attune.runtime_version ADD CONSTRAINT not_this CHECK (version <> '3.13')")
    with pytest.raises(AttuneError, match="breaks a rule"):
        seeded(database.target)
    assert count(database) == 0


def test_a_wrong_pattern_is_not_written(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    node = tmp_path / "node"
    node.write_text("#!/bin/sh\necho node twenty\n")
    node.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    found = seeded(database.target)
    if database.generation is Generation.FIRST:
        # It has no patterns: nothing is started.
        assert (found.status, found.trials) == (Status.WRITTEN, ())
        return
    assert (found.status, [str(trial.key) for trial in found.wrong]) == (Status.REFUSED, ["core.nodejs"])
    assert count(database) == 0
