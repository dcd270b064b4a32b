"""How an outcome becomes a status, a reason and an exit status."""

from __future__ import annotations

import json
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import attune_cli
from attune_cli.errors import AttuneError, CannotExecuteError, NotFoundError
from attune_cli.execution.execution import Execution, exit_status, not_started, signal_name, status_of
from attune_cli.execution.parity import RunWarning
from attune_cli.process import Capture, Outcome, Secrets, Usage

SCHEMA = json.loads((Path(attune_cli.__file__).parent / "report/schemas/execution-1.json").read_text())
OUTCOME = Outcome(
    pid=10,
    exit_code=0,
    signal=None,
    timed_out=False,
    cancelled=False,
    stdout=Capture("stdout", bytearray(), 0),
    stderr=Capture("stderr", bytearray(), 0),
    duration=0.1,
    usage=Usage(),
)


@pytest.mark.parametrize(
    ("changes", "status", "number"),
    [
        ({}, "succeeded", 0),
        ({"exit_code": 3}, "failed", 3),
        ({"exit_code": 255}, "failed", 255),
        ({"exit_code": None, "signal": signal.SIGSEGV}, "failed", 139),
        ({"exit_code": None, "signal": signal.SIGKILL, "timed_out": True}, "timed_out", 124),
        ({"exit_code": 0, "timed_out": True}, "timed_out", 124),
        ({"exit_code": None, "signal": signal.SIGTERM, "cancelled": True}, "cancelled", 130),
        ({"exit_code": 0, "cancelled": True, "timed_out": True}, "cancelled", 130),
    ],
)
def test_statuses(changes: dict[str, Any], status: str, number: int) -> None:
    outcome = replace(OUTCOME, **changes)
    assert (status_of(outcome), exit_status(outcome)) == (status, number)


@pytest.mark.parametrize(("number", "name"), [(9, "SIGKILL"), (11, "SIGSEGV"), (40, "SIG40"), (None, None)])
def test_names_of_signals(number: int | None, name: str | None) -> None:
    assert signal_name(number) == name


@pytest.mark.parametrize(
    ("error", "number"),
    [(NotFoundError("gone"), 127), (CannotExecuteError("no"), 126), (AttuneError("failed"), 125)],
)
def test_what_did_not_start(error: AttuneError, number: int) -> None:
    execution = not_started("demo.x", None, error)
    assert (execution.status, execution.exit_status, execution.error) == ("not_started", number, error.what)
    assert not execution
    jsonschema.validate(execution.to_document(), SCHEMA)


def test_an_error_is_masked() -> None:
    error = AttuneError("pip failed", why="cannot reach https://u:hunter22@host")
    assert "hunter22" not in str(not_started("demo.x", "python", error, Secrets({"a": "hunter22"})).error)


def test_the_document_has_all_that_its_schema_has_in_the_same_order() -> None:
    execution = Execution(
        action="demo.x", runtime="shell", status="succeeded", exit_code=0, warnings=(RunWarning("PAR001", "m"),)
    )
    document = execution.to_document()
    assert list(document) == list(SCHEMA["properties"]) == SCHEMA["required"]
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(document, SCHEMA)


@pytest.mark.parametrize(
    "change",
    [
        {"status": "lost"},
        {"exit_code": 256},
        {"exit_code": 1},
        {"error": "why"},
        {"status": "failed"},
        {"status": "not_started", "error": "why", "stdout": "x", "exit_code": None},
        {"signal": "KILL"},
        {"duration_ms": -1},
        {"warnings": [{"code": "X", "message": "m"}]},
        {"more": 1},
        {"schema": "attune.execution/2"},
    ],
)
def test_the_schema_refuses(change: dict[str, object]) -> None:
    document = Execution(action="demo.x", runtime="shell", status="succeeded", exit_code=0).to_document()
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document | change, SCHEMA)


def test_everything_in_the_schema_is_described() -> None:
    usage = SCHEMA["properties"]["usage"]["properties"]
    warning = SCHEMA["properties"]["warnings"]["items"]["properties"]
    assert all(each.get("description") for each in (*SCHEMA["properties"].values(), *usage.values(), *warning.values()))
