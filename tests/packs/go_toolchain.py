"""The Go toolchain for the tests: the one that comes with the test extra as a wheel."""

from __future__ import annotations

import importlib.util
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock

from tests.packs.core import PACK

SOURCES = PACK / "native" / "timer-sensor"

#: What `attune build` says to Go, but for the version. One set of flags for all: what is compiled is kept by them.
FLAGS = "-trimpath -buildvcs=false"


@dataclass(frozen=True, slots=True)
class Go:
    """Runs Go in the timer sensor's folder. `cache` keeps what is compiled, between sessions too."""

    root: Path
    cache: Path

    def __call__(self, *arguments: str | Path, env: dict[str, str] | None = None) -> str:
        """What the command prints; an AssertionError with it when it fails. Nothing is fetched from anywhere."""
        finished = subprocess.run(
            [self.root / "bin" / arguments[0], *arguments[1:]],
            cwd=SOURCES,
            env={**os.environ, **self._settings(), **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert finished.returncode == 0, finished.stdout
        return finished.stdout

    def _settings(self) -> dict[str, str]:
        return {
            "GOROOT": str(self.root),
            "GOCACHE": str(self.cache),
            "GOFLAGS": FLAGS,
            "CGO_ENABLED": "0",
            "GOTOOLCHAIN": "local",
            "GOPROXY": "off",
            "GOENV": "off",
            "GOTELEMETRY": "off",
        }


def wheel() -> Path:
    """Where the wheel has put Go."""
    spec = importlib.util.find_spec("go")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


def go_toolchain(config: pytest.Config) -> Go:
    """The wheel's, with a cache that stays."""
    assert config.cache is not None
    return Go(wheel(), Path(config.cache.mkdir("go")))


def timer_sensor(config: pytest.Config, factory: pytest.TempPathFactory) -> Path:
    """The timer sensor of version 1.2.3, built once in a session whichever worker asks."""
    base = factory.getbasetemp()
    folder = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    binary = folder / "attune-core-timer-sensor"
    with FileLock(binary.with_suffix(".lock")):
        if not binary.exists():
            build(go_toolchain(config), binary)
    return binary


def build(go: Go, binary: Path) -> None:
    """Nobody sees half a program."""
    partial = binary.with_suffix(".partial")
    go("go", "build", "-ldflags", "-X main.version=1.2.3", "-o", partial, ".")
    partial.replace(binary)
