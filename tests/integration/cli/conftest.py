"""The real command: in pipes, on terminals, in the background."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import jsonschema
import pexpect
import pytest

from tests.installed import ROOT, install_attune
from tests.integration.process.life import Letterbox

#: Longer than anything here takes, in seconds.
PATIENCE = 20

Done = subprocess.CompletedProcess[bytes]


class Attune:
    """Calls of the command in one folder."""

    def __init__(self, folder: Path, stack: contextlib.ExitStack) -> None:
        self.folder = folder
        self.command = str(install_attune(Path(folder, "bin")))
        self._stack = stack

    def __call__(self, *args: str | Path, input: bytes = b"", env: Mapping[str, str] | None = None) -> Done:
        """Run to the end, in pipes."""
        return subprocess.run(
            [self.command, *map(str, args)],
            input=input,
            env={**os.environ, **(env or {})},
            cwd=self.folder,
            capture_output=True,
            check=False,
            timeout=PATIENCE,
        )

    def shell(self, line: str, env: Mapping[str, str] | None = None) -> Done:
        """Run a line of bash in which `attune` is the command, `/dev/null` being its standard input."""
        return subprocess.run(
            ["bash", "-c", f'set -o pipefail; attune() {{ "{self.command}" "$@"; }}; {line}'],
            stdin=subprocess.DEVNULL,
            env={**os.environ, **(env or {})},
            cwd=self.folder,
            capture_output=True,
            check=False,
            timeout=PATIENCE,
        )

    def start(self, *args: str | Path, launcher: tuple[str, ...] = (), **options: Any) -> subprocess.Popen[bytes]:
        """Start in a session of its own, in pipes; what is left of it at the end of the test is killed."""
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        command = [*launcher, self.command, *map(str, args)]
        started = subprocess.Popen(command, cwd=self.folder, start_new_session=True, **(pipes | options))
        process = cast("subprocess.Popen[bytes]", self._stack.enter_context(started))
        self._stack.callback(process.kill)
        return process

    def on_terminal(
        self, *args: str | Path, columns: int = 80, env: Mapping[str, str] | None = None
    ) -> pexpect.spawn[str]:
        """Start on a terminal."""
        child = pexpect.spawn(
            self.command,
            [str(arg) for arg in args],
            cwd=str(self.folder),
            env={**os.environ, "TERM": "xterm-256color", **(env or {})},
            dimensions=(50, columns),
            encoding="utf-8",
            codec_errors="replace",
            timeout=PATIENCE,
        )
        # What is waited after each step of ending it, in seconds.
        for waiting in (child, inside(child)):
            waiting.delayafterclose = waiting.delayafterterminate = 0.01
        self._stack.callback(child.close, force=True)
        return child


def inside(child: pexpect.spawn[str]) -> Any:
    """What pexpect itself stands on; its types do not tell of it."""
    return cast("Any", child).ptyproc


@pytest.fixture
def attune(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Attune]:
    """The command, in a folder of its own, and with a place of its own for temporary files."""
    for name in ("bin", "tmp"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    with contextlib.ExitStack() as stack:
        yield Attune(tmp_path, stack)


@pytest.fixture
def script(tmp_path: Path) -> Callable[..., Path]:
    """Makes a program of shell lines: `script("echo hi")`; gives its path."""
    count = itertools.count()

    def make(text: str, name: str | None = None) -> Path:
        path = tmp_path / (name or f"program{next(count)}")
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)
        return path

    return make


@pytest.fixture
def pack(tmp_path: Path) -> Callable[..., Path]:
    """Makes an action of the pack `demo` in ./packs: `pack("login", yaml, shell)`; gives the pack's folder."""
    root = tmp_path / "packs" / "demo"
    (root / "actions").mkdir(parents=True)
    (root / "pack.yaml").write_text("ref: demo\nlabel: Demo\nversion: 1.0.0\n")

    def make(name: str, text: str, program: str) -> Path:
        head = f"ref: demo.{name}\nlabel: {name}\nrunner_type: shell\nentry_point: {name}.sh\n"
        (root / "actions" / f"{name}.yaml").write_text(head + text)
        (root / "actions" / f"{name}.sh").write_text(f"{program}\n")
        return root

    return make


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Letterbox]:
    """A FIFO that programs write lines to, and read them from."""
    made = Letterbox(tmp_path / "box")
    yield made
    made.close()


@pytest.fixture
def answers(tmp_path: Path) -> Iterator[Letterbox]:
    """Another one, for programs that wait for a word before they go on."""
    made = Letterbox(tmp_path / "answers")
    yield made
    made.close()


def execution(text: bytes | str) -> dict[str, Any]:
    """The one document of `--output json`, held against its schema."""
    document: dict[str, Any] = json.loads(text)
    schema = json.loads((ROOT / "attune_cli/report/schemas/execution-1.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(document)
    return document
