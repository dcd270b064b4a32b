"""Rows out of a pack's own files."""

from __future__ import annotations

from pathlib import Path

import pytest

from attune_cli.database.from_pack import pack_rows
from attune_cli.database.generation import Generation
from attune_cli.database.runtimes import RUNTIME, VERSION, Key, seeds
from attune_cli.errors import AttuneError, UsageError

PACK = "ref: demo\nlabel: Demo\nversion: 1.0.0\n"
DENO = """\
ref: demo.deno
name: Deno
aliases: [deno]
description: TypeScript by Deno
distributions:
  verification:
    commands:
      - {binary: deno, args: ["--version"], exit_code: 0, pattern: "deno \\\\d"}
versions:
  - version: "2.1"
    is_default: true
  - version: "1.46.3"
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    write(tmp_path / "pack.yaml", PACK)
    write(tmp_path / "runtimes/deno.yaml", DENO)
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)


def test_the_second_generation(pack: Path) -> None:
    rows = {row.key: row for row in pack_rows(pack, Generation.SECOND)}
    versions = [Key(VERSION, "demo.deno", each) for each in ("1.46.3", "2.1")]
    assert list(rows) == [Key(RUNTIME, "demo.deno"), *versions]
    runtime = rows[Key(RUNTIME, "demo.deno")]
    assert runtime.pack_ref == "demo"
    assert [runtime.values[name] for name in ("name", "aliases", "installation")] == ["Deno", ["deno"], None]
    assert runtime.values["execution_config"] == {}
    (command,) = runtime.values["distributions"]["verification"]["commands"]
    assert command["pattern"] == r"deno \d"
    version = rows[versions[0]].values
    assert [version[f"version_{part}"] for part in ("major", "minor", "patch")] == [1, 46, 3]


def test_the_first_generation_has_a_row_for_actions_and_one_for_sensors(pack: Path) -> None:
    rows = pack_rows(pack, Generation.FIRST)
    assert [(row.key.ref, row.values["runtime_type"]) for row in rows] == [
        ("demo.action.deno", "action"),
        ("demo.sensor.deno", "sensor"),
    ]


def test_a_ref_that_says_what_it_is_for(pack: Path) -> None:
    write(pack / "runtimes/deno.yaml", "ref: demo.sensor.deno\nname: Deno\n")
    (row,) = pack_rows(pack, Generation.FIRST)
    assert (row.key.ref, row.values["runtime_type"]) == ("demo.sensor.deno", "sensor")


def test_what_the_seeds_have_is_no_edit(tmp_path: Path) -> None:
    write(tmp_path / "pack.yaml", PACK.replace("demo", "core"))
    write(tmp_path / "runtimes/native.yaml", "ref: core.native\nname: Native code\n")
    (row,) = pack_rows(tmp_path, Generation.SECOND)
    ours = next(seed for seed in seeds(Generation.SECOND) if seed.key == row.key)
    assert row.past.keys() == ours.values.keys()


def test_a_mistake_is_told_with_its_place(pack: Path) -> None:
    write(pack / "runtimes/deno.yaml", "ref: demo.deno\nname: Deno\ndistributions: yes\n")
    with pytest.raises(AttuneError) as error:
        pack_rows(pack, Generation.SECOND)
    assert error.value.where == f"{pack}/runtimes/deno.yaml:3:16"


def test_no_runtimes(tmp_path: Path) -> None:
    write(tmp_path / "pack.yaml", PACK)
    with pytest.raises(UsageError, match="declares no runtimes"):
        pack_rows(tmp_path, Generation.SECOND)


def test_no_pack(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        pack_rows(tmp_path / "nowhere", Generation.SECOND)
