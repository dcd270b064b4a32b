"""The rows of the seeds, against what the platform has, and which of them are chosen."""

from __future__ import annotations

import pytest

from attune_cli.database.generation import Generation
from attune_cli.database.runtimes import FIELDS, RUNTIME, VERSION, Key, kind_of, only, seeds
from attune_cli.errors import UsageError

FIRST = {row.key.ref: row.values for row in seeds(Generation.FIRST)}
SECOND = {row.key: row.values for row in seeds(Generation.SECOND)}


def test_the_rows_of_the_first_generation() -> None:
    kinds = ("native", "nodejs", "python3", "shell")
    assert list(FIRST) == [f"core.{kind}.{name}" for kind in ("action", "sensor") for name in kinds]
    for ref, values in FIRST.items():
        kind = ref.split(".")[1]
        assert values["runtime_type"] == kind
        assert values["name"].endswith(f" {kind.title()} Runtime")
        assert f"{kind}s " in values["description"]
        assert values["pack_ref"] == "core"


def test_the_founding_row() -> None:
    assert FIRST["core.action.native"] == {
        "name": "Native Action Runtime",
        "description": "Execute actions as native compiled binaries",
        "runtime_type": "action",
        "distributions": ["native"],
        "installation": {
            "method": "binary",
            "description": "Native executable - no runtime installation required",
        },
        "pack_ref": "core",
    }


def test_what_each_runtime_is_known_by() -> None:
    assert {ref.rpartition(".")[2]: values["distributions"] for ref, values in FIRST.items()} == {
        "native": ["native"],
        "nodejs": ["nodejs", "node"],
        "python3": ["python3"],
        "shell": ["bash", "sh"],
    }


def test_the_rows_of_the_second_generation() -> None:
    runtimes = [Key(RUNTIME, f"core.{name}") for name in ("native", "nodejs", "python", "shell")]
    versions = [Key(VERSION, "core.python", each) for each in ("3.11", "3.12", "3.13")]
    assert list(SECOND) == [*runtimes, *versions]
    assert SECOND[Key(RUNTIME, "core.native")]["distributions"] == {
        "verification": {"always_available": True, "check_required": False},
        "languages": ["rust", "go", "c", "c++"],
    }
    assert [values["is_default"] for key, values in SECOND.items() if key.table == VERSION] == [False, True, False]
    default = SECOND[Key(VERSION, "core.python", "3.12")]
    assert [default[f"version_{part}"] for part in ("major", "minor", "patch")] == [3, 12, None]


@pytest.mark.parametrize("generation", Generation)
def test_a_row_has_every_column_but_the_link(generation: Generation) -> None:
    rows = seeds(generation)
    assert len(rows) in {7, 8}
    for row in rows:
        assert {*row.values} == {*FIELDS[generation][row.key.table]} - {"pack"}
        # Digests are of columns, and of rows that there are.
        assert {*row.past, *row.also} <= {*row.values}


CHOSEN = {
    "native": ["core.action.native", "core.sensor.native"],
    "Native": ["core.action.native", "core.sensor.native"],
    "python": ["core.action.python3", "core.sensor.python3"],
    "node": ["core.action.nodejs", "core.sensor.nodejs"],
    "bash": ["core.action.shell", "core.sensor.shell"],
    "core.sensor.shell": ["core.sensor.shell"],
}


@pytest.mark.parametrize("name", CHOSEN)
def test_only(name: str) -> None:
    assert [row.key.ref for row in only(seeds(Generation.FIRST), [name])] == CHOSEN[name]


def test_only_several_and_with_their_versions() -> None:
    found = only(seeds(Generation.SECOND), ["python", "core.native"])
    assert [str(row.key) for row in found] == [
        *("core.native", "core.python"),
        *("core.python 3.11", "core.python 3.12", "core.python 3.13"),
    ]


def test_only_what_there_is() -> None:
    with pytest.raises(UsageError) as error:
        only(seeds(Generation.FIRST), ["native", "pyhton"])
    assert (error.value.what, error.value.where) == ("no runtime is called 'pyhton'", "--only")
    assert error.value.help == "did you mean python?"


def test_what_a_row_stands_for() -> None:
    refs = ("core.action.python3", "core.nodejs", "core.native", "core.java")
    assert [kind_of(ref) for ref in refs] == ["python", "node", "native", None]
