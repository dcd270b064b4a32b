"""All rows of runtimes against the seeds."""

from __future__ import annotations

import pytest

from attune_cli.database.connection import connect
from attune_cli.database.generation import Generation, read_shape
from attune_cli.database.listing import Listed, Standing, listing
from attune_cli.database.store import Store
from tests.integration.database.seeders import CORE, seeded
from tests.postgres import Database


@pytest.fixture(autouse=True)
def _few_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")


def listed(database: Database) -> list[Listed]:
    with connect(database.target) as connection:
        store = Store(connection, read_shape(connection, "attune"))
        return list(listing(store.generation, store.read_all()))


def test_each_standing(database: Database) -> None:
    assert {row.standing for row in listed(database)} == {Standing.MISSING}
    seeded(database.target)
    assert {row.standing for row in listed(database)} == {Standing.SEEDED}
    foreign = "demo.action.deno" if database.generation is Generation.FIRST else "demo.deno"
    more = ("runtime_type", "'action'") if database.generation is Generation.FIRST else ("aliases", "'{}'")
    database.run(
        f"INSERT INTO attune.runtime (ref, name, distributions, {more[0]})"
        f" VALUES ('{foreign}', 'Deno', '[]', {more[1]})",
        "UPDATE attune.runtime SET name = 'mine' WHERE ref LIKE '%native'",
        CORE,
    )
    found = {str(row.key): row for row in listed(database)}
    assert found[foreign].standing is Standing.FOREIGN
    assert (found[foreign].kind, found[foreign].values["name"]) == (None, "Deno")
    edited = [row for row in found.values() if row.standing is Standing.EDITED]
    assert {row.kind for row in edited} == {"native"}
    assert {row.edited for row in edited} == {("name", "pack")}
    outdated = [row for row in found.values() if row.standing is Standing.OUTDATED]
    assert {row.edited for row in outdated} == {("pack",)}


@pytest.mark.parametrize("database", [2], indirect=True, ids=["second"])
def test_versions_stand_behind_their_runtime(database: Database) -> None:
    seeded(database.target)
    assert [str(row.key) for row in listed(database)] == [
        *("core.native", "core.nodejs", "core.python"),
        *("core.python 3.11", "core.python 3.12", "core.python 3.13"),
        "core.shell",
    ]
