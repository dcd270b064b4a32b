"""A pack in the current folder whose files each test writes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from attune_cli.pack.fix import Fixes, plan_fixes
from attune_cli.pack.validate import Options, Result, validate

PACK = b"ref: demo\nlabel: Demo\nversion: 1.0.0\n"


@dataclass(frozen=True)
class Pack:
    """`demo`, in the folder of that name."""

    root: Path

    def write(self, path: str, content: str | bytes, mode: int = 0o644) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        file.chmod(mode)
        return file

    def action(self, text: str, name: str = "greet") -> Path:
        """An action in shell, whose entry point is there."""
        if not (self.root / "actions/greet.sh").exists():
            self.write("actions/greet.sh", "echo hello\n")
        return self.write(f"actions/{name}.yaml", f"ref: demo.greet\nentry_point: greet.sh\n{text}")

    def validated(self) -> Result:
        return validate(["demo"], Options(use_cache=False))

    def fixes(self) -> Fixes:
        return plan_fixes(self.validated().diagnostics)

    def codes(self) -> list[str]:
        return [finding.code for finding in self.validated().diagnostics]


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pack:
    monkeypatch.chdir(tmp_path)
    made = Pack(tmp_path / "demo")
    made.write("pack.yaml", PACK)
    return made
