"""Findings in files that are really there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from attune_cli.diagnostics import Diagnostic, Position, Severity
from attune_cli.report.findings.verdict import Counts, Verdict


@dataclass(frozen=True)
class Desk:
    """The current folder, and what is found in its files."""

    folder: Path

    def write(self, path: str, text: str | bytes) -> str:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.chdir(tmp_path)
    return Desk(tmp_path)


def finding(path: str, start: tuple[int, int], message: str = "it is wrong", **more: Any) -> Diagnostic:
    """An error of ATN041, unless told otherwise."""
    end = more.pop("end", None)
    return Diagnostic(
        path, Position(*start), more.pop("code", "ATN041"), message, end=Position(*end) if end else None, **more
    )


def verdict(*findings: Diagnostic, **more: Any) -> Verdict:
    """Of findings that are all listed, sorted."""
    return Verdict(findings=tuple(sorted(findings)), counts=Counts.of(findings), **{"files": 3, **more})


WARNING, INFO = Severity.WARNING, Severity.INFO
