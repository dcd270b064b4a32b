"""The script does with psql alone what the command does."""

from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from attune_cli.database.drift import digest, jsonb_text
from attune_cli.database.generation import Generation
from attune_cli.database.runtimes import RUNTIME, Key, Row, seeds
from attune_cli.database.script import script
from attune_cli.database.seeding import Status
from tests.integration.database.seeders import CORE, COUNTS, content, count, seeded, state
from tests.postgres import Database

Done = subprocess.CompletedProcess[str]


@pytest.fixture(autouse=True)
def _few_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")


def psql(database: Database, text: str) -> Done:
    command = (str(database.server.bin / "psql"), "--no-psqlrc", "--dbname", database.dsn, "--file", "-")
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False, timeout=60)


def text_of(
    database: Database, rows: tuple[Row, ...] | None = None, *, force: bool = False, schema: str = "attune"
) -> str:
    assert database.generation is not None
    return script(seeds(database.generation) if rows is None else rows, database.generation, schema, force=force)


def test_it_does_what_the_command_does(each_database: Database) -> None:
    each_database.run(CORE)
    done = psql(each_database, text_of(each_database))
    assert (done.returncode, done.stderr) == (0, "")
    there = content(each_database)
    assert seeded(each_database.target).status is Status.UNCHANGED
    names = [name for name in ("runtime_version", "runtime") if name in str(there) or name == "runtime"]
    each_database.run(*(f"DELETE FROM attune.{name}" for name in names))
    seeded(each_database.target)
    assert content(each_database) == there


def test_twice(each_database: Database) -> None:
    assert psql(each_database, text_of(each_database)).returncode == 0
    before = state(each_database)
    done = psql(each_database, text_of(each_database))
    assert (done.returncode, done.stderr) == (0, "")
    assert state(each_database) == before


def test_twice_in_one_session(database: Database) -> None:
    assert psql(database, text_of(database) * 2).returncode == 0
    assert database.generation is not None
    assert count(database) == COUNTS[database.generation]


def test_eight_at_once(database: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(lambda _: psql(database, text_of(database)).returncode, range(8)))
    assert codes == [0] * 8
    assert database.generation is not None
    assert (
        database.query("SELECT last_value FROM attune.runtime_id_seq")[0][0]
        + (3 if database.generation is Generation.SECOND else 0)
        == COUNTS[database.generation]
    )


def test_an_edit_is_refused_and_named(database: Database) -> None:
    seeded(database.target)
    database.run(
        "UPDATE attune.runtime SET name = 'mine' WHERE ref LIKE '%native'",
        "DELETE FROM attune.runtime WHERE ref LIKE '%shell'",
    )
    before = state(database)
    done = psql(database, text_of(database))
    # What psql ends with when a script fails.
    assert done.returncode == 3
    assert "edited by hand: core." in done.stderr
    assert "native (name)" in done.stderr
    assert state(database) == before
    assert psql(database, text_of(database, force=True)).returncode == 0
    assert seeded(database.target).status is Status.UNCHANGED


@pytest.mark.parametrize("database", [2], indirect=True, ids=["second"])
def test_an_edited_version_is_refused(database: Database) -> None:
    seeded(database.target)
    database.run("UPDATE attune.runtime_version SET meta = '{\"mine\": 1}' WHERE version = '3.12'", CORE)
    before = content(database)
    done = psql(database, text_of(database))
    assert "edited by hand: core.python 3.12 (meta)" in done.stderr
    # The links of the runtimes, which come first, are not made either.
    assert content(database) == before


def test_a_pack_that_has_come_since_is_linked(database: Database) -> None:
    psql(database, text_of(database))
    database.run(CORE)
    assert psql(database, text_of(database)).returncode == 0
    assert database.query("SELECT DISTINCT pack FROM attune.runtime") == [(1,)]


def test_values_of_earlier_seeds_are_updated_and_good_ones_kept(database: Database) -> None:
    assert database.generation is not None
    seeded(database.target)
    database.run(
        """UPDATE attune.runtime
           SET name = 'Old', description = 'Good, "ü"', installation = '{"a": [1, null], "bb": {}}'"""
    )
    rows = tuple(
        replace(
            row,
            past={"name": [digest("Old")]},
            also={"description": [digest('Good, "ü"')], "installation": [digest({"bb": {}, "a": [1, None]})]},
        )
        for row in seeds(database.generation)
        if row.key.table == RUNTIME
    )
    done = psql(database, text_of(database, rows))
    assert (done.returncode, done.stderr) == (0, "")
    found = database.query("SELECT DISTINCT name = 'Old', description, installation FROM attune.runtime")
    assert found == [(False, 'Good, "ü"', {"a": [1, None], "bb": {}})]
    assert seeded(database.target, rows=rows).status is Status.UNCHANGED


ODD = {"name": 'it\'s \\ "odd" $attune$ :name %s {braces}', "description": 'line\n}, {"ref": tab\t ü 😀'}


def test_odd_texts_arrive_as_they_are(database: Database) -> None:
    assert database.generation is not None
    row = seeds(database.generation)[0]
    odd = Row(row.key, {**row.values, **ODD})
    done = psql(database, text_of(database, (odd,)))
    assert (done.returncode, done.stderr) == (0, "")
    assert database.query("SELECT name, description FROM attune.runtime") == [tuple(ODD.values())]
    assert seeded(database.target, rows=(odd,)).status is Status.UNCHANGED


def test_another_schemas_name_is_quoted(database: Database, tmp_path: Path) -> None:
    done = psql(database, text_of(database, schema=f"a'b\"\n\\! touch {tmp_path}/x"))
    assert done.returncode == 3
    assert "does not exist" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_other_generation_is_refused(database: Database) -> None:
    assert database.generation is not None
    other = Generation(3 - database.generation)
    done = psql(database, script(seeds(other), other, "attune"))
    assert done.returncode == 3
    assert count(database) == 0


@pytest.mark.parametrize("database", [1], indirect=True, ids=["first"])
def test_digests_are_those_of_the_server(database: Database) -> None:
    values = [row.values for generation in Generation for row in seeds(generation)]
    values += [{"ü": 1, "zz": -1.5, "a": {"": [True, None, "\u0001\x7f\\/"]}, "Z": 10**20, "b": 1e-7}]
    for value in values:
        text, hashed = database.query(
            "SELECT j::text, encode(sha256(convert_to(j::text, 'UTF8')), 'hex') FROM (SELECT %s::jsonb) AS v (j)",
            [jsonb_text(dict(value))],
        )[0]
        if "b" not in value:
            assert text == jsonb_text(dict(value))
            assert hashed == digest(dict(value))


def test_a_key_is_told_as_it_is_written() -> None:
    assert [str(Key(RUNTIME, "core.native")), str(Key("runtime_version", "core.python", "3.12"))] == [
        "core.native",
        "core.python 3.12",
    ]
