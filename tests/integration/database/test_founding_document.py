"""The checks by which native support was accepted: as they were written, made with psql after the three commands."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable

import pytest

from attune_cli.database.generation import Generation
from tests.integration.database.conftest import Attune
from tests.postgres import Database
from tests.postgres_server import Server

#: What it says the first of them answers, to the letter.
NATIVE_ROWS = """\
        ref         |         name          | runtime_type
--------------------+-----------------------+--------------
 core.action.native | Native Action Runtime | action
 core.sensor.native | Native Sensor Runtime | sensor
(2 rows)
"""


def psql(database: Database, query: str, *options: str) -> str:
    """Its answer, where the platform's schema is looked into, as its own connections do."""
    command = (str(database.server.bin / "psql"), "--no-psqlrc", "-d", database.dsn, *options, "-c", query)
    env = {**os.environ, "PGOPTIONS": "-c search_path=attune"}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True, timeout=60)
    return "\n".join(line.rstrip() for line in done.stdout.rstrip().splitlines()) + "\n"


@pytest.fixture(params=Generation, ids=["first", "second"])
def furnished(
    request: pytest.FixtureRequest,
    server: Server,
    databases: Callable[[Server, Generation | None], Database],
    attune: Attune,
) -> Database:
    """An empty database after the three commands that make it one of the platform's."""
    database = databases(server, None)
    few = {"PATH": "/usr/bin:/bin", "ATTUNE_DATABASE_URL": database.dsn}
    for command in (f"init --generation {request.param:d}", "seed-runtimes", "register-worker --name box"):
        done = attune("db", *command.split(), env=few)
        assert done.returncode == 0, done.stderr
    return Database(server, database.name, request.param)


def test_its_verification(furnished: Database) -> None:
    """`SELECT *` has the rows, and the worker advertises native."""
    rows = psql(furnished, "SELECT * FROM runtime WHERE ref LIKE '%native%';", "--csv").splitlines()
    header, *refs = [line.split(",")[:2] for line in rows]
    assert header == ["id", "ref"]
    wanted = {Generation.FIRST: ["core.action.native", "core.sensor.native"], Generation.SECOND: ["core.native"]}
    assert sorted(ref for _, ref in refs) == wanted[furnished.generation or Generation.FIRST]
    capabilities = psql(furnished, "SELECT worker.capabilities->'runtimes' FROM worker", "-At")
    assert capabilities.startswith('["native", "python", "shell"')


@pytest.mark.parametrize("furnished", [Generation.FIRST], indirect=True, ids=["first"])
def test_its_seeding(furnished: Database) -> None:
    query = "SELECT ref, name, runtime_type FROM runtime WHERE ref LIKE '%native%';"
    assert psql(furnished, query, "-P", "footer=on") == NATIVE_ROWS


@pytest.mark.parametrize("furnished", [Generation.FIRST], indirect=True, ids=["first"])
def test_its_insertion_finds_the_row_there(furnished: Database) -> None:
    """The statement that it seeded with is refused for that ref: it is the row that is there, in every column."""
    statement = """\
        INSERT INTO runtime (ref, pack_ref, name, description, runtime_type, distributions, installation)
        VALUES ('core.action.native', 'core', 'Native Action Runtime', 'Execute actions as native compiled binaries',
                'action', '["native"]'::jsonb,
                '{"method": "binary", "description": "Native executable - no runtime installation required"}'::jsonb)"""
    columns = "ref, pack_ref, name, description, runtime_type, distributions, installation"
    before = psql(furnished, f"SELECT {columns} FROM runtime WHERE ref = 'core.action.native'")
    with pytest.raises(subprocess.CalledProcessError) as raised:
        psql(furnished, statement)
    assert "runtime_ref_key" in raised.value.stderr
    furnished.run("DELETE FROM attune.runtime")
    psql(furnished, statement)
    assert psql(furnished, f"SELECT {columns} FROM runtime") == before
