"""What the tables of the documentation say is what the code says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from attune_cli.errors import ExitCode
from attune_cli.execution.parity import RULES
from attune_cli.pack.keywords import DELIVERIES, FORMATS, OUTPUT_FORMATS
from attune_cli.pack.runner_types import ALIASES
from attune_cli.process import SpawnFailure
from attune_cli.runtime.base import Target
from attune_cli.runtime.local import LocalRuntime
from attune_cli.runtime.native import NativeRuntime
from tests.docs.pages import Section, section, ticked

NATIVE = "docs/native-runtime.md"


def keys(of: Section) -> list[str]:
    """The first cells of all rows, without the marks of code."""
    return [row[0].replace("`", "") for row in of.rows]


def test_exit_codes() -> None:
    rows = section("docs/exit-codes.md", "The table").rows
    assert [(int(row[0]), *ticked(row[1])) for row in rows] == [(code.value, code.name) for code in ExitCode]
    assert all(row[3] for row in rows)


def test_parity_warnings() -> None:
    rows = section(NATIVE, "Parity warnings").rows
    assert [(row[0], row[1]) for row in rows] == [(rule.code, rule.title) for rule in RULES]
    assert all(row[2] for row in rows)


def test_every_failed_start_has_its_cure() -> None:
    rows = section(NATIVE, "Troubleshooting").rows
    assert [ticked(row[0])[0] for row in rows] == list(SpawnFailure)
    assert all(row[2] for row in rows)


def test_names_of_runtimes() -> None:
    rows = [row for row in section(NATIVE, "Runtime configuration").rows if row[0] in ALIASES]
    assert {row[0]: set(ticked(row[1])) for row in rows} == ALIASES


@pytest.mark.parametrize("runtime", ["python", "shell", "node"])
def test_extensions(runtime: str, tmp_path: Path) -> None:
    lines = section(NATIVE, "Selection").text.splitlines()
    listed = {line.partition(":")[0]: ticked(line) for line in lines if line.startswith("- ")}
    files = {tmp_path / f"file.{extension}" for extension in listed[f"- {runtime}"]}
    others = {tmp_path / "file", tmp_path / "file.bin"}
    for file in files | others:
        file.touch()
    chosen = {file: LocalRuntime().select(Target(file)).name for file in files | others}
    assert chosen == {**dict.fromkeys(files, runtime), **dict.fromkeys(others, "native")}


def test_no_other_script_is_native(tmp_path: Path) -> None:
    (line,) = re.findall(r"^- native: .*", section(NATIVE, "Selection").text, re.MULTILINE)
    assert len(ticked(line)) == 8
    for extension in ticked(line):
        file = tmp_path / f"file.{extension}"
        file.touch()
        assert not NativeRuntime().can_execute(Target(file))


def test_what_an_action_declares() -> None:
    rows = {row[0]: row[1] for row in section(NATIVE, "Action YAML").rows}
    assert ticked(rows["`parameter_delivery`"]) == list(DELIVERIES)
    assert ticked(rows["`parameter_format`"])[: len(FORMATS)] == list(FORMATS)
    assert ticked(rows["`output_format`"]) == list(OUTPUT_FORMATS)
    known = set(keys(section(NATIVE, "Binary requirements")))
    assert {"not declared", *OUTPUT_FORMATS, *FORMATS} <= known
