"""What is advertised is what is really there."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from attune_cli.runtime.capabilities import capabilities, detect, versions_here


def test_the_runtimes_of_this_machine(node: Path) -> None:
    found = {runtime.name: runtime for runtime in detect()}
    assert list(found) == ["native", "python", "shell", "node"]
    assert all(runtime.available and runtime.error is None for runtime in found.values())
    assert found["native"].path is None
    assert found["node"].path == node / "node"
    for name in ("python", "shell", "node"):
        assert re.fullmatch(r"\d+\.\d+\.\d+\w*", str(found[name].version)), name


@pytest.mark.usefixtures("node")
def test_capabilities_are_a_workers() -> None:
    assert capabilities() == {
        "runtimes": ["native", "python", "shell", "node"],
        "max_concurrent_executions": len(os.sched_getaffinity(0)),
    }


def test_what_is_not_there_is_not_advertised(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert capabilities()["runtimes"] == ["native", "python", "shell"]
    assert detect()[3].error == "there is no Node.js on PATH"


def test_what_does_not_work_is_not_advertised(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "python3").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "python3").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    python = detect()[1]
    assert not python.available
    assert python.error == f"{tmp_path}/python3 does not tell its version"


def test_versions_are_those_that_actions_would_get(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, version in (("python3", "3.40.1"), ("python3.42", "3.42.7"), ("node", "v20.1.0")):
        (tmp_path / name).write_text(f"#!/bin/sh\necho {version}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    wanted = [("python", "3.42"), ("python", "3.40"), ("python", "3.41"), ("node", "20"), ("python", "latest")]
    found = versions_here([*wanted, ("native", "1"), ("shell", "5")])
    assert {key: (info.available, info.version or info.error) for key, info in found.items()} == {
        ("python", "3.42"): (True, "3.42.7"),
        ("python", "3.40"): (True, "3.40.1"),
        ("python", "3.41"): (False, "not installed"),
        ("node", "20"): (True, "20.1.0"),
    }
