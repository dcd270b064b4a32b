"""What every bench works with: its C programs, and how long it may take."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from tests.compilers import Compiler

SOURCES = Path(__file__).parent / "sources"


@dataclass(frozen=True, slots=True)
class Workshop:
    """`folder` is the bench's own and is removed afterwards. `quick`: fewer rounds, smaller streams."""

    folder: Path
    quick: bool

    def compiled(self, name: str) -> str:
        """The path of a program of `sources`, compiled now."""
        return str(Compiler(self.folder / "compiled", self.folder / "zig")(SOURCES / f"{name}.c", name))

    def rounds(self, full: int, quick: int) -> int:
        return quick if self.quick else full

    def say(self, what: str) -> None:
        """Progress, on standard error: the table alone is on standard output."""
        print(f"… {what}", file=sys.stderr, flush=True)
