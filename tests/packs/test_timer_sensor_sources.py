"""The timer sensor's own tests, in Go; its cron search against cronsim."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.packs.cron_cases import cases
from tests.packs.go_toolchain import SOURCES, Go, go_toolchain

#: The first time, Go compiles its library.
pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def go(pytestconfig: pytest.Config) -> Go:
    return go_toolchain(pytestconfig)


def test_its_own_tests_and_vet_pass(go: Go) -> None:
    assert "ok" in go("go", "test", "-vet=all", "-count=1", ".")


def test_its_format_is_gos(go: Go) -> None:
    assert go("gofmt", "-l", ".") == ""


def test_it_needs_the_standard_library_alone(go: Go) -> None:
    outside = go("go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", ".").split()
    assert outside == ["attune-core-timer-sensor"]
    assert "time/tzdata" in go("go", "list", "-deps", ".").split()
    assert not (SOURCES / "go.sum").exists()


def test_cron_agrees_with_cronsim(go: Go, tmp_path: Path) -> None:
    lines = list(cases(10_000, seed=20260101))
    refused = sum("refused" in json.loads(line) for line in lines)
    assert 300 < refused < 2_000
    file = tmp_path / "cases.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    told = go("go", "test", "-count=1", "-v", "-run", "Oracle", ".", env={"ATTUNE_CRON_CASES": str(file)})
    assert "10000 cases" in told
