"""`attune run action --api`: keys from the command line to the action, and nowhere else."""

from __future__ import annotations

import json
import os
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.installed import install_attune

SECRET = "swordfish-9000"

#: Calls the API with what is in every Python: METHOD PATH [BODY].
ACTION = """#!/usr/bin/env python3
import json, os, sys, urllib.error, urllib.request
answers = []
for line in json.load(sys.stdin)["calls"]:
    method, path, *body = line.split(" ", 2)
    request = urllib.request.Request(
        os.environ["ATTUNE_API_URL"] + path, body[0].encode() if body else None,
        {"Authorization": "Bearer " + os.environ["ATTUNE_API_TOKEN"]}, method=method,
    )
    try:
        with urllib.request.urlopen(request) as answer:
            answers.append([answer.status, json.load(answer)["data"]])
    except urllib.error.HTTPError as error:
        answers.append([error.code, json.load(error)["error"]])
    except urllib.error.URLError as error:
        answers.append([0, str(error)])
print("environment", sorted(value for name, value in os.environ.items() if name == "TOKEN_OF_MINE"))
print(json.dumps(answers))
"""

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs the action with these calls and options."""
    files = {
        "pack.yaml": "ref: demo\nlabel: Demo\nversion: 1.0.0\n",
        "triggers/alert.yaml": "ref: demo.alert\nlabel: A\noutput:\n  level: {type: integer}\n",
        "triggers/broken.yaml": "ref: [\n",
        "actions/call.yaml": "ref: demo.call\nrunner_type: native\nentry_point: call\nparameter_delivery: stdin\n"
        "output_format: json\nparameters:\n  calls: {type: array}\n",
        "actions/call": ACTION,
    }
    for place, text in files.items():
        path = tmp_path / "packs/demo" / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "packs/demo/actions/call").chmod(0o755)
    (tmp_path / "token").write_text(f"{SECRET}\n", encoding="utf-8")
    command = str(install_attune(tmp_path))

    def run(calls: list[str], *options: str, **env: str) -> subprocess.CompletedProcess[str]:
        words = [command, "run", "action", "demo.call", "-p", f"calls:={json.dumps(calls)}", *options]
        return subprocess.run(
            words, cwd=tmp_path, env={**os.environ, **env}, capture_output=True, text=True, check=False, timeout=60
        )

    return run


def result(done: subprocess.CompletedProcess[str]) -> Any:
    return json.loads(done.stdout.splitlines()[-1])


def test_a_key_reaches_the_action_and_is_masked(run: Run) -> None:
    done = run(["GET /api/v1/keys/demo.token"], "--key", "demo.token=@token")
    ((status, record),) = result(done)
    assert (status, record["ref"], record["value"]) == (200, "demo.token", "***")
    assert SECRET not in done.stdout + done.stderr
    assert done.returncode == 0


def test_a_variable_is_taken_out_of_the_environment(run: Run) -> None:
    done = run(["GET /api/v1/keys/demo.token"], "--api", "--key", "demo.token=env:TOKEN_OF_MINE", TOKEN_OF_MINE=SECRET)
    assert "environment []" in done.stdout
    assert result(done)[0][0] == 200
    assert "environment ['x']" in run([], "--api", TOKEN_OF_MINE="x").stdout


def test_the_json_document_holds_no_secret(run: Run) -> None:
    done = run(["GET /api/v1/keys/demo.token", "POST /api/v1/auth/refresh"], "--key", "demo.token=@token", "-j")
    document = json.loads(done.stdout)
    assert document["result"][0][1]["value"] == "***"
    assert document["result"][1][1]["token"] == "***"
    assert SECRET not in done.stdout
    assert document["warnings"] == []


def test_keys_are_kept_from_run_to_run(run: Run, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    made = run(
        ['POST /api/v1/keys {"ref": "demo.cursor", "value": 7}'], "--key", "demo.token=@token", "--state", str(state)
    )
    assert result(made)[0][0] == 201
    assert stat.S_IMODE(state.stat().st_mode) == 0o600
    assert SECRET not in state.read_text(encoding="utf-8")
    found = result(run(["GET /api/v1/keys/demo.cursor", "GET /api/v1/keys/demo.token"], "--state", str(state)))
    assert (found[0][1]["value"], found[1][0]) == (7, 404)


def test_calls_that_are_not_there_and_events_that_are_wrong_are_warned_of(run: Run) -> None:
    calls = [
        "GET /api/v1/packs",
        'POST /api/v1/events {"trigger_ref": "demo.alert", "payload": {"level": 1}}',
        'POST /api/v1/events {"trigger_ref": "demo.alert", "payload": {"level": "x"}}',
        'POST /api/v1/events {"trigger_ref": "demo.none"}',
    ]
    document = json.loads(run(calls, "--api", "-j").stdout)
    assert [status for status, _ in document["result"]] == [404, 201, 201, 404]
    ((code, message),) = [(each["code"], each["message"]) for each in document["warnings"]]
    assert code == "PAR016"
    assert "it called GET /api/v1/packs, which the local API does not have" in message
    assert "wrong: `payload.level` must be an integer" in message
    assert "refused: there is no trigger `demo.none` (ATN141)" in message


def test_without_it_there_is_no_api(run: Run) -> None:
    done = run([])
    assert done.returncode == 0
    assert "ATTUNE_API" in done.stderr
    assert "PAR007" in done.stderr
    assert "PAR007" not in run([], "--api").stderr


def test_it_ends_with_the_action(run: Run) -> None:
    """Whatever address a variable of the caller's names."""
    done = run(["GET /health"], "--api", ATTUNE_API_URL="http://127.0.0.1:9", ATTUNE_API_TOKEN="x")
    assert result(done)[0][0] == 200


@pytest.mark.parametrize(
    "options",
    [("--key", f"demo.token={SECRET}"), ("--keys", "token"), ("--key", "x=@none"), ("--state", "token")],
)
def test_what_is_given_wrongly(run: Run, options: tuple[str, ...]) -> None:
    done = run([], *options)
    assert done.returncode == 125
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert SECRET not in done.stderr


def test_a_dry_run_shows_no_secret(run: Run) -> None:
    done = run([], "--key", "demo.token=@token", "--dry-run")
    assert "ATTUNE_API_URL=http://127.0.0.1:" in done.stdout
    assert "ATTUNE_API_TOKEN=***" in done.stdout
    assert SECRET not in done.stdout


def test_a_run_without_it_imports_none_of_it() -> None:
    import sys

    code = (
        "import sys; from attune_cli.cli.direct import direct_call;"
        "direct_call(['run', 'action', '/bin/true', '-q'])();"
        "print(sorted(name for name in sys.modules if name.split('.')[0] in ('starlette', 'uvicorn', 'asyncio')"
        " or name.startswith('attune_cli.sensor')))"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "[]\n"
    served = code.replace("'-q'", "'-q', '--api'")
    done = subprocess.run([sys.executable, "-c", served], cwd=root, capture_output=True, text=True, check=True)
    assert "attune_cli.sensor.api" in done.stdout
