"""A pack on disk whose actions are written by each test."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from attune_cli.execution.action import ActionRequest, Execution, Live, plan, run_action
from attune_cli.execution.plan import Plan
from attune_cli.execution.sources import Sources

SOURCES = ("files", "documents", "pairs", "secrets", "secret_files", "asked", "environ")


@dataclass(frozen=True)
class Packs:
    """A folder of packs with one in it, `demo`."""

    folder: Path

    @property
    def demo(self) -> Path:
        return self.folder / "demo"

    def action(self, name: str, script: str, declared: str = "", *, suffix: str = ".sh", mode: int = 0o755) -> str:
        """Write an action and its entry point; gives its ref."""
        entry = self.demo / "actions" / f"{name}{suffix}"
        entry.write_text(textwrap.dedent(script))
        entry.chmod(mode)
        text = f"ref: demo.{name}\nentry_point: {entry.name}\n{textwrap.dedent(declared)}"
        (entry.parent / f"{name}.yaml").write_text(text)
        return f"demo.{name}"

    def run(self, subject: str, live: Live | None = None, /, **asked: Any) -> Execution:
        return run_action(self.request(subject, asked), live)

    def plan(self, subject: str, /, **asked: Any) -> Plan:
        return plan(self.request(subject, asked))

    def request(self, subject: str, asked: dict[str, Any]) -> ActionRequest:
        sources = Sources(**{name: asked.pop(name) for name in SOURCES if name in asked})
        return ActionRequest(subject=subject, packs_dirs=(self.folder,), sources=sources, **asked)


@pytest.fixture
def packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Packs:
    """The pack, and the test's own places for what a run keeps on disk."""
    folder = tmp_path / "packs"
    (folder / "demo" / "actions").mkdir(parents=True)
    (folder / "demo" / "pack.yaml").write_text("ref: demo\nlabel: Demo\nversion: 1.0.0\n")
    for variable, name in (("ATTUNE_RUNTIME_DIR", "run"), ("TMPDIR", "tmp")):
        (tmp_path / name).mkdir()
        monkeypatch.setenv(variable, str(tmp_path / name))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return Packs(folder)


def codes(execution: Execution) -> Sequence[str]:
    """The codes of its warnings."""
    return [warning.code for warning in execution.warnings]
