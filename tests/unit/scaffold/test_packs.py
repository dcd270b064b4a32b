"""A new pack validates without a finding, runs, passes its own test, and its sensor creates events."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from attune_cli.execution.action import ActionRequest, run_action
from attune_cli.execution.sources import Sources
from attune_cli.pack.scaffold.runners import RUNNERS
from attune_cli.pack.validate import Options, validate
from tests.unit.scaffold.conftest import Begin, run_tests

QUOTES = 'O\'Hara "x" \\ $(id)\tend'


@pytest.mark.parametrize("sensor", [False, True], ids=["alone", "sensor"])
@pytest.mark.parametrize("runner", RUNNERS)
def test_it_validates_without_a_finding(begin: Begin, runner: str, sensor: bool) -> None:
    result = validate([begin(runner, "my-pack.say_it", sensor=sensor)], Options(use_cache=False))
    assert result.diagnostics == ()
    assert result.files == (4 if sensor else 2)


@pytest.mark.parametrize("runner", RUNNERS)
def test_it_runs(begin: Begin, runner: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(begin(runner, "demo.greet"))
    for name, pairs in ((QUOTES, (f"name={QUOTES}",)), ("world", ())):
        done = run_action(ActionRequest(subject="demo.greet", sources=Sources(pairs=pairs)))
        assert (done.status, done.warnings) == ("succeeded", ())
        if runner == "shell":
            assert done.stdout == f"Hello, {name}!\n"
        else:
            assert done.result == {"greeting": f"Hello, {name}!"}


@pytest.mark.parametrize("runner", RUNNERS)
def test_its_own_test_passes_and_can_fail(begin: Begin, runner: str) -> None:
    root = begin(runner)
    command = re.findall(r"Run its tests:\n\n    (.*)\n", (root / "README.md").read_text())[0]
    done = run_tests(root, command)
    assert done.returncode == 0, done.stdout + done.stderr
    test = next((root / "tests").iterdir())
    test.write_text(test.read_text().replace("Hello", "Goodbye"))
    assert run_tests(root, command).returncode == 1


def test_native_packs_build_with_their_makefile(begin: Begin) -> None:
    root = begin("native", sensor=True)
    (root / "actions/hello").unlink()
    (root / "sensors/ticker").unlink()
    lines = [line.strip() for line in (root / "Makefile").read_text().splitlines() if line.startswith("\t$(CC)")]
    assert lines == ["$(CC) $(CFLAGS) -o $@ $<"] * 2
    rules = re.findall(r"(?m)^(\S+): (native/\S+)$", (root / "Makefile").read_text())
    assert rules == [("actions/hello", "native/hello/main.c"), ("sensors/ticker", "native/ticker/main.c")]
    assert all((root / source).is_file() for _, source in rules)


class Api(HTTPServer):
    """Takes events; refuses the first one, as an API that is just starting would."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.events: list[Any] = []
        self.has_two = threading.Event()


class Handler(BaseHTTPRequestHandler):
    server: Api

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.events.append((self.path, self.headers["Authorization"], body))
        self.send_response(503 if len(self.server.events) == 1 else 201)
        self.end_headers()
        if len(self.server.events) == 2:
            self.server.has_two.set()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def api() -> Iterator[Api]:
    with Api() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("runner", RUNNERS)
def test_its_sensor_creates_events(begin: Begin, runner: str, api: Api) -> None:
    root = begin(runner, sensor=True)
    process = subprocess.Popen(
        _command(runner, root),
        cwd=root,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
        env={
            **os.environ,
            "ATTUNE_API_URL": f"http://127.0.0.1:{api.server_port}/",
            "ATTUNE_API_TOKEN": "secret token",
            "ATTUNE_SENSOR_CONFIG_INTERVAL": "1",
        },
    )
    assert api.has_two.wait(30)
    os.killpg(process.pid, signal.SIGTERM)
    _, said = process.communicate(timeout=10)
    # What it had started itself comes to us, where an engine has run in this process.
    with contextlib.suppress(ChildProcessError):
        while True:
            os.waitpid(-process.pid, 0)
    assert [body["payload"] for _, _, body in api.events[:2]] == [{"count": 1}, {"count": 2}]
    path, authorization, body = api.events[0]
    assert (path, authorization, body["trigger_ref"]) == ("/api/v1/events", "Bearer secret token", "demo.tick")
    assert "503" in said


def _command(runner: str, root: Path) -> list[str]:
    entry = RUNNERS[runner].sensor_entry
    starters = {"native": [], "python": [sys.executable], "shell": ["bash"], "node": ["node"]}
    return [*starters[runner], str(root / "sensors" / entry)]
