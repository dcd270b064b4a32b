"""`attune run sensor` on a pack of sensors that behave, and that do not: tests/programs/rude."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.installed import ROOT
from tests.integration.cli.conftest import Attune
from tests.integration.process.life import Letterbox, Watched, exists
from tests.packs.go_toolchain import timer_sensor
from tests.packs.timer_process import Sensor, StartSensor

SCHEMA = json.loads((ROOT / "attune_cli/report/schemas/sensor-run-1.json").read_text())

#: Makes a run end however slow the machine is, in seconds.
LONG = "60"

Run = Callable[..., dict[str, Any]]


def sensor_run(text: bytes | str) -> dict[str, Any]:
    """The one document of `--output json`, held against its schema."""
    document: dict[str, Any] = json.loads(text)
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    return document


@pytest.fixture
def rude(tmp_path: Path) -> Path:
    """The pack, where it may be changed."""
    return Path(shutil.copytree(ROOT / "tests/programs/rude", tmp_path / "packs/rude"))


@pytest.fixture
def attune(tmp_path: Path, rude: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Attune]:
    """The command, in a folder of its own with the pack in ./packs."""
    assert rude.is_dir()
    for name in ("bin", "tmp"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    with contextlib.ExitStack() as stack:
        yield Attune(tmp_path, stack)


@pytest.fixture(scope="session")
def binary(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The core pack's timer sensor."""
    return timer_sensor(pytestconfig, tmp_path_factory)


@pytest.fixture
def start(binary: Path) -> Iterator[StartSensor]:
    """Starts timer sensors, which end with the test."""
    with contextlib.ExitStack() as stack:
        yield lambda *given, **more: stack.enter_context(Sensor(binary, *given, **more))


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Letterbox]:
    """A FIFO that sensors write to. Fails a test that leaves one of the processes running that know of it."""
    made = Letterbox(tmp_path / "box")
    yield made
    made.close()
    left = knowing(f"BOX={made.path}")
    try:
        Watched(left).end(patience=5)
    except TimeoutError:
        names = [Path(f"/proc/{pid}/comm").read_text().strip() for pid in left if exists(pid)]
        for pid in filter(exists, left):
            os.kill(pid, signal.SIGKILL)
        pytest.fail(f"processes left behind: {names}")


def knowing(variable: str) -> list[int]:
    """The processes that were started with `NAME=value` in their environment."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if variable.encode() in path.read_bytes().split(b"\0"):
                found.append(int(path.parent.name))
    return found


@pytest.fixture
def run(attune: Attune, box: Letterbox) -> Run:
    """Runs a sensor to its end and gives the document: `run("ticker", "--events", "3")`, with its `exit` in it."""

    def call(name: str, *args: str | Path) -> dict[str, Any]:
        process = attune.start(*command(name, box), "-j", *args)
        return {**sensor_run(process.communicate(timeout=2 * int(LONG))[0]), "exit": process.returncode}

    return call


def command(name: str, box: Letterbox) -> tuple[str, ...]:
    return "run", "sensor", f"rude.{name}", "--env", f"BOX={box.path}"


def lines(done: subprocess.CompletedProcess[bytes]) -> list[str]:
    """What was written to standard output."""
    return done.stdout.decode().splitlines()
